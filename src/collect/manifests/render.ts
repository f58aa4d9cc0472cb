/**
 * Helm charts and kustomizations, rendered by the tools that the user has. Both only turn text into text: no
 * plugins, no network (kustomizations with remote parts are a gap), nothing outside of the folder.
 */
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../lib/errors.ts';
import { parseYaml } from '../../lib/yaml.ts';
import type { Gap } from '../../snapshot/index.ts';

const run = promisify(execFile);
const LIMITS = { maxBuffer: 256 * 1024 * 1024, timeout: 60_000 } as const;

export type Rendered = { folder: string; text: string } | { gap: Gap };

/** One rendering for each chart that is not itself a dependency inside another one. */
export async function renderCharts(charts: readonly string[]): Promise<Rendered[]> {
  const roots = charts.filter((chart) => !charts.some((other) => other !== chart && chart.startsWith(join(other, 'charts'))));
  const rendered: Rendered[] = [];
  for (const chart of roots) rendered.push(await renderChart(chart));
  return rendered;
}

async function renderChart(chart: string): Promise<Rendered> {
  try {
    const { stdout } = await run('helm', ['template', 'release', resolve(chart), '--include-crds'], LIMITS);
    return { folder: chart, text: stdout };
  } catch (error) {
    if (isMissing(error))
      return {
        gap: {
          scope: chart,
          code: 'helm-missing',
          reason: 'a Helm chart, and helm is not installed',
          effect: `its templates (${countTemplates(chart)}) were not judged`,
        },
      };
    return {
      gap: {
        scope: chart,
        code: 'helm-failed',
        reason: `helm could not render it: ${lastLine(error)}`,
        effect: 'its templates were not judged',
      },
    };
  }
}

export interface Kustomized {
  rendered: Rendered[];
  /** Files that a rendered kustomization took in: judging them again by themselves would be wrong. */
  consumed: Set<string>;
}

interface Kustomization {
  folder: string;
  /** Folders that it builds on. */
  bases: string[];
  files: string[];
  remote: string | undefined;
  /** Whether its file is one that can be read. */
  readable: boolean;
}

/** Renders the kustomizations that no other one builds on: bases by themselves give false alarms. */
export async function renderKustomizations(folders: readonly string[]): Promise<Kustomized> {
  const all = folders.map(readKustomization);
  const used = new Set(all.flatMap((kustomization) => kustomization.bases.map((base) => resolve(base))));
  const result: Kustomized = { rendered: [], consumed: new Set() };
  for (const root of all.filter(({ folder }) => !used.has(resolve(folder)))) {
    const rendered = await renderKustomization(root, all);
    result.rendered.push(rendered);
    if ('text' in rendered) for (const file of closure(root, all)) result.consumed.add(file);
  }
  return result;
}

async function renderKustomization(root: Kustomization, all: readonly Kustomization[]): Promise<Rendered> {
  const { folder } = root;
  if (!root.readable) return unbuilt(folder, 'kustomize-failed', 'its kustomization cannot be read');
  const remote = remoteOf(root, all, new Set());
  if (remote !== undefined) {
    return unbuilt(folder, 'kustomize-remote', `the kustomization builds on ${remote}, which is not here and is not fetched`);
  }
  for (const [command, ...args] of [
    ['kustomize', 'build'],
    ['kubectl', 'kustomize'],
  ] as const) {
    try {
      const { stdout } = await run(command, [...args, resolve(folder)], LIMITS);
      return { folder, text: stdout };
    } catch (error) {
      if (isMissing(error)) continue;
      return unbuilt(folder, 'kustomize-failed', `${command} could not build it: ${lastLine(error)}`);
    }
  }
  return unbuilt(folder, 'kustomize-missing', 'a kustomization, and neither kustomize nor kubectl is installed');
}

