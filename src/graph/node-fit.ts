/** Whether the scheduler could put a pod on a node, as far as selectors, affinity and taints say. */
import type { ApiObject, Labels, PodSpec, Workload } from '../model/index.ts';

type Toleration = NonNullable<PodSpec['tolerations']>[number];
type Taint = NonNullable<NonNullable<ApiObject<'Node'>['body']['spec']>['taints']>[number];

interface Expression {
  key?: string;
  operator?: string;
  values?: readonly string[];
}

/** What the DaemonSet controller lets its pods tolerate, whatever their template says. */
const OF_DAEMONS: readonly Toleration[] = [
  ...['not-ready', 'unreachable'].map((name) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists', effect: 'NoExecute' })),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: 'NoSchedule',
  })),
];
const OF_DAEMONS_OF_THE_HOST: Toleration = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' };
/** Taints of nodes of the control plane, as kubeadm and its older releases set them. */
const CONTROL_PLANE = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
/** Labels that nodes of the control plane have too. */
const OF_EVERY_NODE: ReadonlySet<string> = new Set(['kubernetes.io/os', 'kubernetes.io/arch', ...CONTROL_PLANE]);

export function takes(node: ApiObject<'Node'>, { kind, pod }: Pick<Workload, 'kind' | 'pod'>): boolean {
  const labels: Labels = { 'kubernetes.io/hostname': node.name, ...node.labels };
  for (const [key, value] of Object.entries(pod.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const tolerations = tolerationsOf(kind, pod);
  const taints = (node.body.spec?.taints ?? []).filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
  if (!taints.every((taint) => tolerations.some((each) => tolerates(each, taint)))) return false;
  const terms = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const ofNode: Labels = { 'metadata.name': node.name };
  return (
    terms === undefined ||
    terms.some(
      ({ matchExpressions = [], matchFields = [] }) =>
        matchExpressions.length + matchFields.length > 0 &&
        matchExpressions.every((expression) => fits(expression, labels)) &&
        matchFields.every((expression) => fits(expression, ofNode)),
    )
  );
}

/** Whether nothing keeps a pod from a node of the control plane that is made as kubeadm makes it. */
export function fitsControlPlane({ kind, pod }: Pick<Workload, 'kind' | 'pod'>): boolean {
  if (Object.keys(pod.nodeSelector ?? {}).some((key) => !OF_EVERY_NODE.has(key))) return false;
  const tolerations = tolerationsOf(kind, pod);
  return CONTROL_PLANE.some((key) => tolerations.some((each) => tolerates(each, { key, effect: 'NoSchedule' })));
}

function tolerationsOf(kind: string, { tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] {
  if (kind !== 'DaemonSet') return tolerations;
  return [...tolerations, ...OF_DAEMONS, ...(hostNetwork === true ? [OF_DAEMONS_OF_THE_HOST] : [])];
}

function tolerates(toleration: Toleration, { key = '', value = '', effect }: Taint): boolean {
  if (toleration.effect && toleration.effect !== effect) return false;
  if (toleration.operator === 'Exists') return !toleration.key || toleration.key === key;
  return toleration.key === key && (toleration.value ?? '') === value;
}

function fits({ key = '', operator, values = [] }: Expression, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const [own, other] = [Number.parseInt(value ?? '', 10), Number.parseInt(values[0] ?? '', 10)];
  if (operator === 'Gt') return own > other;
  return operator === 'Lt' && own < other;
}
