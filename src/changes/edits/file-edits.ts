/** Changes as edits of the files that hold the objects: comments, order and layout stay. */
import { applyPatch } from '../../lib/json-patch.ts';
import { isRecord } from '../../lib/record.ts';
import { TextEditFailure } from '../../lib/yaml-edit.ts';
import type { Change, Patch } from '../../rules/index.ts';
import { type SourceObject, isOfCluster } from '../../snapshot/index.ts';
import { refIn } from '../overlay.ts';
import { changeOfValues } from './chart-values.ts';
import { Kustomization, KUSTOMIZATIONS } from './kustomization.ts';
import { SourceText, isWhole } from './source-text.ts';
import { yamlOf } from './yaml-of.ts';

/** A file before and after; undefined where it is not there. */
export interface FileEdit {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A patch that no file takes, and where to make it instead, as a sentence. */
export interface Unplaced {
  readonly patch: Patch;
  readonly why: string;
}

export interface Files {
  /** Undefined where there is none. Throws where it cannot be read. */
  read(path: string): string | undefined;
  /** Where to put objects that no file is near of. */
  readonly folder: string;
}

/** In order of the changes, each on what those before it left. Errors: CAS_CHANGED where a file is not what was read. */
export function fileEdits(
  objects: readonly SourceObject[],
  changes: readonly Change[],
  files: Files,
): { edits: readonly FileEdit[]; unplaced: readonly Unplaced[] } {
  const writer = new Writer(objects, files);
  const unplaced: Unplaced[] = [];
  for (const patch of changes.flatMap(({ patches }) => patches)) {
    if (patch.node !== undefined) continue;
    const why = writer.take(patch);
    if (why !== undefined) unplaced.push({ patch, why });
  }
  return { edits: writer.edits(), unplaced };
}

class Writer {
  readonly #files: Files;
  readonly #objects = new Map<string, SourceObject>();
  readonly #sources = new Map<string, SourceText>();
  /** By folder; undefined where it holds none. */
  readonly #kustomizations = new Map<string, Kustomization | undefined>();
  /** Whole files, by path. */
  readonly #created = new Map<string, { text: string; target: string }>();

  constructor(objects: readonly SourceObject[], files: Files) {
    this.#files = files;
    for (const source of objects) this.#objects.set(refIn(source.object), source);
  }

  /** Why no file takes it. */
  take(patch: Patch): string | undefined {
    try {
      return this.#taken(patch);
    } catch (error) {
      if (!(error instanceof TextEditFailure)) throw error;
      const source = this.#objects.get(patch.target);
      return `${source?.origin.source ?? 'its file'} cannot be edited for ${patch.target}: ${error.message}`;
    }
  }

