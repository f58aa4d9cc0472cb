import { documents, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';
import { hasBudget } from './budgets.ts';
import { replicaFloor } from './scaling.ts';

const budget = (selector: string): string =>
  `{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {maxUnavailable: 1, selector: ${selector}}}`;

export const rule = defineRule({
  id: 'pdb-missing',
  title: 'No PodDisruptionBudget',
  severity: 'info',
  area: 'reliability',
  rationale: 'Draining nodes for an upgrade may evict all replicas at the same time, since nothing says how many have to stay.',
  remedy: 'Add a PodDisruptionBudget with maxUnavailable 1 whose selector matches the pods.',
  controls: [],
  aliases: {
    polaris: ['missingPodDisruptionBudget'],
    'kube-score': ['deployment-has-poddisruptionbudget', 'statefulset-has-poddisruptionbudget'],
    popeye: ['206'],
    'kyverno-policies': ['require-pdb', 'create-default-pdb'],
  },
  scope: 'workload',
  reads: ['PodDisruptionBudget', 'workloads', 'HorizontalPodAutoscaler', 'ScaledObject'],
  applies(workload) {
    return REPLICATED.has(workload.kind);
  },
  check(workload, tables) {
    if (hasBudget(workload, tables)) return undefined;
    // For a single replica a budget only stands in the way of the drain.
    if ((replicaFloor(workload, tables) ?? 2) < 2) return undefined;
    return { message: 'no PodDisruptionBudget selects its pods', path: workload.podMetadataPath };
  },
  examples: () => ({
    good: [
      documents(withPod(''), budget('{matchLabels: {app: web}}')),
      documents(withPod(''), budget('{}')),
      withPod('').replace('spec:\n', 'spec:\n  replicas: 1\n'),
      withPod('').replace('Deployment', 'DaemonSet'),
    ],
    bad: [
      { yaml: withPod(''), path: 'spec.template.metadata' },
      {
        yaml: documents(withPod('').replace('Deployment', 'StatefulSet'), budget('{matchLabels: {app: api}}')),
        path: 'spec.template.metadata',
      },
      { yaml: documents(withPod(''), budget('{matchLabels: {app: web}}').replace('shop', 'other')), path: 'spec.template.metadata' },
      { yaml: documents(withPod(''), budget('{}').replace('policy/v1', 'policy/v1beta1')), path: 'spec.template.metadata' },
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
