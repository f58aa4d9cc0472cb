/**
 * Snapshot → Cluster: indexed, immutable, linear to build. Tables are made when first asked for, so a run pays
 * only for what its rules read.
 */
import type { CloudCluster, FeatureGates, Gap, MissingKind, NodeFacts, ProbeFacts, Snapshot, SourceObject } from '../snapshot/index.ts';
import { groupBy, listIn, mapIn, pushIn } from '../lib/groups.ts';
import { Access } from './access.ts';
import { type Kind, KINDS, kindOf } from './kinds/catalog.ts';
import type { LabelSelector } from './kinds/pod.ts';
import { type Labels, isEmptySelector, mapMatches, selectorMatches } from './labels.ts';
import { Lean } from './lean.ts';
import { type ApiObject, refOf, toApiObject } from './objects.ts';
import { NEWEST_KNOWN, minorOf } from './versions.ts';
import { type KnownRoots, type RootWorkloads, rootWorkloads, rootsAgain } from './owners.ts';
import type { Workload } from './workloads.ts';

/** All objects of one kind. */
export class KindTable<K extends Kind> {
  readonly all: readonly ApiObject<K>[];
  /** By namespace and then by name: to put the two together takes longer than to look for each. */
  #byName: Map<string, Map<string, ApiObject<K>>> | undefined;
  #byNamespace: Map<string, ApiObject<K>[]> | undefined;

  constructor(all: readonly ApiObject<K>[]) {
    this.all = all;
  }

  /** By namespace ('' where the kind has none) and name. */
  get(namespace: string, name: string): ApiObject<K> | undefined {
    if (this.#byName === undefined) {
      this.#byName = new Map();
      for (const object of this.all) mapIn(this.#byName, object.namespace).set(object.name, object);
    }
    return this.#byName.get(namespace)?.get(name);
  }

  in(namespace: string): readonly ApiObject<K>[] {
    this.#byNamespace ??= groupBy(this.all, (object) => object.namespace);
    return this.#byNamespace.get(namespace) ?? [];
  }
}

export interface Namespace {
  readonly name: string;
  /** The Namespace object; undefined when objects lie in the namespace but it is not in the input itself. */
  readonly object: ApiObject<'Namespace'> | undefined;
  readonly labels: Labels;
  /** Where to point when the namespace is judged: its object, else the first object inside. */
  readonly anchor: ApiObject;
  readonly workloads: readonly Workload[];
}

export class Namespaces {
  readonly all: readonly Namespace[];
  readonly #byName: ReadonlyMap<string, Namespace>;

  constructor(all: readonly Namespace[]) {
    this.all = all;
    this.#byName = new Map(all.map((namespace) => [namespace.name, namespace]));
  }

  get(name: string): Namespace | undefined {
    return this.#byName.get(name);
  }
}

export class Workloads {
  readonly all: readonly Workload[];
  #byNamespace: Map<string, Workload[]> | undefined;
  /** By namespace, then by label and value. */
  #byPair: Map<string, Map<string, Workload[]>> | undefined;
  #byAccount: Map<string, Map<string, Workload[]>> | undefined;

  constructor(all: readonly Workload[]) {
    this.all = all;
  }

