/** What a chart makes with other values than its own: by a copy of it, as Helm only adds values to those of a chart. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { isRecord } from '../../lib/record.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { split } from './text.ts';

export interface RenderedChart {
  /** Undefined where Helm cannot render it so, or writes what cannot be read. */
  readonly objects: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** What Helm says then. */
  readonly reason: string;
}

/** Undefined where Helm is not installed. `values` is the text of the values.yaml. */
export function renderWithValues(
  folder: string,
  { name, namespace }: { name: string; namespace: string },
  values: string,
): RenderedChart | undefined {
  const scratch = mkdtempSync(join(tmpdir(), 'castellan-chart-'));
  try {
    // Its name may be in what it makes.
    const copy = join(scratch, basename(resolve(folder)));
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, 'values.yaml'), values);
    const place = namespace === '' ? [] : ['--namespace', namespace];
    const limits = { encoding: 'utf8', timeout: 60_000, maxBuffer: 256 * 1024 * 1024 } as const;
    const { status, stdout, stderr, error } = spawnSync('helm', ['template', name, copy, '--include-crds', ...place], limits);
    if (error !== undefined && 'code' in error && error.code === 'ENOENT') return undefined;
    if (status !== 0) return { objects: undefined, reason: `Helm does not render it so: ${lastLine(stderr ?? error?.message ?? '')}` };
    return readRendered(stdout);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function readRendered(text: string): RenderedChart {
  const objects: Readonly<Record<string, unknown>>[] = [];
  for (const part of split(text, 1)) {
    const parsed = parseYaml(part.text, true);
    if ('error' in parsed) return { objects: undefined, reason: 'what Helm renders cannot be read' };
    if (isRecord(parsed.value)) objects.push(parsed.value);
  }
  return { objects, reason: '' };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
