/** Where workloads run: the nodes of their pods, else the nodes that would take them. */
import { groupBy } from '../lib/groups.ts';
import { type ApiObject, type Cluster, type Workload, toWorkload } from '../model/index.ts';
import { isOfCluster } from '../snapshot/index.ts';
import { takes } from './node-fit.ts';

/** A pod that is in the input, and the workload that it is told as. */
export interface RunningPod {
  readonly workload: Workload;
  readonly root: Workload;
  /** '' where it stands on none yet. */
  readonly node: string;
}

/** Nodes among which a workload may come to run; the same object for all workloads that have the same. */
export interface Spots {
  readonly id: number;
  readonly nodes: readonly string[];
}

/** The name of a node that the input leaves out, where it has no Node at all. */
const ELSEWHERE = 'that is not in the input';
/** Selectors of nodes that are told apart where no node is known. */
const MOST_SELECTORS = 50;
type Selector = Readonly<Record<string, string>>;

export class Placement {
  /** Every node that is an object, or on which a pod stands. */
  readonly nodes: readonly string[];
  /** Nodes that are not in the input: a plain one, and one for each selector of nodes; none where a Node is. */
  readonly elsewhere: readonly string[];
  readonly pods: readonly RunningPod[];
  readonly #cluster: Cluster;
  readonly #rootOf: (workload: Workload) => Workload;
  #workloads: ReadonlyMap<string, Workload> | undefined;
  #podsByName: ReadonlyMap<string, RunningPod> | undefined;
  #podsIn: ReadonlyMap<string, readonly RunningPod[]> | undefined;
  readonly #nodesOf = new Map<Workload, Set<string>>();

  readonly #selectors: readonly Selector[];
  readonly #fitting = new Map<string, readonly string[]>();
  readonly #spots = new Map<string, Spots>();
  readonly #spotsByNodes = new Map<string, Spots>();

