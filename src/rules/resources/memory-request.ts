import { CONTAINER, documents, withContainer } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { missingAmount } from './amounts.ts';

const DEFAULTS = `
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, defaultRequest: {memory: 128Mi}}]}`;

const QUOTA = `
apiVersion: v1
kind: ResourceQuota
metadata: {name: compute, namespace: shop}
spec: {hard: {requests.memory: "8"}}`;

export const rule = defineRule({
  id: 'memory-request',
  title: 'No memory request',
  severity: 'low',
  area: 'resources',
  rationale:
    'The scheduler counts the container as taking no memory, so nodes are overcommitted, and its pod is among the first to be killed or evicted when memory runs short.',
  remedy:
    'Set resources.requests.memory to what the container normally uses, or a default for the namespace with a LimitRange. Pods that ask for more than a node has free stay pending.',
  controls: [...nsa('resource-policies'), ...mitre('T1499')],
  aliases: {
    kubescape: ['C-0269', 'C-0004'],
    trivy: ['KSV-0016'],
    checkov: ['CKV_K8S_12'],
    polaris: ['memoryRequestsMissing'],
    'kube-linter': ['unset-memory-requirements'],
    'kube-score': ['container-resources'],
    kubesec: ['RequestsMemory'],
    popeye: ['106'],
    'kyverno-policies': ['require-pod-requests-limits'],
    'gatekeeper-library': ['containerrequests', 'containerresources'],
  },
  scope: 'container',
  reads: ['LimitRange', 'ResourceQuota'],
  check(container, tables) {
    return missingAmount(container, { resource: 'memory', side: 'requests' }, tables);
  },
  examples: () => ({
    good: [
      withContainer('resources: {requests: {memory: 128Mi}}'),
      documents(withContainer(''), DEFAULTS),
      // The pod has a budget that its containers share.
      withContainer('', 'resources: {requests: {memory: 128Mi}}'),
      // Containers for debugging cannot have resources.
      withContainer('resources: {requests: {memory: 128Mi}}', 'ephemeralContainers: [{name: debug, image: busybox}]'),
      // The API server takes the limit where only that is set.
      withContainer('resources: {limits: {memory: 128Mi}}'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.resources` },
      { yaml: documents(withContainer(''), QUOTA), path: `${CONTAINER}.resources` },
      {
        yaml: withContainer('resources: {requests: {memory: 128Mi}}', 'initContainers: [{name: setup, image: busybox}]'),
        path: 'spec.template.spec.initContainers[0].resources',
      },
    ],
  }),
});
