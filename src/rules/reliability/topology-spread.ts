import { type Labels, type Workload, selectorMatches } from '../../model/index.ts';
import { POD, withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { replicaFloor } from './scaling.ts';

export const rule = defineRule({
  id: 'topology-spread',
  title: 'Replicas may all stand on one node',
  severity: 'info',
  area: 'reliability',
  rationale:
    'Without anti-affinity or spread constraints the scheduler only prefers to spread replicas: after a few upgrades they can all be on one node and fall with it.',
  remedy:
    'Add a topologySpreadConstraint with topologyKey kubernetes.io/hostname and whenUnsatisfiable ScheduleAnyway, whose labelSelector matches the pods themselves.',
  controls: [],
  aliases: {
    polaris: ['topologySpreadConstraint'],
    'kube-linter': ['no-anti-affinity', 'no-node-affinity'],
    'kube-score': ['deployment-has-host-podantiaffinity', 'statefulset-has-host-podantiaffinity', 'pod-topology-spread-constraints'],
    'kyverno-policies': ['topologyspreadconstraints-policy', 'spread-pods-across-topology'],
  },
  scope: 'workload',
  reads: ['HorizontalPodAutoscaler', 'ScaledObject'],
  check(workload, tables) {
    const invalid = invalidConstraint(workload);
    if (invalid !== undefined) return invalid;
    if (!REPLICATED.has(workload.kind) || (replicaFloor(workload, tables) ?? 2) < 2) return undefined;
    const { pod, podPath, labels } = workload;
    const constraints = pod.topologySpreadConstraints ?? [];
    if (constraints.some(({ labelSelector }) => selectorMatches(labelSelector, labels)) || repelsItself(workload)) return undefined;
    if (constraints.length > 0)
      return {
        message: 'its spread constraints do not select its own pods, so they count nothing',
        path: `${podPath}.topologySpreadConstraints`,
      };
    const { podAntiAffinity } = pod.affinity ?? {};
    if (podAntiAffinity !== undefined)
      return { message: 'its anti-affinity does not select its own pods', path: `${podPath}.affinity.podAntiAffinity` };
    return { message: 'nothing spreads its replicas over nodes', path: `${podPath}.topologySpreadConstraints` };
  },
  examples: () => ({
    good: [
      withPod(
        'topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]',
      ),
      withPod(
        'affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}}]}}',
      ),
      withPod('').replace('spec:\n', 'spec:\n  replicas: 1\n'),
      withPod('').replace('Deployment', 'DaemonSet'),
    ],
    bad: [
      { yaml: withPod(''), path: `${POD}.topologySpreadConstraints` },
      {
        yaml: withPod(
          'affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: api}}}]}}',
        ),
        path: `${POD}.affinity.podAntiAffinity`,
      },
      {
        yaml: withPod(
          'affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{namespaces: [other], topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}',
        ),
        path: `${POD}.affinity.podAntiAffinity`,
      },
      {
        yaml: withPod(
          'topologySpreadConstraints: [{maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]',
        ),
        path: `${POD}.topologySpreadConstraints[0].topologyKey`,
        severity: 'low',
      },
    ],
  }),
});

const REPLICATED: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
  'DeploymentConfig',
]);
const WHEN: ReadonlySet<string> = new Set(['DoNotSchedule', 'ScheduleAnyway']);

function repelsItself({ pod, labels, namespace }: Workload): boolean {
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [], preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } =
    pod.affinity?.podAntiAffinity ?? {};
  return (
    required.some((term) => selectsOwn(term, labels, namespace)) ||
    preferred.some(({ podAffinityTerm }) => podAffinityTerm !== undefined && selectsOwn(podAffinityTerm, labels, namespace))
  );
}

type Term = NonNullable<
  NonNullable<
    NonNullable<NonNullable<Workload['pod']['affinity']>['podAntiAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
  >[number]
>;

/** A term looks into the pod's own namespace unless it names others. */
function selectsOwn(
  { labelSelector, namespaces = [], namespaceSelector, topologyKey = '' }: Term,
  labels: Labels,
  namespace: string,
): boolean {
  const own =
    (namespaces.length === 0 && namespaceSelector === undefined) ||
    namespaces.includes(namespace) ||
    selectorMatches(namespaceSelector, { 'kubernetes.io/metadata.name': namespace });
  return topologyKey !== '' && own && selectorMatches(labelSelector, labels);
}

/** A constraint that the API server refuses. */
function invalidConstraint({ pod, podPath }: Workload): Hit | undefined {
  for (const [index, { maxSkew, minDomains, topologyKey = '', whenUnsatisfiable = '' }] of (
    pod.topologySpreadConstraints ?? []
  ).entries()) {
    const field =
      topologyKey === ''
        ? 'topologyKey'
        : !WHEN.has(whenUnsatisfiable)
          ? 'whenUnsatisfiable'
          : (maxSkew ?? 0) < 1
            ? 'maxSkew'
            : minDomains !== undefined && minDomains < 1
              ? 'minDomains'
              : undefined;
    if (field === undefined) continue;
    return {
      message: `the API server refuses spread constraint ${index + 1}: ${field} is missing or invalid`,
      path: `${podPath}.topologySpreadConstraints[${index}].${field}`,
      key: field,
      severity: 'low',
    };
  }
  return undefined;
}
