import { describe, expect, it } from 'vitest';
import { evalPaths } from './eval-paths.ts';

const RBAC = 'rbac.authorization.k8s.io';

function bound(name: string, verbs: string[], resources: string[]): unknown[] {
  return [
    { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { namespace: 'a', name }, rules: [{ verbs, apiGroups: [''], resources }] },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { namespace: 'a', name },
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', namespace: 'a', name: 'x' }],
    },
  ];
}

const ACCOUNT = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'a', name: 'x' } };
const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'a', name: 'db' } };
const PAIR = { from: 'ServiceAccount/a/x', to: 'Secret/a/db' };

interface Answer {
  results: { reachable: boolean; witness?: { edge: string; from: string; to: string; evidence: unknown[] }[]; witnesses?: unknown[][] }[];
  cut?: { remove: string[]; optimal: boolean; impossible?: boolean };
}

function ask(input: Record<string, unknown>): Answer {
  return evalPaths(input) as unknown as Answer;
}

describe('eval paths', () => {
  it('names each hop with the fields that allow it, and further chains', () => {
    const { results } = ask({ objects: [ACCOUNT, SECRET, ...bound('r', ['get', 'list'], ['secrets'])], pairs: [PAIR] });
    expect(results[0]?.witness).toEqual([
      {
        edge: 'SUBJECT_GRANT',
        from: 'ServiceAccount/a/x',
        to: 'Permission/list/watch secrets in a',
        class: 'configuration',
        evidence: [
          { object: 'RoleBinding/a/r', path: 'subjects[0]' },
          { object: 'RoleBinding/a/r', path: 'roleRef' },
          { object: 'Role/a/r', path: 'rules[0]' },
        ],
      },
      {
        edge: 'SECRET_LIST',
        from: 'Permission/list/watch secrets in a',
        to: 'Secret/a/db',
        class: 'configuration',
        evidence: [{ object: 'Role/a/r', path: 'rules[0]' }],
      },
    ]);
    expect(results[0]?.witnesses?.length).toBe(1);
  });

  it.each(['sa:a/x', 'User/system:serviceaccount:a:x'])('knows who begins as %s', (from) => {
    const objects = [ACCOUNT, SECRET, ...bound('r', ['get'], ['secrets'])];
    expect(ask({ objects, pairs: [{ ...PAIR, from }] }).results[0]?.reachable).toBe(true);
  });

  it('takes who signs in as a node for its kubelet', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'a', name: 'p' },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i', envFrom: [{ secretRef: { name: 'db' } }] }] },
    };
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } };
    const from = 'User/system:node:n';
    expect(ask({ objects: [node, SECRET, pod], pairs: [{ ...PAIR, from }] }).results[0]?.reachable).toBe(true);
    expect(ask({ objects: [node, SECRET], pairs: [{ ...PAIR, from }] }).results[0]?.reachable).toBe(false);
  });

  it('takes objects away, and single rules', () => {
    const objects = [ACCOUNT, SECRET, ...bound('r', ['get', 'list'], ['secrets', 'pods'])];
    const without = (part: string): boolean | undefined => ask({ objects, pairs: [PAIR], without: [part] }).results[0]?.reachable;
    expect(without('RoleBinding/a/r')).toBe(false);
    expect(without('Secret/a/db')).toBe(false);
    expect(without('rule get,list secrets in Role/a/r')).toBe(false);
    expect(without('rule get secrets in Role/a/r')).toBe(true);
    expect(without('rule get,list pods in Role/a/r')).toBe(true);
    expect(() => without('RoleBinding/a/nosuch')).toThrow('RoleBinding/a/nosuch, which is not among the objects');
    expect(() => without('rule delete secrets in Role/a/r')).toThrow('not among the objects');
  });

  it('cuts with the kinds that may go, and says when nothing does', () => {
    const objects = [ACCOUNT, SECRET, ...bound('one', ['get'], ['secrets']), ...bound('two', ['create'], ['pods'])];
    const cut = (more: Record<string, unknown>): Answer['cut'] =>
      ask({ objects, pairs: [], cut: { entries: [PAIR.from], target: PAIR.to, ...more } }).cut;
    expect(cut({})).toMatchObject({ remove: ['RoleBinding/a/one', 'RoleBinding/a/two'], optimal: true });
    expect(cut({ removable: ['rule'] })).toMatchObject({
      remove: ['rule create pods in Role/a/two', 'rule get secrets in Role/a/one'],
      optimal: true,
    });
    expect(cut({ removable: ['Secret'] })).toMatchObject({ impossible: true, optimal: false });
    expect(cut({ protected: ['RoleBinding/a/one'], removable: ['RoleBinding'] })).toMatchObject({ impossible: true });
  });

  it('knows a container by the name of its pod', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace: 'a',
        name: 'web-5d8f-abcde',
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d8f', controller: true }],
      },
      spec: { containers: [{ name: 'c', image: 'i:1', envFrom: [{ secretRef: { name: 'db' } }] }] },
    };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'a', name: 'web' },
      spec: { template: { spec: pod.spec } },
    };
    const { results } = ask({
      objects: [pod, deployment, SECRET],
      pairs: ['web', 'web-5d8f-abcde'].map((name) => ({ from: `Container/a/${name}/c`, to: PAIR.to })),
    });
    expect(results.map(({ reachable }) => reachable)).toEqual([true, true]);
  });

  it('refuses what it cannot read', () => {
    expect(() => ask({ objects: [], pairs: {} })).toThrow('"pairs" is not a list');
    expect(() => ask({ objects: [], pairs: [{ from: 'a' }] })).toThrow('pairs[0] has no "from" and "to"');
    expect(() => ask({ objects: [], pairs: [], context: { kubernetesVersion: 'new' } })).toThrow('no version');
    expect(() => ask({ objects: [], pairs: [], context: { podSecurityDefault: 'strict' } })).toThrow('no level');
    expect(() => ask({ objects: [], pairs: [], cut: { entries: 'all', target: 'ClusterAdmin' } })).toThrow('"cut.entries"');
  });
});