  in(namespace: string): readonly Workload[] {
    this.#byNamespace ??= groupBy(this.all, (workload) => workload.namespace);
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** The workloads of a namespace whose pods a metav1.LabelSelector picks. */
  matching(namespace: string, selector: LabelSelector | undefined): readonly Workload[] {
    if (selector === undefined) return [];
    if (isEmptySelector(selector)) return this.in(namespace);
    return this.#candidates(namespace, selector.matchLabels ?? {}).filter((workload) => selectorMatches(selector, workload.labels));
  }

  /** The workloads of a namespace that a plain label map picks; an empty map picks nothing, as for a Service. */
  selectedBy(namespace: string, selector: Labels | undefined): readonly Workload[] {
    if (selector === undefined || Object.keys(selector).length === 0) return [];
    return this.#candidates(namespace, selector).filter((workload) => mapMatches(selector, workload.labels));
  }

  runningAs(namespace: string, serviceAccount: string): readonly Workload[] {
    if (this.#byAccount === undefined) {
      this.#byAccount = new Map();
      for (const workload of this.all) pushIn(mapIn(this.#byAccount, workload.namespace), workload.serviceAccount, workload);
    }
    return this.#byAccount.get(namespace)?.get(serviceAccount) ?? [];
  }

  /** The shortest list that holds every match: that of the rarest wanted pair of label and value. */
  #candidates(namespace: string, wanted: Labels): readonly Workload[] {
    this.#byPair ??= indexPairs(this.all);
    let best = this.in(namespace);
    const pairs = this.#byPair.get(namespace);
    for (const key in wanted) {
      const holders = pairs?.get(`${key}=${wanted[key]}`) ?? [];
      if (holders.length < best.length) best = holders;
    }
    return best;
  }
}

type KindTables = { readonly [K in Kind]: KindTable<K> };

/** Everything that a rule can declare to read. */
export interface Tables extends KindTables {
  readonly workloads: Workloads;
  readonly namespaces: Namespaces;
  readonly access: Access;
  /** Minor of the Kubernetes release that is judged for: 34 of 1.34; feature gates of the API server where it tells them. */
  readonly kubernetes: {
    readonly minor: number;
    readonly assumed: boolean;
    readonly features: FeatureGates | undefined;
    /** The whole version, where an API server told it: `1.34.1`. */
    readonly server: string | undefined;
  };
  /** Whether every object of the cluster is known, so that absence means absence. */
  readonly completeness: { readonly complete: boolean };
  readonly objects: { readonly all: readonly ApiObject[] };
  /** What was collected on nodes, and what their ports answered. */
  readonly collected: Pick<Cluster, 'nodes' | 'probe'>;
}

export type TableName = keyof Tables;

export interface Cluster {
  /** In the order of their ids; see `objectOf`. */
  readonly objects: readonly ApiObject[];
  /** What is judged: workloads that another object of the input makes are rolled up into that one. */
  readonly workloads: readonly Workload[];
  /** As people count them: a workload whose pods run otherwise than its template says is one all the same. */
  readonly workloadCount: number;
  readonly rootOf: RootWorkloads['rootOf'];
  readonly tables: Tables;
  readonly gaps: readonly Gap[];
  /** Kinds of the cluster that could not be listed, or not to the end. */
  readonly missing: ReadonlyMap<Kind, MissingKind>;
  /** Only some namespaces were read: what lies in none is there as context, and who holds it is not known. */
  readonly partial: boolean;
  /** When it was read from the cluster, as RFC 3339; undefined for files. */
  readonly takenAt: string | undefined;
  /** What was collected on nodes. */
  readonly nodes: readonly NodeFacts[];
  /** What providers say of it. */
  readonly clouds: readonly CloudCluster[];
  /** What ports answered. */
  readonly probe: ProbeFacts | undefined;
  /** The same of kinds that no table holds; only who looks at all objects sees those. */
  readonly othersMissing: readonly MissingKind[];
}

/** What was read before, so that of a cluster that changed in few places only those are read again. */
export class ReadObjects {
  readonly objects = new WeakMap<SourceObject, ApiObject>();
  roots: KnownRoots | undefined;
}

/** Builds the model. The snapshot's own gaps are not repeated in the cluster's. */
export function buildCluster(snapshot: Snapshot, known?: ReadObjects): Cluster {
  const gaps: Gap[] = [];
  const objects: ApiObject[] = [];
  const lean = new Lean();
  let next = 0;
  for (const source of snapshot.objects) {
    const before = known?.objects.get(source);
    const object = before === undefined ? toApiObject(source, next, lean) : numbered(before, next);
    if ('code' in object) {
      gaps.push(object);
      continue;
    }
    objects.push(object);
    next = object.id + 1;
    known?.objects.set(source, object);
  }
  if (known !== undefined) known.roots = rootsAgain(objects, known.roots);
  const { workloads, rootOf } = known?.roots?.found ?? rootWorkloads(objects);
  const tables = buildTables(snapshot, objects, workloads);
  gaps.push(...absentNamespaces(snapshot, tables.namespaces), ...duplicates(objects));
  return {
    objects,
    workloads,
    workloadCount: workloads.filter(({ variantOf }) => variantOf === undefined).length,
    rootOf,
    tables,
    gaps,
    missing: missingKinds(snapshot),
    othersMissing: othersMissing(snapshot),
    partial: snapshot.header.namespaces !== undefined,
    takenAt: snapshot.header.takenAt,
    nodes: snapshot.nodes ?? [],
    clouds: snapshot.clouds ?? [],
    probe: snapshot.probe,
  };
}

/**
 * An object that was read before keeps its id where others before it are gone, and so stays the same object: whatever was
 * worked out of it holds on.
 */
function numbered(object: ApiObject, least: number): ApiObject {
  return object.id >= least ? object : { ...object, id: least };
}

/** The object of an id: at that place, or before it where objects were left out. */
export function objectOf({ objects }: Pick<Cluster, 'objects'>, id: number): ApiObject | undefined {
  let [first, last] = [0, Math.min(id, objects.length - 1)];
  if (objects[last]?.id === id) return objects[last];
  while (first <= last) {
    const middle = (first + last) >> 1;
    const found = objects[middle]?.id ?? id;
    if (found === id) return objects[middle];
    if (found < id) first = middle + 1;
    else last = middle - 1;
  }
  return undefined;
}

/** By its name, or where its server is gone by the resource alone. */
function kindIn({ group, kind, resource }: MissingKind): Kind | undefined {
  if (kind !== '') return kindOf(`${group}/`, kind);
  return (Object.keys(KINDS) as Kind[]).find(
    (each) => (KINDS[each].groups as readonly string[]).includes(group) && pluralOf(each) === resource,
  );
}

/** As Kubernetes forms the names of resources: policies, gateways, ingresses, endpoints. */
function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith('points')) return name;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|ch)$/.test(name) ? `${name}es` : `${name}s`;
}

