/**
 * Which workloads are judged. What another one of the input makes is rolled up into it as far as it runs the same;
 * what runs otherwise is judged beside it, once for all pods that are alike.
 */
import { isOfCluster, makes } from '../snapshot/index.ts';
import { Effective, type Frame } from './effective.ts';
import { kindOf } from './kinds/catalog.ts';
import type { ApiObject } from './objects.ts';
import { type Workload, toWorkload } from './workloads.ts';

export interface RootWorkloads {
  /** In the order of the input. */
  readonly workloads: readonly Workload[];
  /** The workload above all others that made one, by uid; itself where none of them is in the input. */
  readonly rootOf: (workload: Workload) => Workload;
}

/** What was found before, and of which objects. */
export interface KnownRoots {
  readonly of: readonly ApiObject[];
  readonly found: RootWorkloads;
}

/** The same as before where neither workloads nor accounts are others. */
export function rootsAgain(objects: readonly ApiObject[], before: KnownRoots | undefined): KnownRoots {
  const of = objects.filter((object) => object.known === 'ServiceAccount' || toWorkload(object) !== undefined);
  const isSame = before !== undefined && of.length === before.of.length && of.every((object, index) => object === before.of[index]);
  return isSame ? before : { of, found: rootWorkloads(of) };
}

/** `objects` may leave out what is neither a workload nor an account. */
export function rootWorkloads(objects: readonly ApiObject[]): RootWorkloads {
  const workloads = objects.map((object) => toWorkload(object)).filter((workload) => workload !== undefined);
  let made: Owners | undefined;
  const ownersOf = (): Owners => (made ??= new Owners(workloads));
  const isOwned = workloads.some(({ object }) => controllerOf(object) !== undefined);
  return {
    workloads: isOwned ? judgedOf(objects, workloads, ownersOf()) : workloads,
    rootOf: (workload) => ownersOf().rootOf(workload),
  };
}

function judgedOf(objects: readonly ApiObject[], workloads: readonly Workload[], owners: Owners): Workload[] {
  const families = new Families(objects, owners);
  const alone = new Set<Workload>();
  for (const workload of workloads) {
    if (!owners.isPast(workload) && !families.take(workload)) alone.add(workload);
  }
  const chosen = families.chosen();
  return workloads.flatMap((workload) => {
    if (alone.has(workload)) return [workload];
    const root = chosen.get(workload);
    if (root === undefined) return [];
    return root === workload ? [workload] : (toWorkload(workload.object, root) ?? []);
  });
}

/** Who makes what, where both are in the input. Kinds make only kinds below them, so no chain comes back to itself. */
class Owners {
  readonly #byUid = new Map<string, Workload>();
  /** Those of which a pod runs. */
  readonly #running = new Set<Workload>();
  readonly #roots = new Map<Workload, Workload>();

  constructor(workloads: readonly Workload[]) {
    for (const workload of workloads) {
      const { uid } = workload.object.metadata;
      if (uid !== undefined && uid !== '' && workload.kind !== 'Pod') this.#byUid.set(`${clusterOf(workload)} ${uid}`, workload);
    }
    for (const workload of workloads) {
      if (workload.kind !== 'Pod' || isFinished(workload)) continue;
      const owner = this.of(workload);
      if (owner !== undefined) this.#running.add(owner);
    }
  }

  /** Known by its uid: only a server gives them. By name alone a manifest could hide what it runs behind any owner. */
  of(workload: Workload): Workload | undefined {
    const reference = controllerOf(workload.object);
    if (reference === undefined) return undefined;
    const owner = this.#byUid.get(`${clusterOf(workload)} ${reference.uid}`);
    if (owner === undefined || owner.namespace !== workload.namespace) return undefined;
    return owner.kind === reference.kind && owner.name === reference.name && makes(owner.object, workload.kind) ? owner : undefined;
  }

  rootOf(workload: Workload): Workload {
    let root = this.#roots.get(workload);
    if (root === undefined) {
      const owner = this.of(workload);
      this.#roots.set(workload, (root = owner === undefined ? workload : this.rootOf(owner)));
    }
    return root;
  }

