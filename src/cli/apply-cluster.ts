/** Fixes on a cluster: tried by the server, asked for, made, and looked at again. */
import { setTimeout as pause } from 'node:timers/promises';
import { rolledBy } from '../changes/index.ts';
import { existsSync } from 'node:fs';
import type { Client, Connection } from '../collect/cluster/index.ts';
import {
  type AskAny,
  type Journal,
  applied,
  checkPlaces,
  leftOver,
  parseJournal,
  planned,
  tried,
  undoable,
  undone,
} from '../enforce/apply/index.ts';
import { durationOf } from '../lib/duration.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { standardError } from '../lib/standard-error.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { kubectlText } from '../report/patch/index.ts';
import type { ApplyFlags } from './apply.ts';
import type { Chosen } from './chosen-fixes.ts';
import { confirm } from './confirm.ts';
import { readState } from './fixes-input.ts';
import { readText } from './read-text.ts';
import { interruptible } from './interruption.ts';
import { keeper, newJournalFile, taken } from './journal-file.ts';
import { connected } from './live.ts';
import { proofLines } from './proof-lines.ts';
import { DenialWatch, type Watched } from './watch-denials.ts';
import { unwatched } from './watchable.ts';

const WHAT = 'apply writes to the cluster';

export async function applyToCluster(chosen: Chosen, flags: ApplyFlags): Promise<number> {
  const milliseconds = flags.watch === undefined ? undefined : durationOf(flags.watch, '--watch');
  if (flags.journal !== undefined && existsSync(flags.journal)) throw taken(flags.journal);
  const connection = await connected(flags);
  const { fixes, change, state } = chosen;
  const restored = fixes.find(({ owner }) => owner.restored);
  if (restored !== undefined) throw new CastellanError('CAS_CHANGE', `${restored.title} would not last: change it ${restored.owner.where}`);
  const unseen = flags.watch === undefined ? [] : unwatched(change);
  if (unseen.length > 0) tell([`--watch sees who loses rights, and nothing of what may break with the change of ${unseen.join(', ')}`]);
  return guarded(async (signal) => {
    const { Client, servedKinds } = await import('../collect/cluster/index.ts');
    const client = new Client(connection, { signal });
    const ask = askOf(client);
    const steps = await planned(ask, { change, objects: state.objects.map(({ object }) => object), kinds: await servedKinds(client) });
    await tried(ask, steps);
    const journal: Journal = {
      schema: 'castellan/applied/v1',
      server: connection.server,
      context: connection.context,
      at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      fixes: fixes.map(({ id, title }) => ({ id, title })),
      steps,
    };
    if (flags.quiet !== true || flags.yes !== true) tell(planLines(connection, chosen, journal));
    if (flags.dryRun === true) return 0;
    await confirm({ yes: flags.yes, what: WHAT, signal });
    const watch = flags.watch === undefined ? undefined : new DenialWatch(flags.audit ?? []);
    await watch?.begin();
    const file = newJournalFile(flags.journal, journal.at);
    // Never asked twice: an answer that was lost leaves a step of which nobody knows, and says so.
    await applied(askOf(new Client(connection, { attempts: 1 })), journal, keeper(file));
    stdout.write(`${steps.map(({ action, target }) => `${DONE[action.operation]} ${printable(target)}`).join('\n')}\n`);
    stdout.write(`kept in ${printable(file)}; castellan apply --undo ${printable(file)} takes it back\n`);
    const now = await rolledOutState(chosen, flags, signal);
    stdout.write(`${seenText(chosen, now.paths)}\n`);
    stdout.finish();
    if (watch === undefined || milliseconds === undefined) return 0;
    const watched = await watch.follow(chosen, { milliseconds, signal, tell: (line) => tell([line]) });
    stdout.write(`${watchedText(watched, { file, time: flags.watch ?? '' })}\n`);
    stdout.end();
    return watched.isDenied ? 1 : 0;
  });
}

