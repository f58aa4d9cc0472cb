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

function proved(patch: Patch, attestations?: Attestations): Proof {
  const before = toState(OBJECTS);
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

test('a token that nobody needs need not be watched', () => {
  expect(proved(NO_TOKEN).verdict).toBe('unknown');
  expect(proved(NO_TOKEN, attested(entry('not-needed: token', { of: 'Pod/shop/cart' }))).verdict).toBe('safe');
  expect(proved(NO_TOKEN, attested(entry('needed: token', { of: 'Pod/shop/cart' }))).verdict).toBe('breaks');
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