function readKustomization(folder: string): Kustomization {
  const made: Kustomization = { folder, bases: [], files: [], remote: undefined, readable: false };
  const text = KUSTOMIZATIONS.map((name) => textOf(join(folder, name))).find((found) => found !== undefined);
  made.readable = text !== undefined;
  const parsed = text === undefined ? undefined : parseYaml(text, true);
  if (parsed === undefined || 'error' in parsed || typeof parsed.value !== 'object' || parsed.value === null) return made;
  const fields = parsed.value as Record<string, unknown>;
  for (const field of PATH_FIELDS) {
    const entries: unknown = fields[field];
    for (const entry of Array.isArray(entries) ? (entries as unknown[]) : []) takeEntry(made, pathOf(entry));
  }
  takeEntry(made, pathOf(fields.openapi));
  for (const path of generatorFiles(fields)) if (isRemote(path)) made.remote ??= path;
  if (fields.helmCharts !== undefined || fields.helmChartInflationGenerator !== undefined) made.remote ??= 'a Helm chart';
  return made;
}

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const LARGEST_KUSTOMIZATION = 4_000_000;
/** Lists whose entries are paths, or mappings with one. */
const PATH_FIELDS = [
  'resources',
  'bases',
  'components',
  'crds',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'configurations',
  'generators',
  'transformers',
  'validators',
] as const;

/** The text of an ordinary file; undefined for anything else, since a pipe would keep us waiting. */
function textOf(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= LARGEST_KUSTOMIZATION ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(entry: unknown): string | undefined {
  const path: unknown = typeof entry === 'object' && entry !== null ? (entry as { path?: unknown }).path : entry;
  // Patches and transformers may also stand there as text.
  return typeof path === 'string' && !path.includes('\n') ? path : undefined;
}

/** The files that ConfigMaps and Secrets are made of: `key=path` or `path`. */
function generatorFiles(fields: Record<string, unknown>): string[] {
  const generators = [fields.configMapGenerator, fields.secretGenerator].flatMap((list) =>
    Array.isArray(list) ? (list as unknown[]) : [],
  );
  return generators.flatMap((generator) => {
    const { files, envs, env } = (generator ?? {}) as { files?: unknown; envs?: unknown; env?: unknown };
    const named = [files, envs, env].flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
    return named.filter((file) => typeof file === 'string').map((file) => file.replace(/^[^/=]*=/, ''));
  });
}

/** What is not there would be looked for in the network: kustomize takes many forms of addresses for repositories. */
function takeEntry(made: Kustomization, path: string | undefined): void {
  if (path === undefined) return;
  const local = join(made.folder, path);
  try {
    if (statSync(local).isDirectory()) made.bases.push(local);
    else made.files.push(local);
  } catch {
    if (isRemote(path) || !/^[\w.-]+\.(?:ya?ml|json)$/.test(path)) made.remote ??= path;
  }
}

function isRemote(path: string): boolean {
  return /^[\w+.-]+:\/\/|^[\w.-]+@|^[\w.-]+:|\?/.test(path);
}

function remoteOf(root: Kustomization, all: readonly Kustomization[], seen: Set<string>): string | undefined {
  if (root.remote !== undefined) return root.remote;
  seen.add(resolve(root.folder));
  for (const base of root.bases) {
    const next = all.find(({ folder }) => resolve(folder) === resolve(base)) ?? readKustomization(base);
    const remote = seen.has(resolve(base)) ? undefined : remoteOf(next, all, seen);
    if (remote !== undefined) return remote;
  }
  return undefined;
}

/** The files of a kustomization and of all that it builds on. */
function closure(root: Kustomization, all: readonly Kustomization[], seen = new Set<string>()): string[] {
  if (seen.has(resolve(root.folder))) return [];
  seen.add(resolve(root.folder));
  const bases = all.filter(({ folder }) => root.bases.some((base) => resolve(base) === resolve(folder)));
  return [...root.files, ...bases.flatMap((base) => closure(base, all, seen))];
}

function countTemplates(chart: string): number {
  try {
    return readdirSync(join(chart, 'templates'), { recursive: true }).filter((name) => /\.ya?ml$/.test(String(name))).length;
  } catch {
    return 0;
  }
}

/** The files of a kustomization that cannot be built are read one by one. */
function unbuilt(folder: string, code: Gap['code'], reason: string): Rendered {
  return { gap: { scope: folder, code, reason, effect: 'its files were judged as they are, without its changes' } };
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function lastLine(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  return (stderr ?? '').trim().split('\n').at(-1)?.slice(0, 300) || messageOf(error);
}