/** Missing kinds that no table holds. */
function othersMissing({ header }: Snapshot): MissingKind[] {
  return (header.missing ?? []).filter((missing) => kindIn(missing) === undefined);
}

function missingKinds({ header }: Snapshot): Map<Kind, MissingKind> {
  const known = (header.missing ?? []).flatMap((missing): [Kind, MissingKind][] => {
    const kind = kindIn(missing);
    return kind === undefined ? [] : [[kind, missing]];
  });
  return new Map(known);
}

function buildTables(snapshot: Snapshot, objects: readonly ApiObject[], workloads: readonly Workload[]): Tables {
  const byKind = new Map<Kind, ApiObject[]>();
  for (const object of objects) {
    if (object.known === undefined) continue;
    const list = byKind.get(object.known);
    if (list === undefined) byKind.set(object.known, [object]);
    else list.push(object);
  }
  const makers: Record<string, () => unknown> = {
    workloads: () => new Workloads(workloads),
    namespaces: () => buildNamespaces(objects, workloads),
    access: () => new Access(tables.Role.all, tables.ClusterRole.all, [...tables.ClusterRoleBinding.all, ...tables.RoleBinding.all]),
    kubernetes: () => {
      const minor = minorOf(snapshot.header.kubernetesVersion);
      return {
        minor: minor ?? minorOf(NEWEST_KNOWN) ?? 0,
        assumed: minor === undefined,
        features: snapshot.header.features,
        server: snapshot.header.cluster === undefined ? undefined : snapshot.header.kubernetesVersion,
      };
    },
    completeness: () => ({ complete: snapshot.header.complete }),
    objects: () => ({ all: objects }),
    collected: () => ({ nodes: snapshot.nodes ?? [], probe: snapshot.probe }),
  };
  for (const kind of Object.keys(KINDS) as Kind[]) makers[kind] = () => new KindTable(byKind.get(kind) ?? []);
  const tables = lazily(makers) as unknown as Tables;
  return tables;
}

