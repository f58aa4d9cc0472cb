/** What to type next: commands that do what they say, for this very list. */
import type { Fix, State } from '../changes/index.ts';
import { type Files, fileEdits } from '../changes/edits/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { displayWidth, fit, printable } from '../lib/terminal.ts';
import { quoted } from '../report/patch/index.ts';
import { type FixFlags, isOfNodes } from './chosen-fixes.ts';
import type { NamedInput } from './fixes-input.ts';

interface Typed {
  readonly named: NamedInput;
  readonly flags: FixFlags;
}

interface Listed {
  readonly state: State;
  readonly fixes: readonly Fix[];
  readonly files: Files;
}

/** As they would be typed, with the options that made the list: without them a number may mean another fix. */
export function nextCommands({ named, flags }: Typed, listed: Listed): string[] {
  const { paths, nodeFacts } = named;
  const { source = [], on } = flags;
  const input = printable([...paths.map((path) => ` ${quoted(path)}`), ...optionsOf(given(flags, nodeFacts))].join(''));
  const told = printable(optionsOf({ on, source }).join(''));
  const looks = [`castellan explain 1${input}${told}`, `castellan fixes${input}${told} --patch > fix.patch`];
  // What is done on machines castellan does not do.
  if (named.isAlone) return looks;
  // A cluster is asked itself, unless its objects are changed where they come from.
  const isLive = paths.length === 0 && source.length === 0;
  const number = listed.fixes.findIndex((fix) => canBeMade(fix, listed, isLive)) + 1;
  if (number === 0) return looks;
  return [...looks, `castellan apply ${number} ${isLive ? '--dry-run' : '--to-files'}${input}${told}`];
}

export function nextLines(commands: readonly string[], width: number): string {
  const line = fit('next', 10) + commands.join('    ');
  return displayWidth(line) <= width ? line : fit('next', 10) + commands.join(`\n${fit('', 10)}`);
}

function given(flags: FixFlags, nodeFacts: readonly string[]): Readonly<Record<string, string | readonly string[] | undefined>> {
  const { record, audit, flows, auditPolicy, servers, config, apiServer, nodes, top } = flags;
  const { kubeconfig, context, namespace, as, asGroup, requestTimeout } = flags;
  return {
    kubeconfig,
    context,
    namespace,
    as,
    'as-group': asGroup,
    'request-timeout': requestTimeout,
    record,
    audit,
    flows,
    'audit-policy': auditPolicy,
    servers,
    config,
    'node-facts': nodeFacts,
    'api-server': apiServer,
    nodes,
    top,
  };
}

function optionsOf(all: Readonly<Record<string, string | readonly string[] | undefined>>): string[] {
  return Object.entries(all).flatMap(([name, values]) => [values ?? []].flat().map((value) => ` --${name} ${quoted(value)}`));
}

/** By itself, without the fixes before it; into files only where one of them takes it. */
function canBeMade({ change }: Fix, { state, files }: Listed, isLive: boolean): boolean {
  if (isOfNodes(change)) return false;
  try {
    state.with(change);
    return isLive || fileEdits(state.objects, [change], files).unplaced.length === 0;
  } catch (error) {
    // It does not fit, or the file is another by now.
    if (error instanceof CastellanError && (error.code === 'CAS_CHANGE' || error.code === 'CAS_CHANGED')) return false;
    throw error;
  }
}
