/** Where workloads run: the nodes of their pods, else the nodes that would take them. */
import { type ApiObject, type Cluster, type Labels, type PodSpec, type Workload, rootFinder, toWorkload } from '../model/index.ts';

/** A pod that is in the input, and the workload that it is told as. */
export interface RunningPod {
  readonly workload: Workload;
  readonly root: Workload;
  /** '' where it stands on none yet. */
  readonly node: string;
}

export class Placement {
  readonly pods: readonly RunningPod[];
  readonly #cluster: Cluster;
  readonly #rootOf: (workload: Workload) => Workload;
  readonly #byName: Map<string, Workload> = new Map();
  #podsByName: ReadonlyMap<string, RunningPod> | undefined;
  readonly #nodesOf = new Map<Workload, Set<string>>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#rootOf = rootFinder(cluster.objects);
    for (const workload of cluster.workloads) this.#byName.set(`${workload.kind}/${workload.namespace}/${workload.name}`, workload);
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

  /** Whether a pod of a workload is in the input. */
  isRunning(workload: Workload): boolean {
    return this.#nodesOf.has(workload);
  }

  /** Names of the nodes on which a workload runs now; else of those that would take it, `certain` false then. */
  nodesOf(workload: Workload): { nodes: readonly string[]; certain: boolean } {
    const now = this.#nodesOf.get(workload);
    if (now !== undefined && now.size > 0) return { nodes: [...now], certain: true };
    const { nodeName } = workload.pod;
    if (nodeName !== undefined && nodeName !== '') return { nodes: [nodeName], certain: true };
    const nodes = this.#cluster.tables.Node.all.filter((node) => takes(node, workload.pod)).map(({ name }) => name);
    return { nodes, certain: false };
  }
}

/** A pod that ended and is kept for its log. Nobody writes that into a manifest by hand, so a file that says it was read from a cluster. */
export function isOver({ known, body }: ApiObject): boolean {
  const phase = known === 'Pod' ? (body as ApiObject<'Pod'>['body']).status?.phase : undefined;
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Whether the scheduler could put a pod on a node, as far as selectors and taints say. */
function takes(node: ApiObject<'Node'>, pod: PodSpec): boolean {
  const labels: Labels = { 'kubernetes.io/hostname': node.name, ...node.labels };
  for (const [key, value] of Object.entries(pod.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const taints = (node.body.spec?.taints ?? []).filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
  for (const { key = '', value = '', effect } of taints) {
    const tolerated = (pod.tolerations ?? []).some(
      (toleration) =>
        (!toleration.effect || toleration.effect === effect) &&
        (toleration.operator === 'Exists'
          ? !toleration.key || toleration.key === key
          : toleration.key === key && (toleration.value ?? '') === value),
    );
    if (!tolerated) return false;
  }
  const terms = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => (term.matchExpressions ?? []).every((expression) => fits(expression, labels)));
}

function fits(
  { key = '', operator, values = [] }: { key?: string; operator?: string; values?: readonly string[] },
  labels: Labels,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  // Greater and less than: taken as fitting, since what could be is asked.
  return true;
}
