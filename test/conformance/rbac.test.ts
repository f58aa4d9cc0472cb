/** The authorizer, the escalation checks and impersonation against upstream's own tables, and against cases with a reason each. */
import { describe, expect, it } from 'vitest';
import { evalRbac } from '../../src/cli/eval-rbac.ts';
import { breakDown, rbacOfObjects, uncovered, urlMatches } from '../../src/engines/rbac/index.ts';
import { isHere, readJson } from './corpora.ts';

const FOLDER = 'corpora/rbac/';
const AUTHORED = `${FOLDER}evaluator-authored/`;
const UPSTREAM = `${FOLDER}evaluator-upstream/`;
const API = 'rbac.authorization.k8s.io';

interface Short {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  rules?: Record<string, string[]>[];
  aggregationRule?: unknown;
  roleRef?: Record<string, string>;
  subjects?: Record<string, string>[];
}

interface Objects {
  clusterRoles?: Short[];
  roles?: Short[];
  clusterRoleBindings?: Short[];
  roleBindings?: Short[];
}

interface Case {
  id: string;
  objects: Objects;
  checks: { user: unknown; request: Record<string, unknown>; allow: boolean }[];
  actor: unknown;
  operation: Short & { verb: string; kind: string };
  decidedBy: string;
  impersonate: unknown;
  allowed: boolean;
  rule: Record<string, string[]>;
  request: Record<string, unknown>;
  expectAllow: boolean;
  owner: Record<string, string[]>[];
  servant: Record<string, string[]>[];
  covered: boolean;
  uncovered: Record<string, string[]>[];
  subjects: Record<string, string>[];
  user: unknown;
  bindingNamespace: string;
  applies: boolean;
}

function casesOf(path: string): Case[] {
  const { cases } = readJson(path) as { cases: Case[] };
  expect(cases.length).toBeGreaterThan(0);
  return cases;
}

const KINDS = {
  clusterRoles: 'ClusterRole',
  roles: 'Role',
  clusterRoleBindings: 'ClusterRoleBinding',
  roleBindings: 'RoleBinding',
} as const;

/** Whole objects from the short ones of the corpus. */
function whole(objects: Objects): Record<string, unknown>[] {
  return (Object.keys(KINDS) as (keyof Objects)[]).flatMap((key) => (objects[key] ?? []).map((short) => wholeOne(KINDS[key], short)));
}

function wholeOne(kind: string, { name, namespace, labels, ...body }: Short): Record<string, unknown> {
  const metadata = { name, ...(kind.startsWith('Cluster') ? {} : { namespace }), ...(labels !== undefined && { labels }) };
  const roleRef = body.roleRef === undefined ? undefined : { apiGroup: API, ...body.roleRef };
  return { apiVersion: `${API}/v1`, kind, metadata, ...body, ...(roleRef !== undefined && { roleRef }) };
}

function resultsOf(objects: Record<string, unknown>[], requests: unknown[]): { allowed: boolean; decidedBy?: string; by?: string }[] {
  return evalRbac({ objects, requests }).results as { allowed: boolean; decidedBy?: string; by?: string }[];
}

function grantedTo(user: string, rules: Record<string, string[]>[]): Record<string, unknown>[] {
  return whole({
    clusterRoles: [{ name: 'r', rules }],
    clusterRoleBindings: [{ name: 'b', roleRef: { kind: 'ClusterRole', name: 'r' }, subjects: [{ kind: 'User', name: user }] }],
  });
}

const U = { name: 'u', groups: [] };

