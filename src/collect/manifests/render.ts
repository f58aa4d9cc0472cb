/**
 * Helm charts and kustomizations, rendered by the tools that the user has. Both only turn text into text: no
 * plugins, no network (kustomizations with remote parts are a gap), nothing outside of the folder.
 */
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { parseYaml } from '../../lib/yaml.ts';
import type { Gap } from '../../snapshot/index.ts';
import { parseTolerantly } from './tolerant.ts';

const LIMITS = { maxBuffer: 256 * 1024 * 1024, timeout: 60_000 } as const;

/** The programs of one run: one that is not installed is looked for once and not for every folder. */
class Programs {
  readonly #missing = new Set<string>();

  /** What it wrote; undefined when it is not installed. */
  async run(command: string, args: readonly string[]): Promise<string | undefined> {
    if (this.#missing.has(command)) return undefined;
    try {
      return (await promisify(execFile)(command, args, LIMITS)).stdout;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#missing.add(command);
      return undefined;
    }
  }
}

export type Rendered = { folder: string; text: string } | { gap: Gap };

/** One rendering for each chart that is not itself a dependency inside another one. */
export async function renderCharts(charts: readonly string[]): Promise<Rendered[]> {
  const roots = charts.filter((chart) => !charts.some((other) => other !== chart && chart.startsWith(join(other, 'charts') + sep)));
  const programs = new Programs();
  const rendered: Rendered[] = [];
  for (const chart of roots) rendered.push(await renderChart(chart, programs));
  return rendered;
}

async function renderChart(chart: string, programs: Programs): Promise<Rendered> {
  try {
    const text = await programs.run('helm', ['template', 'release', resolve(chart), '--include-crds']);
    if (text !== undefined) return { folder: chart, text };
    return {
      gap: {
        scope: chart,
        code: 'helm-missing',
        reason: 'a Helm chart, and helm is not installed',
        effect: `its templates (${countTemplates(chart)}) were not judged`,
      },
    };
  } catch (error) {
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
  /** Whether we know what it says. Of one that we cannot read a tool might make anything, also a request. */
  readable: boolean;
}

/** Renders the kustomizations that no other one builds on: bases by themselves give false alarms. */
export async function renderKustomizations(folders: readonly string[]): Promise<Kustomized> {
  const all: Kustomization[] = [];
  for (const folder of folders) all.push(await readKustomization(folder));
  const programs = new Programs();
  const used = new Set(all.flatMap((kustomization) => kustomization.bases.map((base) => resolve(base))));
  const result: Kustomized = { rendered: [], consumed: new Set() };
  for (const root of all.filter(({ folder }) => !used.has(resolve(folder)))) {
    const rendered = await renderKustomization(root, all, programs);
    result.rendered.push(rendered);
    if ('text' in rendered) for (const file of closure(root, all)) result.consumed.add(file);
  }
  return result;
}

async function renderKustomization(root: Kustomization, all: readonly Kustomization[], programs: Programs): Promise<Rendered> {
  const { folder } = root;
  for (const part of await chainOf(root, all)) {
    if (!part.readable) {
      const whose = part === root ? 'its kustomization' : `the kustomization in ${part.folder}, on which it builds,`;
      return unbuilt(folder, 'kustomize-failed', `${whose} cannot be read`);
    }
    if (part.remote !== undefined)
      return unbuilt(folder, 'kustomize-remote', `the kustomization builds on ${part.remote}, which is not here and is not fetched`);
  }
  for (const [command, ...args] of [
    ['kustomize', 'build'],
    ['kubectl', 'kustomize'],
  ] as const) {
    try {
      const text = await programs.run(command, [...args, resolve(folder)]);
      if (text !== undefined) return { folder, text };
    } catch (error) {
      return unbuilt(folder, 'kustomize-failed', `${command} could not build it: ${lastLine(error)}`);
    }
  }
  return unbuilt(folder, 'kustomize-missing', 'a kustomization, and neither kustomize nor kubectl is installed');
}

async function readKustomization(folder: string): Promise<Kustomization> {
  const made: Kustomization = { folder, bases: [], files: [], remote: undefined, readable: false };
  const texts = KUSTOMIZATIONS.map((name) => textOf(join(folder, name))).filter((found) => found !== undefined);
  const [text] = texts;
  // Which one of several would be built is not ours to guess.
  const value = text === undefined || texts.length > 1 ? undefined : await valueOf(text);
  if (!isRecord(value) || isAmbiguous(value)) return made;
  made.readable = true;
  const fields = foldedKeys(value);
  for (const field of PATH_FIELDS) {
    const entries = fields[field];
    for (const entry of Array.isArray(entries) ? (entries as unknown[]) : []) takeEntry(made, pathOf(entry, MAY_BE_INLINE.has(field)));
  }
  takeEntry(made, pathOf(fields.openapi, false));
  for (const path of generatorFiles(fields)) if (isRemote(path)) made.remote ??= path;
  if (fields.helmcharts !== undefined || fields.helmchartinflationgenerator !== undefined) made.remote ??= 'a Helm chart';
  return made;
}

/** As kubectl reads it; undefined for what neither parser reads, such as two documents. */
async function valueOf(text: string): Promise<unknown> {
  const parsed = parseYaml(text, true);
  if (!('error' in parsed)) return parsed.value;
  return parsed.error.kind === 'syntax' ? (await parseTolerantly(text))?.value : undefined;
}

/** Go takes keys for fields whatever their case: `Resources` is `resources`, and so it is with a long s. */
function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

function foldedKeys(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const byName = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of Object.entries(fields)) byName[folded(key)] = value;
  return byName;
}

/** Two keys that are one field to Go, in the kustomization or in an entry of it. */
function isAmbiguous(fields: Readonly<Record<string, unknown>>): boolean {
  const parts = [fields, ...Object.values(fields).flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []))];
  if (isRecord(fields.openapi)) parts.push(fields.openapi);
  return parts.some((part) => isRecord(part) && new Set(Object.keys(part).map(folded)).size < Object.keys(part).length);
}

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const LARGEST_KUSTOMIZATION = 4_000_000;
/** Lists whose entries are paths, or mappings with one; in small letters. */
const PATH_FIELDS = [
  'resources',
  'bases',
  'components',
  'crds',
  'patches',
  'patchesstrategicmerge',
  'patchesjson6902',
  'replacements',
  'configurations',
  'generators',
  'transformers',
  'validators',
] as const;
/** Those whose entries may also be the text itself. */
const MAY_BE_INLINE: ReadonlySet<string> = new Set([
  'patches',
  'patchesstrategicmerge',
  'patchesjson6902',
  'generators',
  'transformers',
  'validators',
]);

