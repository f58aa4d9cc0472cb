import { describe, expect, test } from 'vitest';
import { RULES, parseConfig } from '../rules/index.ts';
import type { Patch } from '../rules/index.ts';
import { Attestations } from './attestations.ts';
import { type Proof, prove } from './prove.ts';
import { toState } from './state-examples.ts';

type Raw = Record<string, unknown>;

const rbac = 'rbac.authorization.k8s.io/v1';
const OBJECTS: readonly Raw[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'cart', namespace: 'shop' } },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'cart', namespace: 'shop', labels: { app: 'cart' } },
    spec: { serviceAccountName: 'cart', containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80 }] }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'db', namespace: 'shop', labels: { app: 'db' } },
    spec: { automountServiceAccountToken: false, containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80 }] }] },
  },
  {
    apiVersion: rbac,
    kind: 'Role',
    metadata: { name: 'r', namespace: 'shop' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }],
  },
  {
    apiVersion: rbac,
    kind: 'RoleBinding',
    metadata: { name: 'b', namespace: 'shop' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }],
  },
];
const UNBIND: Patch = { target: 'RoleBinding/shop/b', operation: 'delete', patch: [] };
const NO_TOKEN: Patch = {
  target: 'Pod/shop/cart',
  operation: 'patch',
  patch: [{ op: 'add', path: '/spec/automountServiceAccountToken', value: false }],
};

const entry = (what: string, { of = 'ServiceAccount/shop/cart', until = '2027-01-31' } = {}): string =>
  `  - {${what}, of: "${of}", who: ann, why: month-end close, until: ${until}}\n`;

function attested(...entries: readonly string[]): Attestations {
  return new Attestations(parseConfig(`attestations:\n${entries.join('')}`, '.castellan.yaml', RULES).attestations, '2026-11-22');
}

function proved(patch: Patch, attestations?: Attestations, objects: readonly Raw[] = OBJECTS): Proof {
  const before = toState(objects);
  const change = { patches: [patch], effort: 'low' as const };
  return prove({ before, after: before.with(change) }, change, attestations === undefined ? {} : { attestations });
}

describe('what people say of a right', () => {
  test('overrules silence, and the proof tells who said it', () => {
    expect(proved(UNBIND).verdict).toBe('unknown');
    const proof = proved(UNBIND, attested(entry('not-needed: "get,list secrets in shop"')));
    expect(proof.verdict).toBe('safe');
    expect(proof.attestations).toEqual([
      'ann says until 2027-01-31 that get,list secrets in shop of ServiceAccount/shop/cart is not needed: month-end close',
    ]);
  });

  test('covers no more than it says', () => {
    expect(proved(UNBIND, attested(entry('not-needed: "get secrets in shop"'))).verdict).toBe('unknown');
    expect(proved(UNBIND, attested(entry('not-needed: "get,list secrets in other"'))).verdict).toBe('unknown');
    const other = entry('not-needed: "get,list secrets"', { of: 'ServiceAccount/shop/other' });
    expect(proved(UNBIND, attested(other))).toMatchObject({ verdict: 'unknown', attestations: [] });
  });

  test('says that it breaks where the right is needed', () => {
    const proof = proved(UNBIND, attested(entry('needed: "list secrets in shop"')));
    expect(proof).toMatchObject({
      verdict: 'breaks',
      denies: [{ who: 'system:serviceaccount:shop:cart', what: 'list secrets in shop', count: 0 }],
    });
  });

  test('counts no more once it is expired', () => {
    const old = attested(entry('not-needed: "get,list secrets"', { until: '2026-11-21' }));
    expect(proved(UNBIND, old)).toMatchObject({ verdict: 'unknown', attestations: [] });
    expect(old.expired.map(({ id }) => id)).toEqual(['attestation-1']);
  });
});