describe.skipIf(!isHere(`${AUTHORED}access.json`))('RBAC (needs ../shared/corpora)', () => {
  it.each([`${AUTHORED}access.json`, `${UPSTREAM}authorizer.json`])('%s: requests are allowed as expected', (path) => {
    for (const { id, objects, checks } of casesOf(path)) {
      const requests = checks.map(({ user, request }) => ({ user, ...request }));
      const got = resultsOf(whole(objects), requests).map(({ allowed }) => allowed);
      expect([id, got]).toEqual([id, checks.map(({ allow }) => allow)]);
    }
  });

  it('roles and bindings may be written by those who may, and the right check decides', () => {
    const decides: Record<string, string> = {
      'delete is unchecked': 'authorization',
      'base verb': 'authorization',
      'aggregationRule needs full authority': 'aggregation',
    };
    for (const { id, objects, actor, operation, allowed, decidedBy } of casesOf(`${AUTHORED}escalation.json`)) {
      const { verb, kind, ...short } = operation;
      const result = resultsOf(whole(objects), [{ user: actor, write: { verb, object: wholeOne(kind, short) } }])[0];
      expect([id, result?.allowed, result?.decidedBy]).toEqual([id, allowed, decides[decidedBy] ?? decidedBy]);
    }
  });

  it('identities may be impersonated by those who may', () => {
    for (const { id, objects, actor, impersonate, allowed } of casesOf(`${AUTHORED}impersonation.json`)) {
      expect([id, resultsOf(whole(objects), [{ user: actor, impersonate }])[0]?.allowed]).toEqual([id, allowed]);
    }
  });

  it('single rules match', () => {
    for (const { id, rule, checks } of casesOf(`${UPSTREAM}rule-matches.json`)) {
      const got = resultsOf(
        grantedTo('u', [rule]),
        checks.map(({ request }) => ({ user: U, ...request })),
      );
      expect([id, got.map(({ allowed }) => allowed)]).toEqual([id, checks.map(({ allow }) => allow)]);
    }
    for (const { id, rule, request, expectAllow } of casesOf(`${UPSTREAM}who-can-rule-match.json`)) {
      expect([id, resultsOf(grantedTo('u', [rule]), [{ user: U, ...request }])[0]?.allowed]).toEqual([id, expectAllow]);
    }
  });

  it('rules cover rules, and what is left over is what upstream leaves over', () => {
    for (const { id, owner, servant, covered, uncovered: left } of casesOf(`${UPSTREAM}rule-covers.json`)) {
      const missing = uncovered(rulesOf(owner), rulesOf(servant));
      expect([id, missing.length === 0, sorted(missing)]).toEqual([id, covered, sorted(left)]);
    }
  });

  it('URLs cover URLs', () => {
    const { cases } = readJson(`${UPSTREAM}url-covers.json`) as { cases: { owner: string; requested: string; covers: boolean }[] };
    for (const { owner, requested, covers } of cases)
      expect([owner, requested, urlMatches(owner, requested)]).toEqual([owner, requested, covers]);
  });

  it('subjects are who they are', () => {
    for (const { id, subjects, user, bindingNamespace, applies } of casesOf(`${UPSTREAM}subject-applies.json`)) {
      const binding = { name: 'b', namespace: bindingNamespace, roleRef: { kind: 'ClusterRole', name: 'r' }, subjects };
      const objects = whole({
        clusterRoles: [{ name: 'r', rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] }],
        [bindingNamespace === '' ? 'clusterRoleBindings' : 'roleBindings']: [binding],
      });
      const request = { user, verb: 'get', apiGroup: '', resource: 'pods', namespace: bindingNamespace };
      expect([id, resultsOf(objects, [request])[0]?.allowed]).toEqual([id, applies]);
    }
  });

  it('the roles and bindings of a stock cluster load and give the known answers', () => {
    const stock = readJson(`${UPSTREAM}bootstrap-policy.json`) as Objects & { controllerRoles: Short[]; controllerRoleBindings: Short[] };
    const objects = whole({
      clusterRoles: [...(stock.clusterRoles ?? []), ...stock.controllerRoles],
      clusterRoleBindings: [...(stock.clusterRoleBindings ?? []), ...stock.controllerRoleBindings],
      roles: stock.roles ?? [],
      roleBindings: stock.roleBindings ?? [],
    });
    const rbac = rbacOfObjects(objects);
    expect(rbac.bindings.filter(({ role }) => role === undefined).map(({ ref }) => ref)).toEqual([]);
    const controller = (name: string): unknown => ({ name: `system:serviceaccount:kube-system:${name}`, groups: [] });
    const anybody = { name: 'jane', groups: ['system:authenticated'] };
    const got = resultsOf(objects, [
      { user: { name: 'x', groups: ['system:masters'] }, verb: 'delete', resource: 'nodes', name: 'n' },
      { user: anybody, verb: 'get', path: '/apis/apps/v1' },
      { user: anybody, verb: 'create', apiGroup: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
      { user: anybody, verb: 'list', resource: 'pods', namespace: 'default' },
      { user: { name: 'system:anonymous', groups: ['system:unauthenticated'] }, verb: 'get', path: '/version' },
      { user: { name: 'system:anonymous', groups: ['system:unauthenticated'] }, verb: 'get', path: '/metrics' },
      {
        user: { name: 'system:kube-scheduler', groups: [] },
        verb: 'create',
        resource: 'pods',
        subresource: 'binding',
        namespace: 'a',
        name: 'p',
      },
      {
        user: { name: 'system:kube-controller-manager', groups: [] },
        verb: 'create',
        resource: 'serviceaccounts',
        subresource: 'token',
        namespace: 'a',
        name: 's',
      },
      { user: controller('clusterrole-aggregation-controller'), verb: 'escalate', apiGroup: API, resource: 'clusterroles', name: 'admin' },
      { user: controller('job-controller'), verb: 'create', resource: 'pods', namespace: 'a' },
      { user: controller('job-controller'), verb: 'get', resource: 'secrets', namespace: 'a', name: 's' },
    ]).map(({ allowed }) => allowed);
    expect(got).toEqual([true, true, true, false, true, false, true, true, true, true, false]);
  });
});

function rulesOf(rules: Record<string, string[]>[]): Parameters<typeof uncovered>[0] extends Iterable<infer R> ? R[] : never {
  return rules.map((rule) => ({ verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [], ...rule }));
}

/** Single rights as texts, so that their order and that of their fields do not matter. */
function sorted(rules: Iterable<object>): string[] {
  const single = [...rules].flatMap((rule) => rulesOf([rule as Record<string, string[]>])).flatMap(breakDown);
  return single
    .map(({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }) =>
      JSON.stringify([apiGroups, resources, resourceNames, nonResourceURLs, verbs]),
    )
    .toSorted();
}
