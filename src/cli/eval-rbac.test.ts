import { describe, expect, it, test } from 'vitest';
import { evalRbac } from './eval-rbac.ts';

const API = 'rbac.authorization.k8s.io';
const U = { name: 'u', groups: [] };

function granted(rules: object[], namespace?: string): object[] {
  const kind = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  return [
    { apiVersion: `${API}/v1`, kind: 'ClusterRole', metadata: { name: 'r' }, rules },
    {
      apiVersion: `${API}/v1`,
      kind,
      metadata: { name: 'b', namespace },
      roleRef: { apiGroup: API, kind: 'ClusterRole', name: 'r' },
      subjects: [{ kind: 'User', name: 'u' }],
    },
  ];
}

function role(name: string, rules: object[]): object {
  return { apiVersion: `${API}/v1`, kind: 'ClusterRole', metadata: { name }, rules };
}

describe('eval rbac', () => {
  it('says by what a request is allowed', () => {
    const objects = granted([
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    ]);
    const requests = [
      { user: U, verb: 'get', resource: 'pods', namespace: 'a', name: 'x' },
      { user: U, verb: 'get', path: '/healthz' },
      { user: U, verb: 'list', resource: 'pods' },
      { user: { name: 'x', groups: ['system:masters'] }, verb: 'list', resource: 'pods' },
    ];
    expect(evalRbac({ objects, requests }).results).toEqual([
      { allowed: true, by: 'ClusterRoleBinding/b → ClusterRole/r rule 1' },
      { allowed: true, by: 'ClusterRoleBinding/b → ClusterRole/r rule 2' },
      { allowed: false },
      { allowed: true, by: 'group system:masters, which is not subject to RBAC' },
    ]);
  });

  it('says which check decides a write, and what is missing', () => {
    const write = { apiGroups: [API], resources: ['clusterroles'], verbs: ['create', 'update'] };
    const objects = granted([write, { apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
    const ask = (verb: string, object: object): object => ({ user: U, write: { verb, object } });
    const both = { apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get'] };
    const { results } = evalRbac({
      objects: [...objects, role('old', [both])],
      requests: [
        ask('create', role('new', [both])),
        ask('create', role('new', [{ ...both, resources: ['pods'] }])),
        ask('delete', role('old', [])),
        // Nothing changes but metadata that garbage collection needs.
        ask('update', role('old', [both])),
        ask('update', role('old', [{ ...both, resources: ['secrets', 'pods'] }])),
        ask('create', { ...role('new', []), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } }),
      ],
    });
    expect(results).toEqual([
      { allowed: false, decidedBy: 'covers', missing: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] },
      { allowed: true, decidedBy: 'covers' },
      { allowed: false, decidedBy: 'authorization' },
      { allowed: true, by: 'ClusterRoleBinding/b → ClusterRole/r rule 1', decidedBy: 'authorization' },
      { allowed: false, decidedBy: 'covers', missing: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] },
      {
        allowed: false,
        decidedBy: 'aggregation',
        missing: [
          { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
          { nonResourceURLs: ['*'], verbs: ['*'] },
        ],
      },
    ]);
  });

  it('asks for the name where a write names one, and for create where the object is new', () => {
    const only = (verbs: string[]): object => ({ apiGroups: [API], resources: ['clusterroles'], resourceNames: ['mine'], verbs });
    const may = (verbs: string[], verb: string): unknown => {
      const requests = [{ user: U, write: { verb, object: role('mine', []) } }];
      return (evalRbac({ objects: granted([only(verbs)]), requests }).results as { allowed: boolean }[])[0]?.allowed;
    };
    expect(may(['create', 'escalate'], 'create')).toBe(false);
    expect(may(['update'], 'update')).toBe(false);
    expect(may(['update', 'create'], 'update')).toBe(true);
  });

  it('refuses another role in a binding, whoever asks', () => {
    const objects = granted([]);
    const changed = { ...objects[1], roleRef: { apiGroup: API, kind: 'ClusterRole', name: 'other' } };
    const requests = [{ user: { name: 'x', groups: ['system:masters'] }, write: { verb: 'update', object: changed } }];
    expect(evalRbac({ objects, requests }).results).toMatchObject([
      { allowed: false, refused: expect.stringMatching(/cannot be changed/) },
    ]);
  });

  it('knows constrained impersonation where it is told the request', () => {
    const rules = [
      { apiGroups: ['authentication.k8s.io'], resources: ['users'], verbs: ['impersonate:user-info'], resourceNames: ['jane'] },
      { apiGroups: ['authentication.k8s.io'], resources: ['nodes'], verbs: ['impersonate:arbitrary-node'] },
      { apiGroups: ['authentication.k8s.io'], resources: ['serviceaccounts'], verbs: ['impersonate:serviceaccount'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['impersonate-on:user-info:list', 'impersonate-on:arbitrary-node:list'] },
      { apiGroups: [''], resources: ['groups'], verbs: ['impersonate:user-info'] },
    ];
    const on = { verb: 'list', resource: 'pods', namespace: 'a' };
    const ask = (impersonate: object, more: object = { on }): object => ({ user: U, impersonate, ...more });
    const requests = [
      ask({ user: 'jane' }),
      ask({ user: 'jane' }, {}),
      ask({ user: 'joe' }),
      ask({ user: 'jane' }, { on: { ...on, verb: 'get' } }),
      ask({ user: 'jane', groups: ['system:masters'] }),
      ask({ user: 'system:node:n' }),
      ask({ user: 'system:node:n', groups: ['system:nodes'] }),
      ask({ user: 'system:serviceaccount:a:b' }),
      ask({ groups: ['dev'] }),
    ];
    // Before 1.36 only by a feature gate.
    const old = evalRbac({ objects: granted(rules), requests: requests.slice(0, 1), kubernetesVersion: '1.35' });
    expect(old.results).toMatchObject([{ allowed: false }]);
    const results = evalRbac({ objects: granted(rules), requests }).results as { allowed: boolean; mode?: string }[];
    expect(results.map(({ allowed, mode }) => mode ?? allowed)).toEqual([
      'user-info',
      false,
      false,
      false,
      false,
      'arbitrary-node',
      false,
      false,
      false,
    ]);
  });
});

test.each([
  ['no requests', undefined, /"requests" is not a list/],
  ['a request that is none', [5], /requests\[0\] is no object/],
  ['no user', [{ verb: 'get', resource: 'pods' }], /"user"/],
  ['groups that are no list', [{ user: { name: 'u', groups: 'g' }, verb: 'get', resource: 'pods' }], /"user"/],
  ['no verb', [{ user: U, resource: 'pods' }], /"verb"/],
  ['nothing asked for', [{ user: U, verb: 'get' }], /"resource" nor "path"/],
  ['a number', [{ user: U, verb: 'get', resource: 5 }], /"resource" that is no text/],
  ['an unknown write', [{ user: U, write: { verb: 'get', object: role('r', []) } }], /"write" whose verb/],
  ['a write of no role', [{ user: U, write: { verb: 'create', object: { kind: 'Pod', metadata: {} } } }], /no role and no binding/],
  ['a broken impersonation', [{ user: U, impersonate: { user: 1 } }], /"impersonate"/],
])('%s is a bad case', (_name, requests, message) => {
  expect(() => evalRbac({ objects: [], requests })).toThrow(message);
});
