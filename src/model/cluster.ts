/**
 * Snapshot → Cluster: indexed, immutable, linear to build. Tables are made when first asked for, so a run pays
 * only for what its rules read.
 */
import type { Gap, Snapshot } from '../snapshot/index.ts';
import { Access } from './access.ts';
import { type Kind, KINDS } from './kinds/catalog.ts';
import type { LabelSelector, ObjectMeta } from './kinds/pod.ts';
import { type Labels, isEmptySelector, mapMatches, selectorMatches } from './labels.ts';
import { type ApiObject, toApiObject } from './objects.ts';
import { NEWEST_KNOWN, minorOf } from './versions.ts';
import { type Workload, toWorkload } from './workloads.ts';

/** All objects of one kind. */
export class KindTable<K extends Kind> {
  readonly all: readonly ApiObject<K>[];
  #byName: Map<string, ApiObject<K>> | undefined;
  #byNamespace: Map<string, ApiObject<K>[]> | undefined;

  constructor(all: readonly ApiObject<K>[]) {
    this.all = all;
  }

  /** By namespace ('' where the kind has none) and name. */
  get(namespace: string, name: string): ApiObject<K> | undefined {
    this.#byName ??= new Map(this.all.map((object) => [`${object.namespace}/${object.name}`, object]));
    return this.#byName.get(`${namespace}/${name}`);
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
  #byPair: Map<string, Workload[]> | undefined;
  #byAccount: Map<string, Workload[]> | undefined;

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
    this.#byAccount ??= groupBy(this.all, (workload) => `${workload.namespace}/${workload.serviceAccount}`);
    return this.#byAccount.get(`${namespace}/${serviceAccount}`) ?? [];
  }

  /** The shortest list that holds every match: that of the rarest wanted pair of label and value. */
  #candidates(namespace: string, wanted: Labels): readonly Workload[] {
    this.#byPair ??= indexPairs(this.all);
    let best = this.in(namespace);
    for (const key in wanted) {
      const holders = this.#byPair.get(`${namespace}/${key}=${wanted[key]}`) ?? [];
      if (holders.length < best.length) best = holders;
    }
    return best;
  }
}

type OwnerReference = NonNullable<ObjectMeta['ownerReferences']>[number];
type KindTables = { readonly [K in Kind]: KindTable<K> };

/** Everything that a rule can declare to read. */
export interface Tables extends KindTables {
  readonly workloads: Workloads;
  readonly namespaces: Namespaces;
  readonly access: Access;
  /** Minor of the Kubernetes release that is judged for: 34 of 1.34. */
  readonly kubernetes: { readonly minor: number; readonly assumed: boolean };
  /** Whether every object of the cluster is known, so that absence means absence. */
  readonly completeness: { readonly complete: boolean };
  readonly objects: { readonly all: readonly ApiObject[] };
}

export type TableName = keyof Tables;

export interface Cluster {
  readonly objects: readonly ApiObject[];
  /** What is judged: workloads that another object of the input makes are rolled up into that one. */
  readonly workloads: readonly Workload[];
  readonly tables: Tables;
  readonly gaps: readonly Gap[];
}

/** Builds the model. The snapshot's own gaps are not repeated in the cluster's. */
export function buildCluster(snapshot: Snapshot): Cluster {
  const gaps: Gap[] = [];
  const objects: ApiObject[] = [];
  for (const source of snapshot.objects) {
    const object = toApiObject(source, objects.length);
    if ('code' in object) gaps.push(object);
    else objects.push(object);
  }
  const workloads = rootWorkloads(objects);
  const tables = buildTables(snapshot, objects, workloads);
  gaps.push(...absentNamespaces(snapshot, tables.namespaces));
  return { objects, workloads, tables, gaps };
}

/**
 * Workloads without those that another workload of the input makes: a Pod of a ReplicaSet of a Deployment. An owner
 * that is no workload, or that is owned by what it owns, makes nothing: such an object would escape judgement.
 */
function rootWorkloads(objects: readonly ApiObject[]): Workload[] {
  const workloads = objects.map(toWorkload).filter((workload) => workload !== undefined);
  if (!workloads.some(({ object }) => ownerOf(object) !== undefined)) return workloads;
  const byName = new Map(workloads.map(({ object }) => [`${object.kind}/${object.namespace}/${object.name}`, object]));
  const ownerIn = (object: ApiObject): ApiObject | undefined => {
    const reference = ownerOf(object);
    const owner = reference && byName.get(`${reference.kind}/${object.namespace}/${reference.name}`);
    // Only a server gives uids. Without them a manifest could name any owner, and hide what it really runs behind it.
    return owner?.metadata.uid !== undefined && owner.metadata.uid === reference?.uid ? owner : undefined;
  };
  // Whether the chain of owners above an object comes back to itself.
  const circular = new Map<ApiObject, boolean>();
  const isCircular = (object: ApiObject): boolean => {
    const chain = new Set<ApiObject>();
    let at: ApiObject | undefined = object;
    while (at !== undefined && !circular.has(at) && !chain.has(at)) {
      chain.add(at);
      at = ownerIn(at);
    }
    const result = at !== undefined && (circular.get(at) ?? true);
    for (const link of chain) circular.set(link, result);
    return result;
  };
  return workloads.filter(({ object }) => ownerIn(object) === undefined || isCircular(object));
}

function ownerOf({ metadata }: ApiObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller === true);
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
      return { minor: minor ?? minorOf(NEWEST_KNOWN) ?? 0, assumed: minor === undefined };
    },
    completeness: () => ({ complete: snapshot.header.complete }),
    objects: () => ({ all: objects }),
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

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function indexPairs(workloads: readonly Workload[]): Map<string, Workload[]> {
  const pairs = new Map<string, Workload[]>();
  for (const workload of workloads) {
    for (const key in workload.labels) {
      const pair = `${workload.namespace}/${key}=${workload.labels[key]}`;
      const holders = pairs.get(pair);
      if (holders === undefined) pairs.set(pair, [workload]);
      else holders.push(workload);
    }
  }
  return pairs;
}
