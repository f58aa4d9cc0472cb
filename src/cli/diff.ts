/** `castellan diff BEFORE AFTER`: what a pull request opens, closes and takes away. */
import { State, differenceOf, refIn } from '../changes/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { standardError } from '../lib/standard-error.ts';
import { plural } from '../lib/terminal.ts';
import { type DiffDocument, type FindingText, diffDocument, diffMarkdown, diffTable } from '../report/diff/index.ts';
import { fullSubject } from '../report/index.ts';
import { type Gap, LOSSES, type Snapshot, mixed } from '../snapshot/index.ts';
import { GATES, type Gate } from './diff-gates.ts';
import { proofDocument } from './fixes.ts';
import { type ProofFlags, readEvidence } from './fixes-input.ts';
import { type Judging, type JudgingFlags, eachFinding, judgingOf } from './judging.ts';
import { screenOf } from './outputs.ts';

export interface DiffFlags extends JudgingFlags, ProofFlags {
  on?: string;
  failOn?: string[];
  strict?: boolean;
  color?: boolean;
}

const FORMATS = ['table', 'json', 'markdown'] as const;

export async function runDiff(before: string, after: string, flags: DiffFlags): Promise<number> {
  const format = FORMATS.find((one) => one === (flags.format ?? 'table'));
  if (format === undefined)
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `diff has no format "${flags.format}"`, {
      remedy: `The formats are: ${FORMATS.join(', ')}.`,
    });
  const gates = gatesOf(flags);
  if (before === '-' && after === '-') throw new CastellanError('CAS_USAGE', 'standard input cannot be both states');
  // What was recorded is replayed; it says the same of both states.
  const { record: _record, audit: _audit, ...judged } = flags;
  const judging = await judgingOf(judged);
  // Its --on is a snapshot.
  const { on: _on, ...told } = flags;
  const evidence = await readEvidence(told);
  const [old, now] = await statesOf({ before, after }, { judging, on: flags.on });
  const states = { before: new State(old, { assumeSystem: true }), after: new State(now, { assumeSystem: true }) };
  const difference = differenceOf(states, evidence);
  const gaps = [...old.gaps, ...now.gaps].filter(({ code }) => LOSSES.has(code));
  const document = diffDocument({ ...states, difference, findings: findingsBetween([old, now], judging), unread: gaps.length });
  const { denies, unknownBecause, replayed } = difference.proof;
  const use = { denies, unknownBecause, replayed, recorded: evidence.record !== undefined };
  if (format === 'json') stdout.write(`${JSON.stringify({ ...document, proof: proofDocument(difference.proof), gaps })}\n`);
  else if (format === 'markdown') stdout.write(diffMarkdown(document, use, gaps));
  else stdout.write(diffTable(document, use, { ...screenOf(flags), unread: gaps.length }));
  stdout.end();
  return exitOf({ gates, document, denies: denies.length, gaps }, flags);
}

/**
 * Both states; with `on` each as the cluster of a snapshot would be with it applied, and what only the first has taken
 * away again: objects with what they made.
 */
async function statesOf(
  { before, after }: { before: string; after: string },
  { judging, on }: { judging: Judging; on: string | undefined },
): Promise<[Snapshot, Snapshot]> {
  const [old, now] = [await judging.read([before]), await judging.read([after])];
  if (on === undefined) return [old, now];
  const cluster = await judging.read([on]);
  if (cluster.header.kind !== 'snapshot' || old.header.kind === 'snapshot' || now.header.kind === 'snapshot')
    throw new CastellanError('CAS_USAGE', '--on takes a snapshot to which two sets of manifests are applied', {
      remedy: 'castellan snapshot -o FILE writes one.',
    });
  const kept = new Set([...now.objects].map(({ object }) => refIn(object)));
  const gone = new Set([...old.objects].filter(({ object }) => !kept.has(refIn(object))));
  const applied = mixed(cluster, { ...now, objects: [...gone, ...now.objects] });
  return [mixed(cluster, old), { ...applied, objects: [...applied.objects].filter((source) => !gone.has(source)) }];
}

function gatesOf({ failOn = [], record, audit, flows }: DiffFlags): Gate[] {
  const gates = failOn
    .flatMap((text) => text.split(','))
    .map((text) => {
      const gate = GATES.find((one) => one === text.trim());
      if (gate === undefined)
        throw new CastellanError('CAS_USAGE', `--fail-on takes no "${text}"`, { remedy: `The gates are: ${GATES.join(', ')}.` });
      return gate;
    });
  // Without a record it would pass whatever is lost.
  if (gates.includes('lost-use') && record === undefined && audit === undefined && flows === undefined)
    throw new CastellanError('CAS_USAGE', '--fail-on lost-use needs recorded use', {
      remedy: 'Give it with --record, --audit or --flows.',
    });
  return gates;
}

interface Judged {
  readonly gates: readonly Gate[];
  readonly document: DiffDocument;
  readonly denies: number;
  readonly gaps: readonly Gap[];
}

/** 1 beats 4: a gate that failed did so on what was seen. */
function exitOf({ gates, document, denies, gaps }: Judged, { strict, quiet }: DiffFlags): number {
  const { newPaths, levels, reachability, findings } = document;
  const atLeast = (...severities: readonly string[]): boolean => findings.new.some(({ severity }) => severities.includes(severity));
  const failed: Readonly<Record<Gate, boolean>> = {
    'new-path': newPaths.length > 0,
    'new-exposed-path': newPaths.some(({ foothold }) => foothold === 'exposed'),
    'new-critical': atLeast('critical'),
    'new-high': atLeast('critical', 'high'),
    'lost-use': denies > 0,
    'lower-level': levels.some(({ lowered, refusedBy }) => lowered === true || refusedBy !== undefined),
    'new-connection': reachability.added.length > 0,
    'lost-connection': reachability.removed.length > 0,
  };
  const names = gates.filter((gate) => failed[gate]);
  if (names.length > 0 && quiet !== true) standardError.write(`castellan: the gate failed: ${names.join(', ')}\n`);
  if (gaps.length > 0 && quiet !== true) {
    const unread = `${plural(gaps.length, 'part')} of the input ${gaps.length === 1 ? 'was' : 'were'} not read`;
    standardError.write(`castellan: ${unread}${strict === true ? '' : '; --strict makes this exit 4'}\n`);
  }
  if (names.length > 0) return 1;
  return strict === true && gaps.length > 0 ? 4 : 0;
}

/** What fails in one state only. Findings of one name count: two where one was are one more. */
function findingsBetween([old, now]: readonly [Snapshot, Snapshot], judging: Judging): DiffDocument['findings'] {
  const [was, is] = [failing(old, judging), failing(now, judging)];
  return { new: without(is, was), gone: without(was, is) };
}

function failing(snapshot: Snapshot, { settings }: Judging): FindingText[] {
  const found: FindingText[] = [];
  eachFinding(snapshot, { settings, all: false }, ({ status, rule, severity, subject, message, fingerprint }) => {
    if (status === 'fail') found.push({ rule: rule.id, severity, subject: fullSubject(subject), message, fingerprint });
  });
  return found;
}

function without(some: readonly FindingText[], others: readonly FindingText[]): FindingText[] {
  const counts = new Map<string, number>();
  for (const { fingerprint } of others) counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + 1);
  return some.filter(({ fingerprint }) => {
    const left = counts.get(fingerprint) ?? 0;
    counts.set(fingerprint, left - 1);
    return left <= 0;
  });
}
