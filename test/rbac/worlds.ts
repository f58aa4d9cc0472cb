/** Random RBAC worlds for properties: few words, so that rules and requests meet, and every trap among them. */
import * as fc from 'fast-check';
import { type Asked, type Raw, type RawBinding, type RawRoleOf, type RawRule, type Who, roleOf, rulesFor, settle } from './brute-force.ts';

const API = 'rbac.authorization.k8s.io/v1';
const NAMESPACES = ['a', 'b'];
const ROLES = ['r1', 'r2', 'r3', 'r4'];
const GROUPS = ['system:masters', 'system:authenticated', 'devs', 'ops', 'system:serviceaccounts:a'];
const USERS = ['jane', 'joe', '*', 'system:serviceaccount:a:bot', 'system:serviceaccount:b:bot', 'system:serviceaccount:a:bot:x'];
const VERBS = ['get', 'list', 'create', 'update', 'delete', 'bind', 'escalate', 'GET'];
const API_GROUPS = ['', 'apps', 'rbac.authorization.k8s.io'];
const RESOURCES = ['pods', 'deployments', 'roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'];
const SUBRESOURCES = ['exec', 'scale'];
const NAMES = ['x', 'y', 'r1', '', '*'];
const PATHS = ['/', '/api', '/api/v1', '/metrics', '/apis*', '/healthz/etcd'];
const URLS = [...PATHS, '*', '/api/*', '/api*', '/healthz/**', '/*/etcd', '/metrics*'];

function some<T>(values: readonly T[], most = 3): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most });
}

const ENTRIES = [
  ...RESOURCES,
  ...RESOURCES.flatMap((resource) => SUBRESOURCES.map((below) => `${resource}/${below}`)),
  '*',
  '*/exec',
  '*/scale',
  'pods/*',
  '*/*',
];

const RESOURCE_RULE = fc.record(
  {
    verbs: some([...VERBS, '*']),
    apiGroups: some([...API_GROUPS, '*'], 2),
    resources: some(ENTRIES, 4),
    resourceNames: some(NAMES, 2),
  },
  { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
);
const URL_RULE = fc.record({ verbs: some(['get', 'post', '*']), nonResourceURLs: some(URLS) });

export const RANDOM_RULES: fc.Arbitrary<RawRule[]> = fc.array(
  fc.oneof({ weight: 5, arbitrary: RESOURCE_RULE }, { weight: 1, arbitrary: URL_RULE }),
  { maxLength: 4 },
);

const LABELS = fc.dictionary(fc.constantFrom('l1', 'l2'), fc.constantFrom('true', 'other'), { maxKeys: 2 });
const SELECTOR = fc.record(
  {
    matchLabels: fc.dictionary(fc.constantFrom('l1', 'l2'), fc.constantFrom('true', 'other'), { minKeys: 1, maxKeys: 2 }),
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({
          key: fc.constantFrom('l1', 'l2'),
          operator: fc.constantFrom('In', 'NotIn'),
          values: some(['true', 'other'], 2),
        }),
        fc.record({ key: fc.constantFrom('l1', 'l2'), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['matchExpressions'] },
);

/**
 * Levels of cluster roles: each aggregates by labels that carry its own level, so that no circle arises, whose outcome
 * would depend on which role the controller sees first. The lowest has nothing to aggregate.
 */
const CLUSTER_ROLES = fc.tuple(...ROLES.map((name, level) => clusterRole(name, level)));

function clusterRole(name: string, level: number): fc.Arbitrary<Raw> {
  return fc
    .record({
      labels: LABELS,
      rules: RANDOM_RULES,
      selectors:
        level === 0 ? fc.constant(undefined) : fc.option(fc.array(SELECTOR, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 2 }),
    })
    .map(({ labels, rules, selectors }) => ({
      apiVersion: API,
      kind: 'ClusterRole',
      metadata: { name, labels: { ...labels, level: String(level) } },
      rules,
      ...(selectors !== undefined && {
        aggregationRule: {
          clusterRoleSelectors: selectors.map((selector) => ({
            ...selector,
            matchExpressions: [...selector.matchExpressions, { key: 'level', operator: 'In', values: ['0', '1', '2'].slice(0, level) }],
          })),
        },
      }),
    }));
}

const ROLE: fc.Arbitrary<Raw> = fc
  .record({ name: fc.constantFrom(...ROLES), namespace: fc.constantFrom(...NAMESPACES), rules: RANDOM_RULES })
  .map(({ name, namespace, rules }) => ({ apiVersion: API, kind: 'Role', metadata: { name, namespace }, rules }));

const SUBJECT = fc.oneof(
  fc.record({ kind: fc.constant('User'), name: fc.constantFrom(...USERS) }),
  fc.record({ kind: fc.constant('Group'), name: fc.constantFrom(...GROUPS) }),
  fc.record({ kind: fc.constant('ServiceAccount'), name: fc.constantFrom('bot', 'x'), namespace: fc.constantFrom('', ...NAMESPACES) }),
);

const BINDING: fc.Arbitrary<Omit<Raw, 'kind'>> = fc.record({
  apiVersion: fc.constant(API),
  metadata: fc.record({ name: fc.constantFrom('b1', 'b2', 'b3', 'b4', 'b5', 'b6') }),
  roleRef: fc.record({ kind: fc.constantFrom('ClusterRole', 'ClusterRole', 'Role'), name: fc.constantFrom(...ROLES, 'missing') }),
  subjects: fc.array(SUBJECT, { maxLength: 3 }),
});

const CLUSTER_BINDING: fc.Arbitrary<Raw> = BINDING.map((binding) => ({
  ...binding,
  metadata: binding.metadata as Raw['metadata'],
  kind: 'ClusterRoleBinding',
}));
const ROLE_BINDING: fc.Arbitrary<Raw> = fc.tuple(BINDING, fc.constantFrom(...NAMESPACES)).map(([binding, namespace]) => ({
  ...binding,
  kind: 'RoleBinding',
  metadata: { ...(binding.metadata as Raw['metadata']), namespace },
}));

/** Every object has a name of its own. */
export const RANDOM_OBJECTS: fc.Arbitrary<Raw[]> = fc
  .tuple(
    CLUSTER_ROLES,
    fc.array(ROLE, { maxLength: 4 }),
    fc.array(CLUSTER_BINDING, { maxLength: 4 }),
    fc.array(ROLE_BINDING, { maxLength: 5 }),
  )
  .map(([clusterRoles, roles, clusterBindings, bindings]) => {
    const all = [...clusterRoles, ...roles, ...clusterBindings, ...bindings];
    return [
      ...new Map(all.map((object) => [`${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`, object])).values(),
    ];
  });

export const RANDOM_USER: fc.Arbitrary<Who> = fc.record({
  name: fc.constantFrom(...USERS, 'nobody'),
  groups: fc.uniqueArray(fc.constantFrom(...GROUPS.slice(1), ...GROUPS.slice(1), ...GROUPS), { maxLength: 3 }),
});

export const RANDOM_REQUEST: fc.Arbitrary<Asked> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      verb: fc.constantFrom(...VERBS, '*'),
      apiGroup: fc.constantFrom(...API_GROUPS),
      resource: fc.constantFrom(...RESOURCES),
      subresource: fc.constantFrom('', '', ...SUBRESOURCES),
      name: fc.constantFrom(...NAMES),
      namespace: fc.constantFrom('', ...NAMESPACES, 'c'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom('get', 'post', 'put'), path: fc.constantFrom(...PATHS) }) },
);

