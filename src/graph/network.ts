/** What of the network matters to an attacker: which pods reach the API server, and which ports of pods let whom in. */
import { type Decision, type End, Ends, type EntryPoint, Relation, ask, entryPoints, readWorld } from '../engines/network/index.ts';
import type { Cluster, Workload } from '../model/index.ts';
import type { GraphContext } from './context.ts';
import type { Placement } from './placement.ts';

/** Where API servers listen: behind the Service, and themselves. */
const API_PORTS = [443, 6443, 8443] as const;

export interface Reach {
  readonly egress: boolean;
  readonly ingress: boolean;
  /** Nothing but NetworkPolicies stands in the way of what is not allowed. */
  readonly byNetworkPolicy: boolean;
}

const OPEN: Reach = { egress: true, ingress: true, byNetworkPolicy: false };

export class Network {
  readonly #cluster: Cluster;
  readonly #placement: Placement;
  readonly #enforced: boolean;
  readonly #apiOf = new Map<string, boolean>();
  readonly #nodesOf = new Map<string, boolean>();
  #asked: { relation: Relation; ends: Ends; podsOf: ReadonlyMap<Workload, readonly string[]> } | undefined;
  #api: readonly End[] | undefined;
  #entries: Map<Workload, EntryPoint[]> | undefined;

  constructor(cluster: Cluster, placement: Placement, context: GraphContext) {
    this.#cluster = cluster;
    this.#placement = placement;
    this.#enforced = (context.networkPolicies ?? true) && cluster.objects.some(({ kind }) => POLICY_KINDS.has(kind));
  }

