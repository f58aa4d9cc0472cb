import { CONTAINER, documents, withContainer } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { missingAmount } from './amounts.ts';

const DEFAULTS = `
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, defaultRequest: {cpu: 100m}}]}`;

const QUOTA = `
apiVersion: v1
kind: ResourceQuota
metadata: {name: compute, namespace: shop}
spec: {hard: {requests.cpu: "8"}}`;

export const rule = defineRule({
  id: 'cpu-request',
  title: 'No CPU request',
  severity: 'low',
  area: 'resources',
  rationale:
    'The scheduler counts the container as taking nothing, so nodes are filled beyond what they can do, and under pressure this container gets the smallest share of CPU time.',
  remedy:
    'Set resources.requests.cpu to what the container normally uses, or a default for the namespace with a LimitRange. Pods that ask for more than a node has free stay pending.',
  controls: [...nsa('resource-policies'), ...mitre('T1499')],
  aliases: {
    kubescape: ['C-0268', 'C-0050'],
    trivy: ['KSV-0015'],
    checkov: ['CKV_K8S_10'],
    polaris: ['cpuRequestsMissing'],
    'kube-linter': ['unset-cpu-requirements'],
    'kube-score': ['container-resources'],
    kubesec: ['RequestsCPU'],
    popeye: ['106'],
    'kyverno-policies': ['require-pod-requests-limits'],
    'gatekeeper-library': ['containerrequests', 'containerresources'],
  },
  scope: 'container',
  reads: ['LimitRange', 'ResourceQuota'],
  check(container, tables) {
    return missingAmount(container, { resource: 'cpu', side: 'requests' }, tables);
  },
  examples: () => ({
    good: [
      withContainer('resources: {requests: {cpu: 100m}}'),
      documents(withContainer(''), DEFAULTS),
      // The pod has a budget that its containers share.
      withContainer('', 'resources: {requests: {cpu: 100m}}'),
      // Containers for debugging cannot have resources.
      withContainer('resources: {requests: {cpu: 100m}}', 'ephemeralContainers: [{name: debug, image: busybox}]'),
      // The API server takes the limit where only that is set.
      withContainer('resources: {limits: {cpu: 100m}}'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.resources` },
      { yaml: documents(withContainer(''), QUOTA), path: `${CONTAINER}.resources` },
      {
        yaml: withContainer('resources: {requests: {cpu: 100m}}', 'initContainers: [{name: setup, image: busybox}]'),
        path: 'spec.template.spec.initContainers[0].resources',
      },
    ],
  }),
});
