import { CONTAINER, documents, withContainer } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { missingAmount } from './amounts.ts';

const DEFAULTS = `
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, default: {memory: 256Mi}}]}`;

const QUOTA = `
apiVersion: v1
kind: ResourceQuota
metadata: {name: compute, namespace: shop}
spec: {hard: {limits.memory: "8"}}`;

export const rule = defineRule({
  id: 'memory-limit',
  title: 'No memory limit',
  severity: 'medium',
  area: 'resources',
  rationale:
    'The container can take all memory of its node: a leak, or requests that an attacker makes large, get other pods of the node killed or evicted.',
  remedy:
    'Set resources.limits.memory to the peak that was observed and some room, or a default for the namespace with a LimitRange. A container that goes beyond its limit is killed, so measure first.',
  controls: [...nsa('resource-policies'), ...mitre('T1499')],
  aliases: {
    kubescape: ['C-0271', 'C-0009', 'C-0004'],
    trivy: ['KSV-0018'],
    checkov: ['CKV_K8S_13'],
    polaris: ['memoryLimitsMissing'],
    'kube-linter': ['unset-memory-requirements'],
    'kube-score': ['container-resources'],
    kubeaudit: ['limits'],
    kubesec: ['LimitsMemory'],
    popeye: ['107'],
    'kyverno-policies': ['require-pod-requests-limits'],
    'gatekeeper-library': ['containerlimits', 'containerresources'],
  },
  // Where a container says nothing at all of resources, that is one fact.
  coversSameField: ['memory-request', 'cpu-limit', 'cpu-request', 'ephemeral-storage'],
  scope: 'container',
  reads: ['LimitRange', 'ResourceQuota'],
  check(container, tables) {
    return missingAmount(container, { resource: 'memory', side: 'limits' }, tables);
  },
  examples: () => ({
    good: [
      withContainer('resources: {limits: {memory: 256Mi}}'),
      documents(withContainer(''), DEFAULTS),
      // The pod has a budget that its containers share.
      withContainer('', 'resources: {limits: {memory: 256Mi}}'),
      // Containers for debugging cannot have resources.
      withContainer('resources: {limits: {memory: 256Mi}}', 'ephemeralContainers: [{name: debug, image: busybox}]'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.resources` },
      { yaml: documents(withContainer(''), QUOTA), path: `${CONTAINER}.resources` },
      {
        yaml: withContainer('resources: {limits: {memory: 256Mi}}', 'initContainers: [{name: setup, image: busybox}]'),
        path: 'spec.template.spec.initContainers[0].resources',
      },
    ],
  }),
});