export interface Case {
  objects: Raw[];
  user: Who;
  request: Asked;
  /** Rules to hand out: half of the time cut from what the user has. */
  rules: RawRule[];
}

/**
 * A world and a question. Blind questions are nearly all denied, so most ask as one of the subjects, in the binding's
 * namespace, and near one of the rules of its role.
 */
export function caseIn(worlds: fc.Arbitrary<Raw[]>): fc.Arbitrary<Case> {
  return fc
    .record({
      objects: worlds,
      user: RANDOM_USER,
      request: RANDOM_REQUEST,
      rules: RANDOM_RULES,
      picks: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    })
    .map(({ objects, user, request, rules, picks }) => {
      let next = 0;
      const pick = <T>(values: readonly T[]): T | undefined => values[(picks[next++ % picks.length] ?? 0) % Math.max(values.length, 1)];
      const { world, held } = settledOf(objects);
      const binding = pick(held);
      const subject = pick(binding?.subjects ?? []);
      if (binding === undefined || subject === undefined || pick([0, 1, 2, 3]) === 0) return { objects, user, request, rules };
      const near = nearOf(pick(roleOf(world, binding)?.rules ?? []) ?? {}, request, pick);
      const home = binding.metadata.namespace;
      const who = userOf(subject, home, user);
      return {
        objects,
        user: who,
        request: 'path' in near || home === undefined || pick([0, 1, 2]) === 0 ? near : { ...near, namespace: home },
        rules:
          pick([0, 1]) === 0
            ? rules
            : rulesFor(world, who, home ?? '')
                .slice(0, 2)
                .map((rule) => narrowed(rule, pick)),
      };
    });
}

export const RANDOM_CASE = caseIn(RANDOM_OBJECTS);

interface Settled {
  world: RawRoleOf;
  held: RawBinding[];
}

const SETTLED = new WeakMap<Raw[], Settled>();

function settledOf(objects: Raw[]): Settled {
  let known = SETTLED.get(objects);
  if (known === undefined) {
    const world = settle(objects);
    const held = world.bindings.filter((each) => (each.subjects ?? []).length > 0 && (roleOf(world, each)?.rules ?? []).length > 0);
    SETTLED.set(objects, (known = { world, held }));
  }
  return known;
}

type Pick = <T>(values: readonly T[]) => T | undefined;

function nearOf(rule: RawRule, request: Asked, pick: Pick): Asked {
  const said = (values: readonly string[] | undefined, other: string): string => {
    const value = pick(values ?? []);
    return value === undefined || value === '*' ? other : value;
  };
  const verb = said(rule.verbs, request.verb);
  if (rule.nonResourceURLs !== undefined) return { verb, path: said(rule.nonResourceURLs, '/api').replace('*', 'v1') };
  if ('path' in request) return request;
  const entry = said(rule.resources, request.resource);
  const [resource = '', subresource = ''] = entry.split('/');
  return {
    ...request,
    verb,
    apiGroup: said(rule.apiGroups, request.apiGroup),
    resource: resource === '*' ? request.resource : resource,
    subresource: entry === request.resource ? request.subresource : subresource,
    name: pick(rule.resourceNames ?? []) ?? request.name,
  };
}

function userOf(
  { kind, name, namespace = '' }: { kind: string; name: string; namespace?: string },
  home: string | undefined,
  user: Who,
): Who {
  if (kind === 'User') return { ...user, name };
  if (kind === 'Group') return { ...user, groups: [...user.groups, name] };
  return { ...user, name: `system:serviceaccount:${namespace === '' ? home : namespace}:${name}` };
}

function narrowed(rule: RawRule, pick: Pick): RawRule {
  const verb = pick(rule.verbs ?? []);
  return { ...rule, ...(verb !== undefined && { verbs: [verb === '*' ? 'get' : verb] }) };
}
