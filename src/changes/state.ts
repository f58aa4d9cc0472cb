/** One state of a cluster with the answers of the engines, each made when first asked for. */
import { textOf } from '../lib/record.ts';
import { type World, readWorld } from '../engines/network/index.ts';
import type { Rbac } from '../engines/rbac/index.ts';
import { AttackGraph, COUNTED, type GraphContext, footholds, nodeWays, rbacWithBuiltIns } from '../graph/index.ts';
import { type Cluster, ReadObjects, buildCluster } from '../model/index.ts';
import type { Change, Finding } from '../rules/index.ts';
import type { Gap, NodeFacts, Snapshot, SourceObject } from '../snapshot/index.ts';
import { type FailingRules, failingAfter, failingOnNodes, failingRules } from './controls.ts';
import { withEmptiedRoles } from './emptied-roles.ts';
import { nodesAfter } from './nodes/node-change.ts';
import { overlaid } from './overlay.ts';
import { type Facts, Inventory, type RequiredUse, factsOf, requiredUses } from './network-policies/index.ts';
import type { UseRecord } from '../record/index.ts';
import { rolledBy, rolledOut } from './rolled-out.ts';
import { type LiveUse, liveUsesIn } from './requests/seen-live.ts';
import { type Surroundings, surroundingsOf, surroundingsWith } from './surroundings.ts';

export const TARGET = 'ClusterAdmin';

/** The entries that reach cluster control, by name. */
export interface Paths {
  readonly exposed: readonly string[];
  readonly workloads: readonly string[];
}

export interface StateContext extends GraphContext {
  /** Where the API server and the nodes are, where the input does not tell. */
  readonly addresses?: Facts;
}

/** Of another state what is the same here. */
interface Base {
  readonly objects: readonly SourceObject[];
  readonly read: ReadObjects;
  readonly required?: { known?: { readonly record: UseRecord | undefined; readonly uses: readonly RequiredUse[] } };
  readonly nodes: readonly NodeFacts[];
  readonly seen: () => readonly LiveUse[];
  /** Of a state from which nothing but roles and bindings differ. */
  readonly surroundings?: () => Surroundings;
}

export class State {
  readonly objects: readonly SourceObject[];
  readonly #snapshot: Snapshot;
  readonly #context: StateContext;
  /** What was read of objects that other states have too. */
  readonly #read: ReadObjects;
  #cluster: Cluster | undefined;
  #graph: AttackGraph | undefined;
  #world: World | undefined;
  #paths: Paths | undefined;
  #rbac: Rbac | undefined;
  #clusterFailing: FailingRules | undefined;
  #onNodes: readonly Finding[] | undefined;
  #surroundings: Surroundings | undefined;
  readonly #surroundingsBefore: Base['surroundings'];
  /** Shared with states that differ by policies alone. */
  readonly #required: NonNullable<Base['required']>;

  /** Machines, as they are or would be. */
  readonly nodes: readonly NodeFacts[];

  /** What the cluster shows of use, as it was read: the same for all states that come of it. */
  readonly seen: () => readonly LiveUse[];

  constructor(snapshot: Snapshot, context: StateContext = {}, from?: Base) {
    this.#snapshot = snapshot;
    this.nodes = from?.nodes ?? snapshot.nodes ?? [];
    this.#context = context;
    this.objects = from?.objects ?? [...snapshot.objects];
    this.#read = from?.read ?? new ReadObjects();
    this.#required = from?.required ?? {};
    this.#surroundingsBefore = from?.surroundings;
    this.seen = from?.seen ?? this.#seenLive();
  }

  /** What was read of the objects, for whoever reads them again. */
  get read(): ReadObjects {
    return this.#read;
  }

  /** What could not be read of the input. */
  get gaps(): readonly Gap[] {
    return this.#snapshot.gaps;
  }