  /** With `assumeNodes`, input without Nodes has some all the same. */
  constructor(cluster: Cluster, { assumeNodes = false }: { assumeNodes?: boolean | undefined } = {}) {
    this.#cluster = cluster;
    this.#rootOf = cluster.rootOf;
    const pods: RunningPod[] = [];
    for (const object of cluster.tables.Pod.all) {
      const workload = toWorkload(object);
      if (workload === undefined || isOver(object)) continue;
      const root = this.rootOf(workload);
      const node = workload.pod.nodeName ?? '';
      pods.push({ workload, root, node });
      let nodes = this.#nodesOf.get(root);
      if (nodes === undefined) this.#nodesOf.set(root, (nodes = new Set()));
      if (node !== '') nodes.add(node);
    }
    this.pods = pods;
    const { Node } = cluster.tables;
    this.nodes = [...new Set([...Node.all.map(({ name }) => name), ...pods.flatMap(({ node }) => (node === '' ? [] : [node]))])];
    this.#selectors = assumeNodes && Node.all.length === 0 ? selectorsOf(cluster) : [];
    this.elsewhere = this.#selectors.map((selector) =>
      Object.keys(selector).length === 0
        ? ELSEWHERE
        : `with ${Object.entries(selector)
            .map((pair) => pair.join('='))
            .join(', ')}`,
    );
  }

  /** The workload under whose name one is told. Owners are believed by uid; where no uid is told, as in files, by name. */
  rootOf(workload: Workload): Workload {
    const root = this.#rootOf(workload.variantOf ?? workload);
    const owner = root.object.metadata.ownerReferences?.find(({ controller }) => controller !== false);
    if (owner === undefined) return root;
    const { kind = '', name = '' } = owner;
    const named = this.#byName.get(`${kind}/${root.namespace}/${name}`);
    if (named !== undefined && named !== root && named.kind !== 'Pod') return this.#above(named);
    // A ReplicaSet that is not there itself: its name is that of the Deployment and a hash.
    const deployment =
      kind === 'ReplicaSet' ? this.#byName.get(`Deployment/${root.namespace}/${name.replace(/-[a-z0-9]+$/, '')}`) : undefined;
    return deployment ?? root;
  }

  /** Asked for where something names an owner. */
  get #byName(): ReadonlyMap<string, Workload> {
    return (this.#workloads ??= new Map(
      this.#cluster.workloads.map((workload) => [`${workload.kind}/${workload.namespace}/${workload.name}`, workload]),
    ));
  }

  #above(workload: Workload): Workload {
    const owner = workload.object.metadata.ownerReferences?.find(({ controller }) => controller !== false);
    const above = owner === undefined ? undefined : this.#byName.get(`${owner.kind ?? ''}/${workload.namespace}/${owner.name ?? ''}`);
    return above === undefined || above === workload ? workload : above;
  }

  /** A pod by its name. */
  podNamed(namespace: string, name: string): RunningPod | undefined {
    this.#podsByName ??= new Map(this.pods.map((pod) => [`${pod.workload.namespace}/${pod.workload.name}`, pod]));
    return this.#podsByName.get(`${namespace}/${name}`);
  }

  podsIn(namespace: string): readonly RunningPod[] {
    this.#podsIn ??= groupBy(this.pods, ({ workload }) => workload.namespace);
    return this.#podsIn.get(namespace) ?? [];
  }

  /** Whether a pod of a workload is in the input. */
  isRunning(workload: Workload): boolean {
    return this.#nodesOf.has(workload);
  }

  /**
   * Names of the nodes on which a workload runs now, or surely will, as a DaemonSet of files does on each that takes it;
   * else of those that would take it, `certain` false then.
   */
  nodesOf(workload: Workload): { nodes: readonly string[]; certain: boolean } {
    const now = this.#nodesOf.get(workload);
    if (now !== undefined && now.size > 0) return { nodes: [...now], certain: true };
    const { nodeName } = workload.pod;
    if (nodeName !== undefined && nodeName !== '') return { nodes: [nodeName], certain: true };
    const nodes = this.#takers(workload);
    return { nodes, certain: this.runsByTemplate(workload) && nodes.length > 0 };
  }

  /** A DaemonSet of which no pod is in the input, though nothing says that none runs. */
  runsByTemplate({ kind, object }: Workload): boolean {
    return kind === 'DaemonSet' && !isOfCluster(object.origin);
  }

  /** Where a workload may come to run besides where it does; undefined where it stays. */
  spotsOf(workload: Workload): Spots | undefined {
    const { kind, pod, object } = workload;
    const now = this.#nodesOf.get(workload);
    if (pod.nodeName || (kind === 'Pod' && now !== undefined && now.size > 0)) return undefined;
    if (kind === 'Job' && now === undefined && isOfCluster(object.origin)) return undefined;
    const spots = this.#amongWhich(workload);
    const { nodes: own, certain } = this.nodesOf(workload);
    const isThere = (): boolean => own.length >= spots.nodes.length && spots.nodes.every((node) => own.includes(node));
    return spots.nodes.length === 0 || (certain && isThere()) ? undefined : spots;
  }

  #amongWhich(workload: Workload): Spots {
    const asked = askOf(workload);
    let spots = this.#spots.get(asked);
    if (spots !== undefined) return spots;
    const nodes = [...this.#takers(workload), ...this.#unknownTakers(workload)];
    const key = nodes.join('\n');
    spots = this.#spotsByNodes.get(key) ?? { id: this.#spotsByNodes.size + 1, nodes };
    this.#spotsByNodes.set(key, spots);
    this.#spots.set(asked, spots);
    return spots;
  }

  #takers(workload: Workload): readonly string[] {
    const key = askOf(workload);
    let names = this.#fitting.get(key);
    if (names === undefined)
      this.#fitting.set(key, (names = this.#cluster.tables.Node.all.filter((node) => takes(node, workload)).map(({ name }) => name)));
    return names;
  }

  /** Nodes of which no more than their name is known, or not even that. */
  #unknownTakers({ pod }: Workload): string[] {
    const selector = pod.nodeSelector ?? {};
    const isPicky =
      Object.keys(selector).length > 0 || pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined;
    const named = isPicky ? [] : this.nodes.filter((name) => this.#cluster.tables.Node.get('', name) === undefined);
    return [...named, ...this.elsewhere.filter((_, index) => agree(selector, this.#selectors[index] ?? {}))];
  }
}

/** What a workload asks of nodes: those that ask for the same have the same. */
function askOf({ kind, pod }: Workload): string {
  return JSON.stringify([kind === 'DaemonSet', pod.hostNetwork, pod.nodeSelector, pod.tolerations, pod.affinity?.nodeAffinity]);
}

/** A node that is asked for by its labels may have others too, unless it has other values of them; a plain one has none. */
function agree(one: Selector, other: Selector): boolean {
  if (Object.keys(other).length === 0) return Object.keys(one).length === 0;
  return Object.entries(one).every(([key, value]) => !Object.hasOwn(other, key) || other[key] === value);
}

/** The plain node asks for nothing. Of very many selectors only the first have a node of their own. */
function selectorsOf({ workloads }: Cluster): Selector[] {
  const selectors = new Map<string, Selector>();
  for (const { pod } of workloads) {
    const entries = Object.entries(pod.nodeSelector ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
    if (entries.length > 0) selectors.set(JSON.stringify(entries), Object.fromEntries(entries));
  }
  return [{}, ...[...selectors.values()].slice(0, MOST_SELECTORS)];
}

/**
 * A pod or Job that ended and is kept for its log. Nobody writes that into a manifest by hand, so a file that says it was
 * read from a cluster.
 */
export function isOver({ known, body }: ApiObject): boolean {
  if (known === 'Job') {
    const conditions = (body as { status?: { conditions?: readonly { type?: string; status?: string }[] } }).status?.conditions ?? [];
    return conditions.some(({ type = '', status }) => ENDS_OF_JOBS.has(type) && status === 'True');
  }
  const phase = known === 'Pod' ? (body as ApiObject<'Pod'>['body']).status?.phase : undefined;
  return phase === 'Succeeded' || phase === 'Failed';
}

const ENDS_OF_JOBS: ReadonlySet<string> = new Set(['Complete', 'Failed']);
