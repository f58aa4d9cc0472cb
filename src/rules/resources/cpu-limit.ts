import { CONTAINER, documents, withContainer } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { missingAmount } from './amounts.ts';

const DEFAULTS = `
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, default: {cpu: 500m}}]}`;

const QUOTA = `
apiVersion: v1
kind: ResourceQuota
metadata: {name: compute, namespace: shop}
spec: {hard: {limits.cpu: "8"}}`;

export const rule = defineRule({
  id: 'cpu-limit',
  title: 'No CPU limit',
  severity: 'low',
  area: 'resources',
  rationale:
    'Nothing but the node stops the container from taking all CPU time that others leave: a runaway or hijacked process slows its neighbours down to their requests, and mining costs as much as the node can give.',
  remedy:
    'Set resources.limits.cpu, or a default for the namespace with a LimitRange. Many teams leave it out on purpose where every pod has a CPU request, since a limit throttles even when the node is idle: then switch this rule off and keep cpu-request.',
  controls: [...nsa('resource-policies'), ...mitre('T1496')],
  aliases: {
    kubescape: ['C-0270', 'C-0009', 'C-0050'],
    trivy: ['KSV-0011'],
    checkov: ['CKV_K8S_11'],
    polaris: ['cpuLimitsMissing'],
    'kube-linter': ['unset-cpu-requirements'],
    'kube-score': ['container-resources'],
    kubeaudit: ['limits'],
    kubesec: ['LimitsCPU'],
    popeye: ['107'],
    'kyverno-policies': ['require-cpu-limits', 'forbid-cpu-limits'],
    'gatekeeper-library': ['containerlimits', 'containerresources'],
  },
  // As memory-limit, for where a LimitRange gives memory only.
  coversSameField: ['cpu-request', 'ephemeral-storage'],
  scope: 'container',
  reads: ['LimitRange', 'ResourceQuota'],
  check(container, tables) {
    return missingAmount(container, { resource: 'cpu', side: 'limits' }, tables);
  },
  examples: () => ({
    good: [
      withContainer('resources: {limits: {cpu: 500m}}'),
      documents(withContainer(''), DEFAULTS),
      // The pod has a budget that its containers share.
      withContainer('', 'resources: {limits: {cpu: 500m}}'),
      // Containers for debugging cannot have resources.
      withContainer('resources: {limits: {cpu: 500m}}', 'ephemeralContainers: [{name: debug, image: busybox}]'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.resources` },
      { yaml: documents(withContainer(''), QUOTA), path: `${CONTAINER}.resources` },
      {
        yaml: withContainer('resources: {limits: {cpu: 500m}}', 'initContainers: [{name: setup, image: busybox}]'),
        path: 'spec.template.spec.initContainers[0].resources',
      },
    ],
  }),
});