  get cluster(): Cluster {
    return (this.#cluster ??= buildCluster(this.snapshot, this.#read));
  }

  /** Whether an object of a resource that is not here does not exist. Files rarely hold everything. */
  knows(resource: string): boolean {
    const { kind, missing = [], namespaces } = this.#snapshot.header;
    return kind !== 'manifests' && namespaces === undefined && !missing.some((one) => one.resource === resource);
  }

  /** With the roles that Kubernetes has by itself, which files leave out. */
  get rbac(): Rbac {
    return (this.#rbac ??= this.#graph?.scene.rbac ?? rbacWithBuiltIns(this.cluster.tables, this.#context));
  }

  get surroundings(): Surroundings {
    const before = this.#surroundingsBefore;
    return (this.#surroundings ??= before === undefined ? surroundingsOf(this.objects) : surroundingsWith(before(), this.objects));
  }

  /** How many API servers there are: addresses and Leases tell of the same, and one of them may be behind. */
  get servers(): number | undefined {
    const { leases } = this.#snapshot.header;
    const known = [this.surroundings.servers, leases?.servers].filter((count) => count !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  }

  /** The same with what somebody tells: of too few logs a record would seem whole, so that the larger number counts. */
  serversWith(told: number | undefined): number | undefined {
    const known = this.servers;
    return told === undefined || known === undefined ? (told ?? known) : Math.max(told, known);
  }

  /** What the user tells of addresses. */
  get addresses(): Facts {
    return this.#context.addresses ?? { apiServer: [], nodes: [] };
  }

  /** Connections that are needed though no log need hold them. They depend on no policy. */
  requiredUses(record: UseRecord | undefined): readonly RequiredUse[] {
    const { known } = this.#required;
    if (known !== undefined && known.record === record) return known.uses;
    const inventory = new Inventory(this.snapshot, { read: this.#read });
    const facts = factsOf(inventory, this.addresses);
    const uses = requiredUses(inventory, { facts, record });
    this.#required.known = { record, uses };
    return uses;
  }

  /** Rules that fail somewhere, on objects or on nodes. */
  get failing(): FailingRules {
    this.#clusterFailing ??= failingRules(this.cluster);
    return this.#withNodes(this.#clusterFailing);
  }

  /** The same, where nothing but objects of these kinds, and nodes, differ from another state. */
  failingSince(before: State, kinds: ReadonlySet<string>): FailingRules {
    before.#clusterFailing ??= failingRules(before.cluster);
    this.#clusterFailing ??=
      kinds.size === 0
        ? before.#clusterFailing
        : failingAfter({ before: before.cluster, after: this.cluster }, before.#clusterFailing, kinds);
    return this.#withNodes(this.#clusterFailing);
  }

  /** What fails on nodes, each with the change that settles it where there is one. */
  get onNodes(): readonly Finding[] {
    this.#onNodes ??= failingOnNodes(this.nodes, this.#snapshot.header.kubernetesVersion);
    return this.#onNodes;
  }

  #withNodes(failing: FailingRules): FailingRules {
    return this.nodes.length === 0 ? failing : new Set([...failing, ...this.onNodes.map(({ rule }) => rule.id)]);
  }

  get snapshot(): Snapshot {
    return { ...this.#snapshot, objects: this.objects, ...(this.nodes.length > 0 && { nodes: this.nodes }) };
  }

  /** The same with objects of some kinds alone: quick to change where only they matter. */
  only(kinds: ReadonlySet<string>): State {
    const objects = this.objects.filter(({ object }) => kinds.has(textOf(object.kind)));
    return new State(this.#snapshot, this.#context, { objects, nodes: this.nodes, read: this.#read, seen: this.seen });
  }

  get world(): World {
    return (this.#world ??= readWorld(this.objects.map(({ object }) => object)));
  }

  get graph(): AttackGraph {
    return (this.#graph ??= new AttackGraph(this.cluster, this.#context));
  }

  get paths(): Paths {
    return (this.#paths ??= { exposed: this.#reaching('exposed'), workloads: this.#reaching('workloads') });
  }

  /** What workloads run is what they run once it was made anew. @throws CAS_CHANGE where a change does not fit */
  with(...changes: readonly Change[]): State {
    const nodes = nodesAfter(this.nodes, changes);
    const patches = changes.flatMap(({ patches: list }) => list);
    if (patches.some(({ node }) => node === undefined)) {
      const { objects: overlay, touched } = overlaid(this.objects, changes);
      const objects = withEmptiedRoles(this.objects, rolledOut(this.objects, overlay, rolledBy(changes)), touched);
      const isOfRights = patches.every(({ target, node }) => node !== undefined || RIGHTS.test(target));
      const isOfPolicies = patches.every(({ target, node }) => node !== undefined || target.startsWith('NetworkPolicy/'));
      return new State(this.#snapshot, this.#context, {
        objects,
        nodes,
        read: this.#read,
        seen: this.seen,
        ...(isOfPolicies && { required: this.#required }),
        ...(isOfRights && { surroundings: () => this.surroundings }),
      });
    }
    const after = new State(this.#snapshot, this.#context, {
      objects: this.objects,
      nodes,
      read: this.#read,
      required: this.#required,
      seen: this.seen,
    });
    // Of the objects everything is as it was; of ways only what kubelets and API servers allow makes or ends any.
    if (!patches.some(mayMakeWays) || this.#nodeWays() === after.#nodeWays()) {
      after.#cluster = this.#cluster;
      after.#graph = this.#graph;
      after.#paths = this.#paths;
    }
    after.#world = this.#world;
    after.#rbac = this.#rbac;
    after.#surroundings = this.#surroundings;
    after.#clusterFailing = this.#clusterFailing;
    return after;
  }

  #nodeWays(): string {
    return nodeWays({ nodes: this.nodes, probe: this.#snapshot.probe });
  }

  /** Looked for once, when first asked for. Files tell of no time. */
  #seenLive(): () => readonly LiveUse[] {
    let known: readonly LiveUse[] | undefined;
    return () => {
      const { takenAt, leases } = this.#snapshot.header;
      const readAt = Date.parse(takenAt ?? '') / 1000;
      const { objects, cluster, surroundings } = this;
      return (known ??= Number.isNaN(readAt) ? [] : liveUsesIn({ objects, cluster, surroundings, leases, readAt }));
    };
  }

  #reaching(kind: 'exposed' | 'workloads'): string[] {
    const target = this.graph.find(TARGET);
    if (target === undefined) return [];
    const entries = footholds(this.graph, kind);
    const reach = this.graph.entriesThatReach(
      entries.map((name) => this.graph.find(name) ?? -1),
      target,
      COUNTED,
    );
    return entries.filter((_entry, index) => reach[index] === 1);
  }
}

const RIGHTS = /^(?:Cluster)?Role(?:Binding)?\//;

const MAKE_WAYS: ReadonlySet<string> = new Set(['kubelet', 'kube-apiserver', 'etcd']);

function mayMakeWays({ node }: Change['patches'][number]): boolean {
  const operations = node?.operations ?? [];
  return operations.some((one) => one.operation === 'field' || (one.operation === 'flag' && MAKE_WAYS.has(one.component)));
}