  /**
   * Whether pods of a workload can open a connection to the API server, which selectors of pods never find: it runs on
   * the network of its host, or elsewhere. Where its addresses are known they are asked, else any address outside.
   */
  reachesApiServer(workload: Workload): boolean {
    if (!this.#enforced || workload.pod.hostNetwork === true) return true;
    const from = this.#endOf(workload);
    const key = from.join();
    let known = this.#apiOf.get(key);
    if (known === undefined) this.#apiOf.set(key, (known = this.#reachesApi(from)));
    return known;
  }

  /** Whether pods of a workload can ask the metadata service of a cloud. */
  reachesMetadata(workload: Workload): boolean {
    if (!this.#enforced || workload.pod.hostNetwork === true) return true;
    const { relation, ends } = this.#world();
    const to = ends.find('ip:169.254.169.254');
    return to !== undefined && ask(relation, { from: this.#endOf(workload), to }, { protocol: 'TCP', port: 80 })?.egress.allowed === true;
  }

  /** Whether pods of a workload can open a connection to a port of a node; of one without a known address, to any outside. */
  reachesNode(workload: Workload, node: string, port: number): boolean {
    if (!this.#enforced || workload.pod.hostNetwork === true) return true;
    const from = this.#endOf(workload);
    const key = `${from.join()} ${port} ${node}`;
    let known = this.#nodesOf.get(key);
    if (known === undefined) {
      const addresses = this.#cluster.tables.Node.get('', node)?.body.status?.addresses ?? [];
      const ends = this.#endsAt(new Set(addresses.flatMap(({ address }) => address ?? [])));
      known = ends.some((to) => ask(this.#world().relation, { from, to }, { protocol: 'TCP', port })?.egress.allowed === true);
      this.#nodesOf.set(key, known);
    }
    return known;
  }

  /** Which sides let one workload's pods open a connection to a port of another's. */
  between(from: Workload, to: Workload, port: number): Reach {
    return this.#enforced ? this.#reach(this.#endOf(from), this.#endOf(to), port) : OPEN;
  }

  /** What lets traffic from outside to a port of a workload. */
  entriesTo(workload: Workload, port: number): readonly EntryPoint[] {
    this.#entries ??= this.#readEntries();
    return (this.#entries.get(this.#placement.rootOf(workload)) ?? []).filter((entry) => entry.port === port || entry.port === undefined);
  }

  #readEntries(): Map<Workload, EntryPoint[]> {
    const { relation } = this.#world();
    const roots = new Map<string, Workload>();
    for (const workload of this.#cluster.workloads) roots.set(`${workload.namespace}/${workload.name}`, this.#placement.rootOf(workload));
    for (const { workload, root } of this.#placement.pods) roots.set(`${workload.namespace}/${workload.name}`, root);
    const entries = new Map<Workload, EntryPoint[]>();
    for (const entry of entryPoints(relation)) {
      for (const index of entry.pods) {
        const pod = relation.world.pods[index];
        const root = pod === undefined ? undefined : roots.get(`${pod.namespace}/${pod.name}`);
        if (root === undefined) continue;
        const list = entries.get(root);
        if (list === undefined) entries.set(root, [entry]);
        else if (list.at(-1) !== entry) list.push(entry);
      }
    }
    return entries;
  }

  #reach(from: End, to: End, port: number): Reach {
    const decision = ask(this.#world().relation, { from, to }, { protocol: 'TCP', port });
    if (decision === undefined) return { egress: false, ingress: false, byNetworkPolicy: false };
    return { egress: decision.egress.allowed, ingress: decision.ingress.allowed, byNetworkPolicy: isNetworkPolicy(decision) };
  }

  #reachesApi(from: End): boolean {
    const { relation } = this.#world();
    return this.#addressesOfApi().some((to) =>
      API_PORTS.some((port) => ask(relation, { from, to }, { protocol: 'TCP', port })?.egress.allowed === true),
    );
  }

  /** The Service `kubernetes`, its endpoints, and nodes of the control plane, as far as the input tells of them. */
  #addressesOfApi(): readonly End[] {
    if (this.#api !== undefined) return this.#api;
    const { tables } = this.#cluster;
    const texts = new Set<string>();
    const { clusterIP } = tables.Service.get('default', 'kubernetes')?.body.spec ?? {};
    if (clusterIP !== undefined) texts.add(clusterIP);
    const subsets: unknown = tables.Endpoints.get('default', 'kubernetes')?.body.subsets;
    for (const [, address = ''] of JSON.stringify(subsets ?? []).matchAll(/"ip":"([^"]+)"/g)) texts.add(address);
    for (const node of tables.Node.all) {
      if (!isControlPlane(node.labels)) continue;
      for (const { address = '' } of node.body.status?.addresses ?? []) texts.add(address);
    }
    this.#api = this.#endsAt(texts);
    return this.#api;
  }

  /** Any address outside, where none of these is known. */
  #endsAt(texts: ReadonlySet<string>): readonly End[] {
    const known = [...texts].flatMap((text) => {
      const end = this.#world().ends.find(`ip:${text}`);
      return end === undefined ? [] : [end];
    });
    return known.length > 0 ? known : this.#outside();
  }

  #outside(): End[] {
    const { entities } = this.#world().relation;
    return entities.zones.all.map((_, index) => [entities.firstZone + index]);
  }

  #endOf(workload: Workload): End {
    const { ends, podsOf } = this.#world();
    const pods = podsOf.get(this.#placement.rootOf(workload)) ?? [];
    const classes = new Set(pods.flatMap((pod) => ends.find(pod) ?? []));
    if (classes.size > 0) return [...classes];
    return ends.find(`${workload.namespace}/${workload.name}[${workload.kind}]`) ?? [];
  }

  #world(): { relation: Relation; ends: Ends; podsOf: ReadonlyMap<Workload, readonly string[]> } {
    if (this.#asked !== undefined) return this.#asked;
    const world = readWorld(this.#cluster.objects.map(({ body }) => body as Readonly<Record<string, unknown>>));
    const relation = new Relation(this.#enforced ? world : { ...world, policies: [] });
    const podsOf = new Map<Workload, string[]>();
    for (const { workload, root } of this.#placement.pods) {
      const names = podsOf.get(root);
      if (names === undefined) podsOf.set(root, [`${workload.namespace}/${workload.name}`]);
      else names.push(`${workload.namespace}/${workload.name}`);
    }
    this.#asked = { relation, ends: new Ends(relation), podsOf };
    return this.#asked;
  }
}

const POLICY_KINDS: ReadonlySet<string> = new Set([
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
]);

function isNetworkPolicy({ egress, ingress }: Decision): boolean {
  const refused = [egress, ingress].filter(({ allowed }) => !allowed).flatMap(({ by }) => by);
  return refused.length > 0 && refused.every((policy) => policy.startsWith('NetworkPolicy/'));
}

export function isControlPlane(labels: Readonly<Record<string, string>>): boolean {
  return 'node-role.kubernetes.io/control-plane' in labels || 'node-role.kubernetes.io/master' in labels;
}