export async function undoOnCluster(file: string, flags: ApplyFlags): Promise<number> {
  const journal = parseJournal(readText(file), file);
  const connection = await connected(flags);
  if (connection.server !== journal.server)
    throw new CastellanError(
      'CAS_USAGE',
      `${file} tells of ${journal.server}, and the context "${connection.context}" is ${connection.server}`,
      {
        remedy: 'Name the context of that cluster with --context.',
      },
    );
  const steps = undoable(journal);
  if (!journal.steps.some(({ state }) => state === 'done' || state === 'asked'))
    throw new CastellanError('CAS_USAGE', `${file} holds nothing that could be taken back`);
  return guarded(async (signal) => {
    const { Client, servedKinds } = await import('../collect/cluster/index.ts');
    const client = new Client(connection, { signal });
    checkPlaces(journal, await servedKinds(client));
    const left = await leftOver(askOf(client), journal);
    if (steps.length === 0 && left.length === 0)
      throw new CastellanError('CAS_USAGE', `${file} holds nothing that could be taken back: its last step changed nothing`);
    tell([
      `takes back on the cluster of the context "${connection.context}" (${connection.server}):`,
      ...steps.flatMap((step) =>
        step.back === undefined
          ? []
          : kubectlText(step, step.back)
              .split('\n')
              .map((line) => `  ${line}`),
      ),
      ...left.map(({ step, why }) => `not taken back: ${step.target} (${step.action.operation}): ${why}`),
    ]);
    if (flags.dryRun === true) return 0;
    if (steps.length > 0) {
      await confirm({ yes: flags.yes, what: WHAT, signal });
      await undone(askOf(new Client(connection, { attempts: 1 })), journal, keeper(file));
    }
    stdout.write(`${plural(steps.length, 'step')} taken back${left.length === 0 ? '' : `, ${left.length} not`}\n`);
    stdout.end();
    return left.length === 0 ? 0 : 1;
  });
}

const DONE = { patch: 'patched', create: 'created', delete: 'deleted' } as const;

function planLines(connection: Connection, chosen: Chosen, { steps }: Journal): string[] {
  const lines = [
    `changes the cluster of the context "${connection.context}" (${connection.server}):`,
    ...proofLines(chosen).map((line) => `  ${line}`),
  ];
  for (const { owner } of chosen.fixes) if (owner.where !== '') lines.push(`  to stay, it has to be changed ${owner.where} too`);
  lines.push('the server would take this:');
  for (const step of steps)
    lines.push(
      ...kubectlText(step, step.action)
        .split('\n')
        .map((line) => `  ${line}`),
    );
  lines.push('and to take it back:');
  for (const step of steps.toReversed()) {
    const back = step.back === undefined ? `no way back for ${step.target}: keep it first` : kubectlText(step, step.back);
    lines.push(...back.split('\n').map((line) => `  ${line}`));
  }
  return lines;
}

function watchedText({ isDenied, requests }: Watched, { file, time }: { file: string; time: string }): string {
  if (isDenied) return `the change refused what was allowed before; castellan apply --undo ${printable(file)} takes it back`;
  if (requests === 0) return `no request came into the log in ${printable(time)}: whether the change refuses any is not known`;
  return `nothing of ${plural(requests, 'request')} in the log was refused because of it in ${printable(time)}`;
}

/** What the cluster is now; where pods are made anew, once they are or after some time. */
async function rolledOutState({ change, after }: Chosen, flags: ApplyFlags, signal: AbortSignal): Promise<Chosen['state']> {
  const until = Date.now() + (rolledBy([change]).size > 0 ? ROLLOUT : 0);
  for (;;) {
    const now = await readState([], { ...flags, quiet: true });
    if (Date.now() >= until || countOf(after.paths) === countOf(now.paths)) return now;
    await pause(PAUSE, undefined, { signal });
  }
}

/** Milliseconds that pods are waited for, and between two looks. */
const ROLLOUT = 60_000;
const PAUSE = 2000;

function countOf({ exposed, workloads }: Chosen['state']['paths']): string {
  return `${exposed.length} · ${workloads.length}`;
}

/** What the cluster says now, next to what was foretold. */
function seenText({ state, after }: Chosen, now: Chosen['state']['paths']): string {
  const [was, foretold, is] = [state.paths, after.paths, now].map(countOf);
  return `ways to cluster control: ${was} before, ${is} now${foretold === is ? ', as foretold' : `; ${foretold} were foretold`}`;
}

function askOf(client: Client): AskAny {
  return (method, path, body) => client.ask(method, path, body);
}

function guarded(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  return interruptible({ message: 'apply was interrupted', remedy: 'What was done before stands in its file, if there is one.' }, work);
}

function tell(lines: readonly string[]): void {
  for (const line of lines) standardError.write(`castellan: ${lineStart(printable(line))}\n`);
}
