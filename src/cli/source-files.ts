/** The files that hold the input, as text to edit. */
import { isUtf8 } from 'node:buffer';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { type FileEdit, type Files, type Sources, TextEditFailure } from '../changes/edits/index.ts';
import { chartsIn, collectManifests, renderWithValues } from '../collect/manifests/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { isRecord, textOf } from '../lib/record.ts';
import { parseYaml } from '../lib/yaml.ts';
import type { Base } from '../report/patch/index.ts';

export const SOURCE_FILES: Files = {
  read(path) {
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      const { code = 'error' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new CastellanError('CAS_UNREADABLE', `${path} could not be read (${code})`, { cause: error });
    }
    if (!isUtf8(bytes) || bytes.includes('\uFEFF'))
      throw new CastellanError('CAS_UNREADABLE', `${path} is not plain UTF-8, and is edited in no other encoding`);
    return bytes.toString('utf8');
  },
  folder: '',
  list(folder) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, '/').length));
    return files.map((file) => file.split(sep).join('/')).toSorted();
  },
  render(folder, release, values) {
    const rendered = renderWithValues(folder, release, values);
    if (rendered !== undefined && rendered.objects === undefined) throw new TextEditFailure(rendered.reason);
    return rendered?.objects;
  },
};

/** The same, with where objects of a cluster come from: folders of manifests, kustomizations and charts. */
export async function filesWith(sources: readonly string[] | undefined): Promise<Files> {
  return sources === undefined ? SOURCE_FILES : { ...SOURCE_FILES, sources: await readSources(sources) };
}

async function readSources(paths: readonly string[]): Promise<Sources> {
  const { objects } = await collectManifests(paths);
  const charts = new Map<string, string>();
  const all = chartsIn(paths);
  // A chart inside of another one gets its values from there.
  const own = all.filter((folder) => !all.some((other) => folder.startsWith(join(other, 'charts') + sep)));
  for (const folder of own) {
    const parsed = parseYaml(SOURCE_FILES.read(join(folder, 'Chart.yaml')) ?? '');
    const name = 'value' in parsed && isRecord(parsed.value) ? textOf(parsed.value.name) : '';
    if (name !== '') charts.set(name, folder);
  }
  return { objects: objects.filter(({ origin }) => !origin.source.includes('#')), charts };
}

/** The current folder where all files are in it, else the innermost that has them all. */
export function baseOf(edits: readonly FileEdit[], current = process.cwd()): Base {
  const folders = edits.map(({ path }) => dirname(resolve(path)));
  const holds = (folder: string, one: string): boolean => one === folder || one.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  if (folders.every((one) => holds(current, one))) return { path: current, isCurrent: true };
  let [path = current] = folders;
  while (!folders.every((one) => holds(path, one))) path = dirname(path);
  return { path, isCurrent: false };
}
