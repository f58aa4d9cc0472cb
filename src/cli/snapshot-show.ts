/** `castellan snapshot show FILE`: what is inside, without judging it. */
import { statSync } from 'node:fs';
import { createColors } from 'picocolors';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { clip, displayWidth, fit, plural, printable } from '../lib/terminal.ts';
import { type MissingKind, type Segment, type SnapshotParts, readSnapshotFile } from '../snapshot/index.ts';
import { screenOf } from './outputs.ts';

interface ShowFlags {
  format?: string;
  color?: boolean;
}

export function runSnapshotShow(file: string, flags: ShowFlags): number {
  const format = flags.format ?? 'table';
  if (format !== 'table' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `snapshot show has no format "${format}"`, { remedy: 'The formats are: table, json.' });
  const parts = readSnapshotFile(file);
  const size = statSync(file).size;
  stdout.write(format === 'json' ? json(parts, size) : table(parts, size, screenOf(flags).color));
  stdout.end();
  return 0;
}

function json({ header, gaps, segments }: SnapshotParts, size: number): string {
  const { takenAt, takenBy, kubernetesVersion, complete, cluster, namespaces, missing = [], leftOut = [], anonymized = false } = header;
  const kinds = segments.map(({ data, ...segment }) => ({ ...segment, compressed: data.length }));
  return `${JSON.stringify({
    schema: 'castellan/snapshot-show/v1',
    takenAt,
    takenBy,
    kubernetesVersion: kubernetesVersion ?? null,
    cluster,
    complete,
    anonymized,
    namespaces,
    size,
    objects: objectsIn(segments),
    kinds,
    missing,
    leftOut,
    gaps,
  })}\n`;
}

/** Columns of the first words of a line, as in the summary of a scan. */
const LABEL = 14;
const WIDTH = 120;

function table({ header, gaps, segments }: SnapshotParts, size: number, color: boolean): string {
  const { bold, dim } = createColors(color);
  const { takenAt, takenBy, kubernetesVersion, complete, cluster, namespaces, missing = [], leftOut = [], anonymized } = header;
  const raw = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const line = (label: string, text: string): string => bold(fit(label, LABEL)) + clip(printable(text), WIDTH - LABEL);
  const lines: string[] = [];
  if (cluster !== undefined) lines.push(line('cluster', `${cluster.server}${cluster.uid === undefined ? '' : `  ${cluster.uid}`}`));
  if (kubernetesVersion !== undefined) lines.push(line('kubernetes', kubernetesVersion));
  if (takenAt !== undefined) lines.push(line('taken', `${takenAt}${takenBy === undefined ? '' : ` by castellan ${takenBy}`}`));
  if (namespaces !== undefined) lines.push(line('namespaces', `only ${namespaces.join(', ')}`));
  if (anonymized === true) lines.push(line('anonymized', 'names are not those of the cluster'));
  lines.push(
    line(
      'objects',
      `${grouped(objectsIn(segments))} of ${plural(held(segments).length, 'kind')}, ${sized(raw)} in a file of ${sized(size)}`,
    ),
  );
  if (!complete && missing.length === 0) lines.push(line('complete', 'no'));
  lines.push('', ...kindsTable(held(segments), { bold, dim }));
  const absent = [
    ...missing.map((kind) => [nameOf(kind), WHY[kind.why]] as const),
    ...leftOut.map((name) => [name, 'left out on purpose'] as const),
  ];
  if (absent.length > 0) lines.push('', bold('not in it'), ...rows(absent));
  // What is told as missing is not told again.
  const told = new Set(missing.map(nameOf));
  const others = gaps.filter(({ scope }) => !told.has(scope));
  if (others.length > 0)
    lines.push('', bold('gaps'), ...rows(others.map(({ scope, reason, effect }) => [scope, `${reason}; ${effect}`] as const)));
  return `${lines.join('\n')}\n`;
}

const WHY: Readonly<Record<MissingKind['why'], string>> = {
  forbidden: 'may not be listed',
  failed: 'could not be listed',
};

/** A kind of which there is nothing is listed in the JSON only. */
function held(segments: readonly Segment[]): Segment[] {
  return segments.filter(({ count }) => count > 0);
}

function kindsTable(segments: readonly Segment[], { bold, dim }: Pick<ReturnType<typeof createColors>, 'bold' | 'dim'>): string[] {
  const cells = segments.map(
    ({ kind, apiVersion, count, bytes, sha256 }) =>
      [printable(kind), printable(apiVersion), grouped(count), sized(bytes), sha256.slice(0, 12)] as const,
  );
  const head = ['kind', 'version', 'objects', 'size', 'content'] as const;
  const width = (column: 0 | 1 | 2 | 3): number => Math.min(50, Math.max(...[head, ...cells].map((row) => displayWidth(row[column]))));
  const widths = [width(0), width(1), width(2), width(3)] as const;
  const row = ([kind, version, count, size, hash]: (typeof cells)[number] | typeof head, paint: (text: string) => string): string =>
    `${fit(kind, widths[0])}  ${fit(version, widths[1])}  ${count.padStart(widths[2])}  ${size.padStart(widths[3])}  ${paint(hash)}`;
  return [bold(row(head, String)), ...cells.map((cell) => row(cell, dim))];
}

function rows(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(50, Math.max(...pairs.map(([name]) => displayWidth(printable(name)))));
  return pairs.map(([name, text]) => `  ${fit(printable(name), width)}  ${clip(printable(text), WIDTH - width - 4)}`);
}

function nameOf({ group, resource }: MissingKind): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function objectsIn(segments: readonly Segment[]): number {
  return segments.reduce((sum, { count }) => sum + count, 0);
}

function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

function sized(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 999.95 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${value.toFixed(1)} ${units[unit]}`;
}