/** The text of an ordinary file; undefined for anything else, since a pipe would keep us waiting. */
function textOf(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= LARGEST_KUSTOMIZATION ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(entry: unknown, mayBeInline: boolean): string | undefined {
  const path = isRecord(entry) ? foldedKeys(entry).path : entry;
  return typeof path === 'string' && !(mayBeInline && path.includes('\n')) ? path : undefined;
}

/** The files that ConfigMaps and Secrets are made of: `key=path` or `path`. */
function generatorFiles(fields: Readonly<Record<string, unknown>>): string[] {
  const generators = [fields.configmapgenerator, fields.secretgenerator].flatMap((list) =>
    Array.isArray(list) ? (list as unknown[]).filter(isRecord) : [],
  );
  return generators.flatMap((generator) => {
    const { files, envs, env } = foldedKeys(generator);
    const named = [files, envs, env].flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
    return named.filter((file) => typeof file === 'string').map((file) => file.replace(/^[^/=]*=/, ''));
  });
}

/** What is not there would be looked for in the network: kustomize takes many forms of addresses for repositories. */
function takeEntry(made: Kustomization, path: string | undefined): void {
  if (path === undefined) return;
  // An address is fetched even where a folder of its name lies.
  if (isRemote(path)) {
    made.remote ??= path;
    return;
  }
  const local = join(made.folder, path);
  try {
    if (statSync(local).isDirectory()) made.bases.push(local);
    else made.files.push(local);
  } catch {
    if (!/^[\w.-]+\.(?:ya?ml|json)$/.test(path)) made.remote ??= path;
  }
}

function isRemote(path: string): boolean {
  return /^\s*(?:[\w+.-]+:|[\w.-]+@|github\.com\/)|\?|\.git(?:\/|$)|_git\//i.test(path);
}

/** A kustomization and all that it builds on, each once. */
async function chainOf(root: Kustomization, all: readonly Kustomization[]): Promise<Kustomization[]> {
  const chain = [root];
  const seen = new Set([resolve(root.folder)]);
  for (const part of chain) {
    for (const base of part.bases) {
      const place = resolve(base);
      if (seen.has(place)) continue;
      seen.add(place);
      chain.push(all.find(({ folder }) => resolve(folder) === place) ?? (await readKustomization(base)));
    }
  }
  return chain;
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

function lastLine(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  const line = (stderr ?? '').trim().split('\n').at(-1)?.slice(0, 300) || messageOf(error);
  // The prefix of a log line holds the time and the number of the process: the same input gives the same words.
  return line.replace(/^[IWEF]\d{4} [\d:.]+\s+\d+ [\w.-]+:\d+\] /, '');
}
