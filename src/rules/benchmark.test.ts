import { expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { BENCHMARKS, benchmarkFor } from './benchmark.ts';
import { crosswalkOf } from './crosswalk.ts';
import { findingsOfUnanswered } from './unseen.ts';
import { nodeFacts } from './node/node-examples.ts';
import { RULES } from './registry.generated.ts';

it.each([
  ['not-applicable', [{ pid: 1, name: 'kubelet', argv: ['kubelet'] }]],
  ['unknown', [{ pid: 1, name: 'kubelet', argv: ['kubelet'], inPod: true }]],
  ['unknown', []],
])('kube-proxy that was not seen is %s beside %j', (status, processes) => {
  const facts = { ...(JSON.parse(nodeFacts({})) as object), running: true, distribution: 'kubernetes', processes };
  const rules = RULES.filter(({ component, byPerson }) => component === 'kube-proxy' && byPerson !== true).slice(0, 1);
  expect(rules).toHaveLength(1);
  expect(findingsOfUnanswered([rules], clusterOf([facts])).map((finding) => finding.status)).toEqual([status]);
});

const server = RULES.filter(({ id }) => id === 'apiserver-anonymous-auth');
const EKS_NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  status: { nodeInfo: { kubeletVersion: 'v1.33.4-eks-3cfe0ce' } },
};

it.each([
  ['EKS by its kubelets', [EKS_NODE], 'not-applicable', 'AWS runs the control plane and answers for kube-apiserver'],
  [
    'AKS by a label',
    [
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'a', labels: { 'kubernetes.azure.com/cluster': 'rg' } },
        status: { nodeInfo: { kubeletVersion: 'v1.33.1' } },
      },
    ],
    'not-applicable',
    'Azure runs the control plane',
  ],
  ['any other cluster', [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } }], 'unknown', 'run castellan node collect'],
])('a control of the API server of %s', (_words, objects, status, message) => {
  const [finding] = findingsOfUnanswered([server], clusterOf(objects));
  expect(finding).toMatchObject({ status, subject: { kind: 'Cluster', component: 'kube-apiserver' } });
  expect(finding?.message).toContain(message);
});

it('that was not seen shows what runs on the nodes instead', () => {
  const nodes = ['n1', 'n2'].map((node) => JSON.parse(nodeFacts({ node, processes: [['kubelet'], ['containerd']] })) as unknown);
  const [finding] = findingsOfUnanswered([server], clusterOf(nodes));
  expect(finding?.status).toBe('unknown');
  expect(finding?.evidence.map(({ origin, path, value }) => [origin.source, path, value])).toEqual([
    ['n1', 'processes', ['containerd', 'kubelet']],
    ['n2', 'processes', ['containerd', 'kubelet']],
  ]);
});

it.each([
  [[EKS_NODE], 'eks-1.8.0'],
  [[{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, status: { nodeInfo: { kubeletVersion: 'v1.33.4+k3s1' } } }], 'k3s-cis-1.9'],
  [
    [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, status: { nodeInfo: { kubeletVersion: 'v1.33.4+rke2r1' } } }],
    'rke2-cis-1.8',
  ],
  [[{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, status: { nodeInfo: { kubeletVersion: 'v1.33.4' } } }], 'cis-1.12'],
  [[], 'cis-2.0'],
])('what Nodes tell chooses the benchmark: %j', (objects, id) => {
  expect(benchmarkFor(clusterOf(objects))?.id).toBe(id);
});

it('every range of the crosswalk leads to a control that rules answer', () => {
  const known = new Set(RULES.flatMap(({ controls }) => controls.flatMap(({ framework, id }) => (framework === 'cis-1.12' ? [id] : []))));
  for (const { id } of BENCHMARKS) for (const control of crosswalkOf(id).keys()) expect(known).toContain(control);
  expect(crosswalkOf('eks-1.8.0').get('4.2.8')).toEqual(['3.2.7']);
  expect([...crosswalkOf('k3s-cis-1.9').values()].flat()).toHaveLength(129);
});