  edits(): FileEdit[] {
    const edited = [...this.#sources.values()].map(({ path, before, after }): FileEdit => ({ path, before, after }));
    for (const kustomization of this.#kustomizations.values())
      if (kustomization !== undefined) edited.push({ path: kustomization.path, before: kustomization.before, after: kustomization.after });
    const created = [...this.#created].map(([path, { text }]): FileEdit => ({ path, before: undefined, after: text }));
    return [...edited, ...created].filter(({ before, after }) => before !== after).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  #taken(patch: Patch): string | undefined {
    const { target, operation } = patch;
    if (operation === 'create') return this.#create(patch);
    const made = [...this.#created].find(([, file]) => file.target === target);
    const source = this.#objects.get(target);
    if (source === undefined) return `${target} is not in the input`;
    const after = operation === 'patch' ? applyPatch(source.object, patch.patch) : undefined;
    if (made !== undefined) {
      // An earlier change made it: its file is written anew.
      if (isRecord(after)) this.#created.set(made[0], { text: yamlOf(after), target });
      else this.#created.delete(made[0]);
      this.#note(source, after);
      return undefined;
    }
    const { origin } = source;
    const kustomization = isBuilt(source) ? this.#kustomizationOf(origin.source) : undefined;
    if (kustomization !== undefined) {
      kustomization.change(patch, source.object);
      this.#note(source, after);
      return undefined;
    }
    const elsewhere = this.#ofChart(source, patch) ?? elsewhereOf(source);
    if (elsewhere !== undefined) return elsewhere;
    if (operation === 'patch' && isWhole(patch)) throw new TextEditFailure('the whole object is replaced');
    const text = this.#sourceOf(origin.source);
    if (text === undefined) return `${origin.source} is not there any more`;
    if (isRecord(after)) text.edit(origin, patch, after);
    else text.remove(origin);
    this.#note(source, after);
    return undefined;
  }

  /** Undefined where it is of no chart, or the text of its template does not say plainly which value decides. */
  #ofChart({ origin, object }: SourceObject, patch: Patch): string | undefined {
    const [folder = '', place = ''] = origin.text === undefined ? origin.source.split('#') : [];
    // The name of the chart, which need not be that of its folder; a chart inside of it has its values under its name.
    const [, ...path] = place.split('/');
    if (path[0] !== 'templates' || patch.operation !== 'patch') return undefined;
    const file = path.join('/');
    const text = this.#files.read(`${folder}/${file}`);
    const what = text === undefined ? undefined : changeOfValues(text, patch);
    return what === undefined
      ? undefined
      : `${refIn(object)} is rendered by the chart ${folder}: ${what} in its values, from which ${file} takes it`;
  }

  #note(source: SourceObject, after: unknown): void {
    const ref = refIn(source.object);
    if (isRecord(after)) this.#objects.set(ref, { ...source, object: after });
    else this.#objects.delete(ref);
  }

  #kustomizationOf(folder: string): Kustomization | undefined {
    if (this.#kustomizations.has(folder)) return this.#kustomizations.get(folder);
    const files = KUSTOMIZATIONS.map((name) => `${folder}/${name}`).map((path) => ({ path, text: this.#files.read(path) }));
    const found = files.find(({ text }) => text !== undefined);
    const made = found?.text === undefined ? undefined : new Kustomization(found.path, found.text);
    this.#kustomizations.set(folder, made);
    return made;
  }

  #sourceOf(path: string): SourceText | undefined {
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    const text = this.#files.read(path);
    if (text === undefined) return undefined;
    const made = new SourceText(path, text);
    this.#sources.set(path, made);
    return made;
  }

  #create({ target, object, file }: Patch): string | undefined {
    if (!isRecord(object)) return `there is no object to create for ${target}`;
    const [kind = '', ...place] = target.split('/');
    const folder = file === undefined ? this.#folderFor(place.length > 1 ? (place[0] ?? '') : '') : folderOf(file);
    const name = `${kind.toLowerCase()}-${place.at(-1) ?? ''}`.replaceAll(/[^\w.-]/g, '-');
    let path = '';
    for (let count = 1; path === '' || this.#created.has(path) || this.#files.read(path) !== undefined; count += 1)
      path = `${folder === '' ? '' : `${folder}/`}${name}${count === 1 ? '' : `-${count}`}.yaml`;
    const isBuiltThere = [...this.#objects.values()].some((source) => isBuilt(source) && source.origin.source === folder);
    if (isBuiltThere) this.#kustomizationOf(folder)?.addResource(path.slice(folder.length + 1));
    this.#created.set(path, { text: yamlOf(object), target });
    this.#objects.set(target, { object, origin: { source: path, line: 1, format: 'yaml', prefix: [] } });
    return undefined;
  }

  /** Beside most of the namespace's own. */
  #folderFor(namespace: string): string {
    const counts = new Map<string, number>();
    for (const [ref, source] of this.#objects) {
      const { origin } = source;
      if ((origin.text === undefined && !isBuilt(source)) || origin.source === '-') continue;
      const [, first = '', second] = ref.split('/');
      if (namespace !== '' && (second === undefined || first !== namespace)) continue;
      const folder = isBuilt(source) ? origin.source : folderOf(origin.source);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    const [most] = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return most?.[0] ?? this.#files.folder;
  }
}

/** By a kustomization: its source is the folder. */
function isBuilt({ origin }: SourceObject): boolean {
  return origin.text === undefined && !isOfCluster(origin) && origin.source !== '-' && !origin.source.includes('#');
}

/** Where an object is changed that stands in no text of the input. */
function elsewhereOf({ origin, object }: SourceObject): string | undefined {
  const ref = refIn(object);
  if (origin.source === '-') return `${ref} came from standard input: name its file to have it edited`;
  if (isOfCluster(origin)) return `${ref} is of the cluster: change it there, or name its file too`;
  if (origin.text !== undefined) return undefined;
  const [folder, template] = origin.source.split('#');
  if (template !== undefined) return `${ref} is rendered by the chart ${folder}: change its values, or ${template} of the chart`;
  return `${ref} is built by the kustomization ${origin.source}: add a patch there`;
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
