import { expect, test } from 'vitest';
import { toState } from './state-examples.ts';

type Raw = Record<string, unknown>;

const named = (name: string, kind?: string, owner = ''): Raw => ({
  namespace: 'shop',
  name,
  uid: name,
  labels: { app: 'cart' },
  ...(kind !== undefined && { ownerReferences: [{ apiVersion: 'apps/v1', kind, name: owner, controller: true, uid: owner }] }),
});
const spec = { hostPID: true, containers: [{ name: 'c', image: 'x', securityContext: { privileged: true } }] };
const template = { metadata: { labels: { app: 'cart' } }, spec };
const selector = { matchLabels: { app: 'cart' } };
const set = 'cart-6c7d8f9b5f';
/** As a server has them: the pod knows its node, and carries a token that nobody asked for. */
const added = {
  nodeName: 'n1',
  serviceAccountName: 'default',
  volumes: [{ name: 'kube-api-access-x2v4k', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
};
const OBJECTS: readonly Raw[] = [
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', labels: { 'node-role.kubernetes.io/control-plane': '' } } },
  { apiVersion: 'apps/v1', kind: 'Deployment', metadata: named('cart'), spec: { selector, template } },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: named(set, 'Deployment', 'cart'), spec: { replicas: 1, selector, template } },
  { apiVersion: 'v1', kind: 'Pod', metadata: named(`${set}-x2v4k`, 'ReplicaSet', set), spec: { ...spec, ...added } },
];
const at = '/spec/template/spec';

test('a change of a workload reaches what it runs, and nothing is left of one that goes', () => {
  const before = toState(OBJECTS);
  expect(before.paths.workloads).toEqual(['Container/shop/cart/c']);
  const patch = [
    { op: 'remove' as const, path: `${at}/hostPID` },
    { op: 'replace' as const, path: `${at}/containers/0/securityContext/privileged`, value: false },
  ];
  const after = before.with({ patches: [{ target: 'Deployment/shop/cart', operation: 'patch', patch }], effort: 'low' });
  expect(after.paths.workloads).toEqual([]);
  const pod = after.objects.find(({ object }) => object.kind === 'Pod')?.object;
  expect(pod).toMatchObject({ metadata: { name: `${set}-x2v4k` }, spec: { nodeName: 'n1' } });
  expect(pod?.spec).not.toHaveProperty('hostPID');
  const gone = before.with({ patches: [{ target: 'Deployment/shop/cart', operation: 'delete', patch: [] }], effort: 'low' });
  expect(gone.objects.map(({ object }) => object.kind)).toEqual(['Node']);
});
