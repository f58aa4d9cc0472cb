/** Changes as edits of the files that hold the objects: comments, order and layout stay. */
import { PatchFailure, applyPatch } from '../../lib/json-patch.ts';
import { isRecord, textOf } from '../../lib/record.ts';
import { TextEditFailure } from '../../lib/yaml-edit.ts';
import type { Change, Patch } from '../../rules/index.ts';
import { type SourceObject, isOfCluster } from '../../snapshot/index.ts';
import { refIn } from '../overlay.ts';
import { Chart, type ChartFiles, type Release } from './chart.ts';
import { Kustomization, KUSTOMIZATIONS, kustomizePatchOf } from './kustomization.ts';
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
  /** As an entry of a kustomization's `patches`, where the source is given and cannot be edited for it. */
  readonly kustomize?: string;
}

export interface Files extends ChartFiles {
  /** Where to put objects that no file is near of. */
  readonly folder: string;
  /** Where objects of a cluster come from. */
  readonly sources?: Sources;
}

export interface Sources {
  /** Of files and kustomizations. */
  readonly objects: readonly SourceObject[];
  /** Folders of charts by their names. */
  readonly charts: ReadonlyMap<string, string>;
}

/** In order of the changes, each on what those before it left. Errors: CAS_CHANGED where a file is not what was read. */
export function fileEdits(
  objects: readonly SourceObject[],
  changes: readonly Change[],
  files: Files,
): { edits: readonly FileEdit[]; unplaced: readonly Unplaced[]; notes: readonly string[] } {
  const writer = new Writer(objects, files);
  const unplaced: Unplaced[] = [];
  for (const patch of changes.flatMap(({ patches }) => patches)) {
    if (patch.node !== undefined) continue;
    const why = writer.take(patch);
    if (why === undefined) continue;
    const kustomize = writer.kustomizeFor(patch);
    unplaced.push({ patch, why, ...(kustomize !== undefined && { kustomize }) });
  }
  return { edits: writer.edits(), unplaced, notes: writer.notes };
}

const BY_REF = new WeakMap<readonly SourceObject[], ReadonlyMap<string, SourceObject>>();

/** Each change of a state is written by itself. */
function byRef(objects: readonly SourceObject[]): ReadonlyMap<string, SourceObject> {
  let found = BY_REF.get(objects);
  if (found === undefined) BY_REF.set(objects, (found = new Map(objects.map((source) => [refIn(source.object), source]))));
  return found;
}

class Writer {
  readonly #files: Files;
  readonly #objects: Map<string, SourceObject>;
  readonly #sources = new Map<string, SourceText>();
  /** By folder; undefined where it holds none. */
  readonly #kustomizations = new Map<string, Kustomization | undefined>();
  /** By folder; undefined where it has no values. */
  readonly #charts = new Map<string, Chart | undefined>();
  /** What to know of edits, as sentences. */
  readonly notes: string[] = [];
  /** Whole files, by path. */
  readonly #created = new Map<string, { text: string; target: string }>();

  constructor(objects: readonly SourceObject[], files: Files) {
    this.#files = files;
    this.#objects = new Map(byRef(objects));
    // What a file says comes before what a cluster made of it.
    for (const source of files.sources?.objects ?? []) {
      const ref = refIn(source.object);
      const known = this.#objects.get(ref);
      if (known !== undefined && isOfCluster(known.origin)) this.#objects.set(ref, source);
    }
  }

  /** Why no file takes it. */
  take(patch: Patch): string | undefined {
    try {
      return this.#taken(patch);
    } catch (error) {
      const source = this.#objects.get(patch.target);
      if (error instanceof PatchFailure)
        return `${source?.origin.source ?? 'its file'} says another thing of ${patch.target} than the cluster: ${error.message}`;
      if (!(error instanceof TextEditFailure)) throw error;
      return `${source?.origin.source ?? 'its file'} cannot be edited for ${patch.target}: ${error.message}`;
    }
  }

