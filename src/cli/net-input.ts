/** What the commands of `castellan net` have in common: what they read, and how they write. */
import { CastellanError } from '../lib/errors.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { stdout } from '../lib/sink.ts';
import { CniReader } from '../engines/cni/index.ts';
import { type Problem, type Protocol, type World, isProtocol, readWorld } from '../engines/network/index.ts';
import { csvRecord } from '../report/network/index.ts';
import { LOSSES, type Origin, type Snapshot } from '../snapshot/index.ts';
import { nothingIn, readInput } from './judging.ts';
import type { ClusterFlags } from './live.ts';
import { noteGaps } from './net-gaps.ts';

export interface NetFlags extends ClusterFlags {
  format?: string;
}

/** What `-f` takes: table and json everywhere, csv where there are rows, drawings where there are connections. */
export type NetFormat = 'table' | 'json' | 'csv' | 'dot' | 'mermaid';

export function netFormat<F extends NetFormat>(command: string, { format = 'table' }: NetFlags, formats: readonly F[]): F {
  const known = formats.find((one) => one === format);
  if (known !== undefined) return known;
  throw new CastellanError('CAS_UNKNOWN_FORMAT', `net ${command} has no format "${format}"`, {
    remedy: `The formats are: ${formats.join(', ')}.`,
  });
}

/** `80/TCP`, `53/UDP`, and `443`, which is of TCP. */
export function portOf(text: string): { protocol: Protocol; port: number } {
  const [number = '', protocol = 'TCP', ...more] = text.split('/');
  const port = /^\d{1,5}$/.test(number) ? Number(number) : 0;
  if (port < 1 || port > 65535 || !isProtocol(protocol) || more.length > 0)
    throw new CastellanError('CAS_USAGE', `--port takes a port such as 80/TCP or 53/UDP, not "${text}"`);
  return { protocol, port };
}

export function bothEnds(command: string, { from, to }: { from?: string; to?: string }): { from: string; to: string } {
  if (from === undefined || to === undefined) throw new CastellanError('CAS_USAGE', `net ${command} needs --from and --to`);
  return { from, to };
}

/** The world that the paths hold, or the cluster. What it leaves out is told on standard error. */
export async function readNet(paths: readonly string[], flags: NetFlags): Promise<World> {
  return (await readWhole(paths, flags)).world;
}

/** The same, with whether all of the input could be read. */
export async function readWhole(paths: readonly string[], flags: NetFlags): Promise<{ world: World; complete: boolean }> {
  const { world, complete } = await readNetSources(paths, flags);
  tellRefusals(world, flags);
  return { world, complete };
}

/** What could not be read. */
function tellLosses(snapshot: Snapshot, { quiet }: NetFlags): void {
  if (quiet !== true) tell(losses(snapshot));
}

export function tellRefusals({ problems }: World, { quiet }: NetFlags): void {
  if (quiet !== true) tell(refusals(problems));
}

/** The same with where each object stands, for those who tell of what is refused themselves. */
export async function readNetSources(
  paths: readonly string[],
  flags: NetFlags,
): Promise<{ world: World; origins: readonly Origin[]; complete: boolean }> {
  const snapshot = await readNetSnapshot(paths, flags);
  const origins: Origin[] = [];
  const cni = new CniReader();
  const world = readWorld(bodiesOf(snapshot, origins, cni));
  const gaps = noteGaps(world, cni.enforcement());
  if (flags.quiet !== true) tell(gaps.map(({ message }) => `castellan: ${message}`));
  return { world, origins, complete: !snapshot.gaps.some(({ code }) => LOSSES.has(code)) };
}

export async function readNetSnapshot(paths: readonly string[], flags: NetFlags): Promise<Snapshot> {
  const snapshot = await readInput(paths, flags);
  if (snapshot.counts.judged === 0) throw nothingIn(paths, snapshot);
  tellLosses(snapshot, flags);
  return snapshot;
}

/** One by one, noting where each stands, and showing it to who looks for the network plug-in. */
export function* bodiesOf({ objects }: Snapshot, origins: Origin[], cni?: CniReader): Generator<Readonly<Record<string, unknown>>> {
  for (const { object, origin } of objects) {
    cni?.add(object, origins.length);
    origins.push(origin);
    yield object;
  }
}

function tell(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${lineStart(printable(line))}\n`);
}

/** One line for each object: the rest is what `net lint` is for. */
function refusals(problems: readonly Problem[]): string[] {
  const first = new Map<number, Problem>();
  for (const problem of problems) if (problem.refused && !first.has(problem.object)) first.set(problem.object, problem);
  return [...first.values()].map(
    ({ ref, path, message }) => `castellan: ${ref} is not in force, as the API server refuses it: ${message} (${path})`,
  );
}

function losses({ gaps }: Snapshot): string[] {
  const [first, ...more] = gaps.filter(({ code }) => LOSSES.has(code));
  if (first === undefined) return [];
  return [`castellan: ${first.scope} is not in this: ${first.reason}${more.length > 0 ? `; ${plural(more.length, 'more gap')}` : ''}`];
}

/** As a table with columns as wide as what they hold, or as CSV. */
export function writeRows(format: 'table' | 'csv', head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (format === 'table') return writeTable(head, rows);
  stdout.write(csvRecord(head.map((word) => word.toLowerCase())));
  for (const row of rows) stdout.write(csvRecord(row));
  stdout.end();
}

export function writeDocument(name: string, content: Record<string, unknown>): void {
  stdout.write(`${JSON.stringify({ schema: `castellan/${name}/v1`, ...content })}\n`);
  stdout.end();
}

export function writePieces(pieces: Iterable<string>): void {
  for (const piece of pieces) stdout.write(piece);
  stdout.end();
}

export function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  stdout.write(tableText(head, rows));
  stdout.end();
}

/** Columns as wide as what they hold. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map((cell) => printable(cell)));
  const widths = head.map((_, column) => all.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
  const lines = all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => `${lineStart(line.trimEnd())}\n`).join('');
}
