import { describe, expect, test } from 'vitest';
import type { Patch } from '../rules/index.ts';
import type { Snapshot } from '../snapshot/index.ts';
import { type Proof, prove } from './prove.ts';
import { toState } from './state-examples.ts';

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } };
const pod = (privileged: boolean): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [{ name: 'c', image: 'x', securityContext: { privileged } }] },
});
const DENY = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: 'other' },
  spec: { podSelector: {} },
};

function proved(patch: Patch, objects: readonly Record<string, unknown>[], kind: Snapshot['header']['kind'] = 'snapshot'): Proof {
  const before = toState(objects, kind);
  const change = { patches: [patch], effort: 'low' as const };
  return prove({ before, after: before.with(change) }, change, {});
}

const label = (key: string, value: string): Patch => ({
  target: 'Namespace/shop',
  operation: 'patch',
  patch: [{ op: 'add', path: `/metadata/labels/${key.replace('/', '~1')}`, value }],
});
const codes = ({ unknownBecause }: Proof): string[] => unknownBecause.map(({ code }) => code);
const ENFORCE = label('pod-security.kubernetes.io/enforce', 'baseline');

describe('a stricter level of Pod Security', () => {
  test('is safe where all that runs meets it, and breaks what does not', () => {
    expect(proved(ENFORCE, [NAMESPACE, pod(false)])).toMatchObject({ verdict: 'safe', domains: { admission: 'safe' } });
    expect(proved(ENFORCE, [NAMESPACE, pod(true)])).toMatchObject({ verdict: 'breaks', denies: [{ who: 'Pod/shop/web' }] });
  });

  test('is unknown of another release of the standard, and from files', () => {
    const pinned = { ...NAMESPACE, metadata: { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce-version': 'v1.24' } } };
    expect(codes(proved(ENFORCE, [pinned, pod(false)]))).toEqual(['other-version']);
    const fromFiles = proved(ENFORCE, [NAMESPACE, pod(false)], 'manifests');
    expect(fromFiles.verdict).toBe('unknown');
    expect(new Set(codes(fromFiles))).toEqual(new Set(['input-partial']));
  });
});

describe('nobody has watched', () => {
  test.each<[string, Patch]>([
    ['what another label of a namespace chooses', label('istio-injection', 'disabled')],
    ['what a release of the standard changes', label('pod-security.kubernetes.io/enforce-version', 'latest')],
    ['what goes with a namespace', { target: 'Namespace/shop', operation: 'delete', patch: [] }],
    [
      'what a program does under other settings',
      { target: 'Pod/shop/web', operation: 'patch', patch: [{ op: 'add', path: '/spec/hostPID', value: true }] },
    ],
  ])('%s', (_what, patch) => {
    const proof = proved(patch, [NAMESPACE, pod(false)]);
    expect(proof.verdict).toBe('unknown');
    expect(codes(proof)).toContain('behaviour-unseen');
  });

  test('whether a program opens its token', () => {
    const patch: Patch = {
      target: 'Pod/shop/web',
      operation: 'patch',
      patch: [{ op: 'add', path: '/spec/automountServiceAccountToken', value: false }],
    };
    expect(codes(proved(patch, [NAMESPACE, pod(false)]))).toEqual(['token-reads-unseen']);
  });
});

test('a policy that cuts nobody off is safe in a whole cluster, and unknown from files', () => {
  const create: Patch = { target: 'NetworkPolicy/other/deny', operation: 'create', patch: [], object: DENY };
  expect(proved(create, [NAMESPACE, pod(false)]).verdict).toBe('safe');
  expect(codes(proved(create, [NAMESPACE, pod(false)], 'manifests'))).toEqual(['input-partial']);
});