  edits(): FileEdit[] {
    const edited = [...this.#sources.values()].map(({ path, before, after }): FileEdit => ({ path, before, after }));
    for (const kustomization of this.#kustomizations.values())
      if (kustomization !== undefined) edited.push({ path: kustomization.path, before: kustomization.before, after: kustomization.after });
    for (const chart of this.#charts.values())
      if (chart !== undefined) edited.push({ path: chart.path, before: chart.before, after: chart.after });
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
    const chart = this.#chartOf(source);
    if (chart !== undefined) return this.#changeChart(source, patch, { chart, after });
    const elsewhere = elsewhereOf(source);
    if (elsewhere !== undefined) return elsewhere;
    if (operation === 'patch' && isWhole(patch)) throw new TextEditFailure('the whole object is replaced');
    const text = this.#sourceOf(origin.source);
    if (text === undefined) return `${origin.source} is not there any more`;
    if (isRecord(after)) text.edit(origin, patch, after);
    else text.remove(origin);
    this.#note(source, after);
    return undefined;
  }

  /** Of a change that no file took, where a source was given. */
  kustomizeFor(patch: Patch): string | undefined {
    const source = this.#objects.get(patch.target);
    if (source === undefined || patch.operation === 'create' || !isOfCluster(source.origin) || this.#chartOf(source) === undefined)
      return undefined;
    return yamlOf([kustomizePatchOf(patch, source.object)]);
  }

  /** Undefined where it is of none that is here. */
  #chartOf(source: SourceObject): MadeByChart | undefined {
    if (isOfCluster(source.origin)) return releasedBy(source, this.#files.sources?.charts);
    const [folder = '', place = ''] = source.origin.text === undefined ? source.origin.source.split('#') : [];
    // The name of the chart, which need not be that of its folder; a chart inside of it has its values under its name.
    const [, ...path] = place.split('/');
    if (path[0] !== 'templates') return undefined;
    return { folder, template: path.join('/'), release: { name: 'release', namespace: '' } };
  }

  #changeChart(source: SourceObject, patch: Patch, { chart, after }: { chart: MadeByChart; after: unknown }): string | undefined {
    const { folder, template, release } = chart;
    const where = `${refIn(source.object)} is rendered by the chart ${folder}: change its values, or ${template ?? 'the template'} of the chart`;
    const values = patch.operation === 'patch' ? this.#valuesOf(folder) : undefined;
    if (values === undefined) return where;
    try {
      const done = values.change(patch, source.object, { template, release });
      this.notes.push(`${values.path}: ${done}; what a release sets of that by itself comes before it`);
    } catch (error) {
      if (!(error instanceof TextEditFailure)) throw error;
      return `${where}; ${error.message}`;
    }
    this.#note(source, after);
    return undefined;
  }

  #valuesOf(folder: string): Chart | undefined {
    if (!this.#charts.has(folder)) {
      const text = this.#files.read(`${folder}/values.yaml`);
      this.#charts.set(folder, text === undefined ? undefined : new Chart(folder, text, this.#files));
    }
    return this.#charts.get(folder);
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
    const text = yamlOf(object);
    this.#created.set(path, { text, target });
    this.#objects.set(target, { object, origin: { source: path, text, line: 1, format: 'yaml', prefix: [] } });
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

/** Whether what makes an object of a cluster is at hand. */
export function isSourced(source: SourceObject, { objects, charts }: Sources): boolean {
  let refs = REFS.get(objects);
  if (refs === undefined) REFS.set(objects, (refs = new Set(objects.map(({ object }) => refIn(object)))));
  return refs.has(refIn(source.object)) || releasedBy(source, charts) !== undefined;
}

const REFS = new WeakMap<Sources['objects'], ReadonlySet<string>>();

interface MadeByChart {
  readonly folder: string;
  /** The file of the chart that makes it, where that is known. */
  readonly template: string | undefined;
  readonly release: Release;
}

/** Charts write their name and version on what they make, and Helm the release. */
function releasedBy({ object }: SourceObject, charts: ReadonlyMap<string, string> | undefined): MadeByChart | undefined {
  const { labels, annotations, namespace }: Record<string, unknown> = isRecord(object.metadata) ? object.metadata : {};
  const [, name] = /^(.+)-v?\d+\.\d+\.\d+/.exec(isRecord(labels) ? textOf(labels['helm.sh/chart']) : '') ?? [];
  const folder = name === undefined ? undefined : charts?.get(name);
  const said = isRecord(annotations) ? annotations : {};
  // Argo CD has Helm write the text only, so that Helm marks nothing.
  const release = textOf(said['meta.helm.sh/release-name'] ?? (isRecord(labels) ? labels['app.kubernetes.io/instance'] : undefined));
  if (folder === undefined || release === '') return undefined;
  const place = textOf(said['meta.helm.sh/release-namespace']);
  return { folder, template: undefined, release: { name: release, namespace: place === '' ? textOf(namespace) : place } };
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