/** An object whose fields are made at first use and then stay. */
function lazily(makers: Record<string, () => unknown>): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const name of Object.keys(makers)) {
    let value: unknown;
    Object.defineProperty(made, name, { enumerable: true, get: () => (value ??= makers[name]?.()) });
  }
  return made;
}

function buildNamespaces(objects: readonly ApiObject[], workloads: readonly Workload[]): Namespaces {
  const anchors = new Map<string, ApiObject>();
  const own = new Map<string, ApiObject<'Namespace'>>();
  for (const object of objects) {
    if (object.known === 'Namespace') own.set(object.name, object as ApiObject<'Namespace'>);
    else if (object.namespace !== '' && !anchors.has(object.namespace)) anchors.set(object.namespace, object);
  }
  const workloadsOf = groupBy(workloads, (workload) => workload.namespace);
  const all: Namespace[] = [];
  for (const name of new Set([...own.keys(), ...anchors.keys()])) {
    const object = own.get(name);
    const anchor = object ?? anchors.get(name);
    if (anchor === undefined) continue;
    // The API server gives every namespace this label; selectors may rely on it.
    const labels = { ...object?.labels, 'kubernetes.io/metadata.name': name };
    all.push({ name, object, labels, anchor, workloads: workloadsOf.get(name) ?? [] });
  }
  return new Namespaces(all);
}

function absentNamespaces(snapshot: Snapshot, namespaces: Namespaces): Gap[] {
  const absent = namespaces.all.filter((namespace) => namespace.object === undefined).map((namespace) => namespace.name);
  if (absent.length === 0 || snapshot.header.complete) return [];
  const shown = absent.slice(0, 10).join(', ') + (absent.length > 10 ? ` and ${absent.length - 10} more` : '');
  return [
    {
      scope: `namespaces ${shown}`,
      code: 'namespace-absent',
      reason: 'objects lie in these namespaces, but the Namespace objects are not in the input',
      effect: 'their Pod Security labels are unknown',
    },
  ];
}

/** The same object twice: variants of one installation in one folder, mostly. Only one of them can be in a cluster. */
function duplicates(objects: readonly ApiObject[]): Gap[] {
  const seen = new Map<string, Map<string, Map<string, Set<string>>>>();
  const twice = new Set<string>();
  for (const object of objects) {
    const { group, kind, namespace, name } = object;
    if (name === '' || name.endsWith('*')) continue;
    const alike = mapIn(mapIn(seen, group), kind);
    const names = alike.get(namespace);
    if (names === undefined) alike.set(namespace, new Set([name]));
    else if (names.has(name)) twice.add(refOf(object));
    else names.add(name);
  }
  if (twice.size === 0) return [];
  const shown = [...twice].slice(0, 5).join(', ') + (twice.size > 5 ? ` and ${twice.size - 5} more` : '');
  return [
    {
      scope: shown,
      code: 'duplicate-object',
      reason: 'the input holds the same object more than once',
      effect: 'each was judged by itself; what refers to it sees the last one',
    },
  ];
}

function indexPairs(workloads: readonly Workload[]): Map<string, Map<string, Workload[]>> {
  const pairs = new Map<string, Map<string, Workload[]>>();
  for (const workload of workloads) {
    const inside = mapIn(pairs, workload.namespace);
    for (const key in workload.labels) {
      const holders = listIn(inside, `${key}=${workload.labels[key]}`);
      // Two labels that no server would take may read alike: `a=b: x` and `a: b=x`.
      if (holders.at(-1) !== workload) holders.push(workload);
    }
  }
  return pairs;
}