describe('a needed right breaks when it is lost', () => {
  const others = OBJECTS.filter(({ kind }) => kind !== 'Role' && kind !== 'RoleBinding');
  const role = (kind: string, rule: Raw): Raw => ({ ...roleLike(kind, 'r'), rules: [{ apiGroups: [''], ...rule }] });
  const roleLike = (kind: string, name: string): Raw => ({
    apiVersion: rbac,
    kind,
    metadata: { name, ...(!kind.startsWith('Cluster') && { namespace: 'shop' }) },
  });
  const bound = (kind: string, subject: Raw, roleKind = 'Role'): Raw => ({
    ...roleLike(kind, 'b'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: 'r' },
    subjects: [subject],
  });
  const cart = { kind: 'ServiceAccount', name: 'cart', namespace: 'shop' };
  const group = (name: string): Raw => ({ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name });
  const secrets = { resources: ['secrets'], verbs: ['get', 'list'] };

  test.each<[string, string, Raw, Raw]>([
    [
      'by the group of its accounts',
      'get secrets in shop',
      role('Role', secrets),
      bound('RoleBinding', group('system:serviceaccounts:shop')),
    ],
    ['as anybody signed in', 'get secrets in shop', role('Role', secrets), bound('RoleBinding', group('system:authenticated'))],
    ['to one name', 'get secrets in shop', role('Role', { ...secrets, resourceNames: ['key'] }), bound('RoleBinding', cart)],
    ['in one namespace of all', 'get secrets', role('Role', secrets), bound('RoleBinding', cart)],
    ['of which the star is all that it has', '* secrets in shop', role('Role', secrets), bound('RoleBinding', cart)],
    ['by a star', 'get secrets in shop', role('Role', { resources: ['*'], verbs: ['*'] }), bound('RoleBinding', cart)],
    ['everywhere', 'get secrets in shop', role('ClusterRole', secrets), bound('ClusterRoleBinding', cart, 'ClusterRole')],
    [
      'to a subresource',
      'update deployments/scale in shop',
      role('Role', { resources: ['*/scale'], verbs: ['update'] }),
      bound('RoleBinding', cart),
    ],
  ])('%s', (_what, text, rights, binding) => {
    const target = binding.kind === 'RoleBinding' ? 'RoleBinding/shop/b' : 'ClusterRoleBinding/b';
    const patch: Patch = { target, operation: 'delete', patch: [] };
    expect(proved(patch, attested(entry(`needed: "${text}"`)), [...others, rights, binding]).verdict).toBe('breaks');
  });

  test('and not when another binding keeps it', () => {
    const kept = { ...bound('RoleBinding', group('system:serviceaccounts:shop')), metadata: { name: 'k', namespace: 'shop' } };
    const all = [...others, role('Role', { resources: ['*'], verbs: ['*'] }), bound('RoleBinding', cart), kept];
    expect(proved(UNBIND, attested(entry('needed: "get secrets in shop"')), all).verdict).toBe('safe');
  });

  test('and not when another is', () => {
    for (const text of ['get secrets in other', 'create secrets in shop', 'get pods in shop', 'get /metrics'])
      expect(proved(UNBIND, attested(entry(`needed: "${text}"`))).verdict, text).toBe('unknown');
  });
});

test('a token that nobody needs need not be watched', () => {
  expect(proved(NO_TOKEN).verdict).toBe('unknown');
  expect(proved(NO_TOKEN, attested(entry('not-needed: token', { of: 'Pod/shop/cart' }))).verdict).toBe('safe');
  expect(proved(NO_TOKEN, attested(entry('needed: token', { of: 'Pod/shop/cart' }))).verdict).toBe('breaks');
});

test('of two who say the opposite the one counts who needs it', () => {
  const both = (of: string): Attestations => attested(entry('not-needed: token', { of }), entry('needed: token', { of }));
  expect(proved(NO_TOKEN, both('Pod/shop/cart')).verdict).toBe('breaks');
});

test('a connection that is needed may not be cut', () => {
  const deny: Patch = {
    target: 'NetworkPolicy/shop/deny',
    operation: 'create',
    patch: [],
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny', namespace: 'shop' },
      spec: { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] },
    },
  };
  const connection = (kind: string): string => entry(`${kind}: "connection to shop/db[Pod]"`, { of: 'shop/cart[Pod]' });
  expect(proved(deny, attested(connection('needed')))).toMatchObject({ verdict: 'breaks', denies: [{ who: 'shop/cart[Pod]' }] });
  expect(proved(deny, attested(connection('not-needed'))).attestations).toHaveLength(1);
});

test.each([
  ['says neither needed nor not-needed, or both', entry('needed: token, not-needed: token')],
  ['has no until', '  - {needed: token, of: Pod/shop/cart, who: ann, why: x}\n'],
  ['is no right such as', entry('needed: "secrets"')],
  ['is no date', entry('needed: token', { until: '2027-02-31' })],
])('an attestation that %s is refused', (message, text) => {
  expect(() => attested(text)).toThrow(message);
});
