/** What the commands of `castellan net` have in common: what they read, and how they write. */
import { CastellanError } from '../lib/errors.ts';
import { lineStart, printable } from '../lib/terminal.ts';
import { stdout } from '../lib/sink.ts';
import { CniReader } from '../engines/cni/index.ts';
import {
  type Intervals,
  type Problem,
  type Protocol,
  type Raw,
  UNKNOWN_FIELD,
  type World,
  isPluginPolicyObject,
  isProtocol,
  objectRef,
  parseCidr,
  readWorld,
  union,
  withPodRanges,
} from '../engines/network/index.ts';
import { csvRecord } from '../report/network/index.ts';
import { type Gap, type Origin, type Snapshot, positionOf } from '../snapshot/index.ts';
import { nothingIn, readInput } from './reading.ts';
import type { ClusterFlags } from './live.ts';
import { lossesOf, noteDoubts, noteGaps } from './net-gaps.ts';

export interface NetFlags extends ClusterFlags {
  format?: string;
  podAddresses?: string[];
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
  const [number = '', protocol = 'TCP', ...more] = text.toUpperCase().split('/');
  const port = /^\d{1,5}$/.test(number) ? Number(number) : 0;
  if (port < 1 || port > 65535 || !isProtocol(protocol) || more.length > 0)
    throw new CastellanError('CAS_USAGE', `--port takes a port such as 80/TCP or 53/UDP, not "${text}"`);
  return { protocol, port };
}

export function bothEnds(command: string, { from, to }: { from?: string; to?: string }): { from: string; to: string } {
  if (from === undefined || to === undefined) throw new CastellanError('CAS_USAGE', `net ${command} needs --from and --to`);
  return { from, to };
}

/**
 * What an answer does with pods whose addresses are not known: a list takes them for pods that no range holds, and a
 * proof for pods that may be in any.
 */
type Purpose = 'list' | 'proof';

/** The world that the paths hold, or the cluster. What it leaves out is told on standard error. */
export async function readNet(paths: readonly string[], flags: NetFlags, purpose: Purpose = 'list'): Promise<World> {
  return (await readNetSources(paths, flags, purpose)).world;
}

/** The same with where each object stands. */
export async function readNetSources(
  paths: readonly string[],
  flags: NetFlags,
  purpose: Purpose = 'list',
): Promise<{ world: World; origins: readonly Origin[] }> {
  const ranges = podRangesOf(flags);
  const snapshot = await readNetSnapshot(paths, flags);
  const origins: Origin[] = [];
  const cni = new CniReader();
  const others: string[] = [];
  const read = readWorld(withPluginPolicies(bodiesOf(snapshot, origins, cni), others));
  const world = ranges === undefined ? read : withPodRanges(read, ranges);
  const gaps = [...noteGaps(world, { ...cni.enforcement(), others }, lossesOf(snapshot)), ...(purpose === 'list' ? noteDoubts(world) : [])];
  if (flags.quiet !== true) tell([...gaps.map(({ message }) => `castellan: ${message}`), ...refusals(world.problems, origins)]);
  return { world, origins };
}

/** The same, noting policies of network plug-ins as `Kind/namespace/name`. */
function* withPluginPolicies(objects: Iterable<Raw>, others: string[]): Generator<Raw> {
  for (const object of objects) {
    if (isPluginPolicyObject(object)) others.push(objectRef(object));
    yield object;
  }
}

function podRangesOf({ podAddresses = [] }: NetFlags): Intervals<bigint> | undefined {
  const sets = podAddresses.map((text) => {
    const set = parseCidr(text);
    if (set === undefined) throw new CastellanError('CAS_USAGE', `--pod-addresses takes a range such as 10.244.0.0/16, not "${text}"`);
    return set;
  });
  return sets.length === 0 ? undefined : sets.reduce((all, one) => union(all, one));
}

export async function readNetSnapshot(paths: readonly string[], flags: NetFlags): Promise<Snapshot> {
  const snapshot = await readInput(paths, flags);
  if (snapshot.counts.judged === 0) throw nothingIn(paths, snapshot);
  if (flags.quiet !== true) tell([...losses(lossesOf(snapshot)), ...twice(snapshot.gaps)]);
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
function refusals(problems: readonly Problem[], origins: readonly Origin[]): string[] {
  const first = new Map<number, Problem>();
  // Where it matters, doubts tell it; most policies of one priority are for different pods.
  const told = problems.filter(({ category }) => category !== 'duplicate-priority');
  const keep = (is: (problem: Problem) => boolean): void => {
    for (const problem of told) if (is(problem) && !first.has(problem.object)) first.set(problem.object, problem);
  };
  keep(({ refused, category }) => refused || category === 'field-type-wrong');
  // What is not in force has no fields to speak of.
  keep(({ category }) => category === UNKNOWN_FIELD);
  keep(() => true);
  return [...first.values()].map(({ object, ref, path, message, refused, category, other }) => {
    const where = `castellan: ${placeOf(origins[object], path)}${ref}`;
    if (refused) return `${where} is not in force, as the API server refuses it: ${message} (${path})`;
    if (category === UNKNOWN_FIELD) return `${where} says less than it seems to: ${message} (${path})`;
    return `${where}: ${message}${otherPlace(other === undefined ? undefined : origins[other])}${category === 'field-type-wrong' ? '' : ` (${path})`}`;
  });
}

/** Where the other one stands, as ` (the other: FILE:LINE)`. */
export function otherPlace(origin: Origin | undefined): string {
  return origin?.text === undefined ? '' : ` (the other: ${placeOf(origin, 'metadata.name').slice(0, -2)})`;
}

/** `FILE:LINE: `; nothing of what has no line, such as objects of a cluster. */
function placeOf(origin: Origin | undefined, path: string): string {
  if (origin?.text === undefined) return '';
  return `${origin.source}:${positionOf(origin, path)?.line ?? origin.line}: `;
}

/** Of what could not be read: the rest is in the JSON. */
const MOST_NAMED = 10;

function losses(gaps: readonly Gap[]): string[] {
  return someOf(gaps, ({ scope, reason }) => `${scope} is not in this: ${reason}`);
}

/** Nothing is lost, but two lists of rules under one name are hardly meant. */
function twice(gaps: readonly Gap[]): string[] {
  return someOf(
    gaps.filter(({ code }) => code === 'duplicate-key'),
    ({ scope, reason, effect }) => `${scope}: ${reason}; ${effect}`,
  );
}

function someOf(gaps: readonly Gap[], text: (gap: Gap) => string): string[] {
  const named = gaps.slice(0, MOST_NAMED).map((gap) => `castellan: ${text(gap)}`);
  const rest = gaps.length - named.length;
  return rest > 0 ? [...named, `castellan: and ${rest} more`] : named;
}

/** As a table with columns as wide as what they hold, or as CSV. */
export function writeRows(format: 'table' | 'csv', head: readonly string[], rows: readonly (readonly string[])[]): void {
  writePieces(rowPieces(format, head, rows));
}

export function* rowPieces(format: 'table' | 'csv', head: readonly string[], rows: readonly (readonly string[])[]): Generator<string> {
  if (format === 'table') {
    yield tableText(head, rows);
    return;
  }
  yield csvRecord(head.map((word) => word.toLowerCase()));
  for (const row of rows) yield csvRecord(row);
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
