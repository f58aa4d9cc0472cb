/** What a node may do by the Node authorizer. A real one is asked the same in test/cluster/node-authorizer.cluster.ts. */
import { describe, expect, it } from 'vitest';
import { type ApiObject, toApiObject } from '../../model/index.ts';
import { NodeAuthorizer, type NodeRequest } from './index.ts';

type Raw = Readonly<Record<string, unknown>>;

const NODE = { name: 'system:node:n', groups: ['system:nodes'] };

const POD: Raw = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'a', name: 'p' },
  spec: {
    nodeName: 'n',
    serviceAccountName: 's',
    containers: [{ name: 'c', image: 'i', envFrom: [{ secretRef: { name: 'env' } }] }],
    volumes: [
      { name: 'v', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'e', ephemeral: {} },
    ],
  },
};
const VOLUME: Raw = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv' },
  spec: {
    claimRef: { namespace: 'a', name: 'data' },
    csi: { nodeStageSecretRef: { namespace: 'csi', name: 'stage' }, controllerPublishSecretRef: { namespace: 'csi', name: 'attach' } },
  },
};

function authorizer(minor: number, ...objects: readonly Raw[]): NodeAuthorizer {
  const origin = { source: '', line: 1, format: 'json' as const, prefix: [] };
  const read = objects.map((object, id) => toApiObject({ object, origin }, id) as ApiObject);
  return new NodeAuthorizer(read, minor);
}

function request(verb: string, resource: string, rest: Partial<Record<'apiGroup' | 'namespace' | 'name', string>> = {}): NodeRequest {
  const [main = '', subresource = ''] = resource.split('/');
  return { verb, apiGroup: '', resource: main, subresource, name: '', namespace: '', ...rest };
}

function may(minor: number, asked: NodeRequest, user = NODE): boolean | undefined {
  return authorizer(minor, POD, VOLUME).authorize(user, asked)?.allowed;
}

describe('the Node authorizer', () => {
  it('has no word for who is no node', () => {
    expect(may(36, request('get', 'nodes', { name: 'n' }), { name: 'system:node:n', groups: [] })).toBeUndefined();
    expect(may(36, request('get', 'nodes', { name: 'n' }), { name: 'n', groups: ['system:nodes'] })).toBeUndefined();
  });

  it.each([
    [true, 'get', 'secrets', { namespace: 'a', name: 'env' }],
    [false, 'get', 'secrets', { namespace: 'b', name: 'env' }],
    [false, 'list', 'secrets', { namespace: 'a' }],
    [true, 'watch', 'secrets', { namespace: 'a', name: 'env' }],
    [false, 'update', 'secrets', { namespace: 'a', name: 'env' }],
    [true, 'get', 'secrets', { namespace: 'csi', name: 'stage' }],
    [false, 'get', 'secrets', { namespace: 'csi', name: 'attach' }],
    [true, 'get', 'persistentvolumes', { name: 'pv' }],
    [true, 'get', 'persistentvolumeclaims', { namespace: 'a', name: 'p-e' }],
    [true, 'create', 'serviceaccounts/token', { namespace: 'a', name: 's' }],
    [false, 'create', 'serviceaccounts/token', { namespace: 'a', name: 'default' }],
    [false, 'get', 'nodes', { name: 'm' }],
    [true, 'get', 'nodes', { name: 'n' }],
    [true, 'get', 'pods', { namespace: 'a', name: 'p' }],
    [false, 'list', 'pods', {}],
    [true, 'list', 'services', {}],
    [true, 'update', 'leases', { apiGroup: 'coordination.k8s.io', namespace: 'kube-node-lease', name: 'n' }],
    [false, 'update', 'leases', { apiGroup: 'coordination.k8s.io', namespace: 'kube-node-lease', name: 'm' }],
  ] as const)('%s: %s %s %o', (allowed, verb, resource, rest) => {
    expect(may(36, request(verb, resource, rest))).toBe(allowed);
  });

  it('changes with the release', () => {
    expect(may(31, request('get', 'nodes', { name: 'm' }))).toBe(true);
    expect(may(31, request('list', 'pods'))).toBe(true);
    expect(may(33, request('get', 'serviceaccounts', { namespace: 'a', name: 's' }))).toBe(false);
    expect(may(34, request('get', 'serviceaccounts', { namespace: 'a', name: 's' }))).toBe(true);
  });

  it('takes lists with the field selector of the node', () => {
    expect(may(36, { ...request('list', 'pods'), fields: { 'spec.nodeName': 'n' } })).toBe(true);
    expect(may(36, { ...request('list', 'pods'), fields: { 'spec.nodeName': 'm' } })).toBe(false);
  });

  it('tells the way', () => {
    const decision = authorizer(36, POD, VOLUME).authorize(NODE, request('get', 'secrets', { namespace: 'csi', name: 'stage' }));
    expect(decision?.through).toEqual(['PersistentVolume/pv', 'PersistentVolumeClaim/a/data', 'Pod/a/p']);
  });

  it('believes no mirror of a static pod', () => {
    const mirror = { ...POD, metadata: { namespace: 'a', name: 'p', annotations: { 'kubernetes.io/config.mirror': 'x' } } };
    const asked = request('get', 'secrets', { namespace: 'a', name: 'env' });
    expect(authorizer(36, mirror).authorize(NODE, asked)?.allowed).toBe(false);
  });
});