  /** A pod that ended and is kept for its log, or a template that is kept to go back to it. */
  isPast(workload: Workload): boolean {
    return isFinished(workload) || (hasNoReplicas(workload) && !this.#running.has(workload) && this.of(workload) !== undefined);
  }
}

/** Of the kinds that another one makes anew for each change. */
function hasNoReplicas({ object }: Workload): boolean {
  const { known } = object;
  return (known === 'ReplicaSet' || known === 'ReplicationController') && (object as ApiObject<'ReplicaSet'>).body.spec?.replicas === 0;
}

/** Of a manifest the status says nothing: the server does not take it. */
function isFinished({ object }: Workload): boolean {
  if (object.known !== 'Pod' || !isOfCluster(object.origin) || controllerOf(object) === undefined) return false;
  const phase = (object as ApiObject<'Pod'>).body.status?.phase;
  return phase === 'Succeeded' || phase === 'Failed';
}

/** One root, or the same controller that is not in the input, and what differs of all below. */
interface Family {
  readonly frame: Frame;
  /** What the root itself says, once that was asked for. */
  own: string | undefined;
  /** By what it runs, the one that stands for all that run it. */
  readonly variants: Map<string, Workload>;
}

class Families {
  readonly #owners: Owners;
  readonly #families = new Map<Workload | string, Family>();
  readonly #effective = new Effective();
  readonly #accounts = new Map<string, ApiObject<'ServiceAccount'>>();
  readonly #accountOf: Frame['accountOf'] = ({ object, serviceAccount }) => this.#accounts.get(accountKey(object, serviceAccount));

  constructor(objects: readonly ApiObject[], owners: Owners) {
    this.#owners = owners;
    for (const object of objects) {
      if (object.known === 'ServiceAccount') this.#accounts.set(accountKey(object, object.name), object as ApiObject<'ServiceAccount'>);
    }
  }

  /** False for what stands alone, or above others. */
  take(workload: Workload): boolean {
    const root = this.#owners.rootOf(workload);
    const absent = absentOwnerOf(root);
    if (absent === undefined && root === workload) return false;
    const family = this.#familyOf(root, absent);
    const { frame } = family;
    if (this.#effective.isPlainlySame(workload, frame)) return true;
    const text = this.#effective.textOf(workload, frame);
    if (frame.root !== undefined && text === (family.own ??= this.#effective.textOf(frame.root, frame))) return true;
    const other = family.variants.get(text);
    if (other === undefined || isBefore(workload, other)) family.variants.set(text, workload);
    return true;
  }

  /** Those that are judged, each with the root under whose name it is told: itself where that is not in the input. */
  chosen(): Map<Workload, Workload> {
    const chosen = new Map<Workload, Workload>();
    for (const { frame, variants } of this.#families.values()) {
      for (const workload of variants.values()) chosen.set(workload, frame.root ?? workload);
    }
    return chosen;
  }

  #familyOf(root: Workload, absent: string | undefined): Family {
    const key = absent ?? root;
    let family = this.#families.get(key);
    if (family === undefined) {
      const frame: Frame = { root: absent === undefined ? root : undefined, accountOf: this.#accountOf };
      this.#families.set(key, (family = { frame, own: undefined, variants: new Map() }));
    }
    return family;
  }
}

/** Replicas of one controller that could not be read. What a program of its own makes has names that mean something. */
function absentOwnerOf(root: Workload): string | undefined {
  const reference = controllerOf(root.object);
  if (reference?.uid === undefined || reference.uid === '') return undefined;
  const { apiVersion = '', kind = '', uid } = reference;
  // Programs of its own make pods too. Known kinds that make none are claimed, or a node, whose own files say what it runs.
  const isForeign = root.kind === 'Pod' && kindOf(apiVersion, kind) === undefined;
  const isReplica = isForeign || makes({ apiVersion, kind }, root.kind);
  return isReplica ? `${clusterOf(root)} ${root.namespace} ${kind} ${uid}` : undefined;
}

/** A template says what comes next and keeps its name longer than a pod. */
function isBefore(one: Workload, other: Workload): boolean {
  const isPod = one.kind === 'Pod';
  return isPod === (other.kind === 'Pod') ? one.name < other.name : !isPod;
}

function controllerOf(object: ApiObject): NonNullable<ApiObject['metadata']['ownerReferences']>[number] | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

function clusterOf({ object }: Workload): string {
  return object.origin.cluster ?? '';
}

function accountKey({ origin, namespace }: ApiObject, name: string): string {
  return `${origin.cluster ?? ''} ${namespace} ${name}`;
}
