import { describe, expect, test } from 'vitest';
import { Attestations } from './attestations.ts';
import { type Proof, prove } from './prove.ts';
import { State } from './state.ts';
import { toState } from './state-examples.ts';

type Raw = Record<string, unknown>;

const READ = '2026-11-22T12:00:00Z';
const TARGET = 'Secret/ops/root-token';

function secret(labels: Record<string, string> = {}, type = 'kubernetes.io/service-account-token'): Raw {
  const annotations = { 'kubernetes.io/service-account.name': 'root' };
  return { apiVersion: 'v1', kind: 'Secret', type, metadata: { namespace: 'ops', name: 'root-token', labels, annotations } };
}

const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'ops', name: 'root' } };

function tracking(since: string): Raw {
  const name = 'kube-apiserver-legacy-service-account-token-tracking';
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'kube-system', name }, data: { since } };
}

/** What is proved of deleting the token, where somebody says that nobody else is shown it. */
function proofOf(objects: readonly Raw[], word: boolean | 'unsaid' = false): Proof {
  const { snapshot } = toState([account, ...objects]);
  const before = new State({ ...snapshot, header: { ...snapshot.header, takenAt: READ } });
  const change = { patches: [{ target: TARGET, operation: 'delete' as const, patch: [] }], effort: 'low' as const };
  const said = { id: 'a', text: 'token', what: { kind: 'token' as const }, of: TARGET, who: 'ann', why: 'she asked', until: '2999-01-01' };
  const attestations = word === 'unsaid' ? {} : { attestations: new Attestations([{ ...said, needed: word }], '2026-11-22') };
  return prove({ before, after: before.with(change) }, change, attestations);
}

const codes = ({ unknownBecause }: Proof): string[] => unknownBecause.map(({ code, about }) => `${code} ${about}`);

describe('a token that never expires', () => {
  test('breaks whoever used it in the last three weeks, without any log', () => {
    expect(proofOf([secret({ 'kubernetes.io/legacy-token-last-used': '2026-11-01' })])).toMatchObject({
      verdict: 'breaks',
      denies: [{ who: 'system:serviceaccount:ops:root', what: `its token in ${TARGET}`, last: Date.parse('2026-11-01') / 1000 }],
    });
  });

  test('is safe to delete where the server has watched for it for three weeks, and people know of nobody else', () => {
    expect(proofOf([secret(), tracking('2026-10-31')])).toMatchObject({ verdict: 'safe', denies: [], unknownBecause: [] });
    const old = secret({ 'kubernetes.io/legacy-token-last-used': '2026-10-30' });
    expect(proofOf([old, tracking('2025-01-01')]).verdict).toBe('safe');
    const invalid = secret({
      'kubernetes.io/legacy-token-invalid-since': '2026-11-20',
      'kubernetes.io/legacy-token-last-used': '2026-11-19',
    });
    expect(proofOf([invalid]).verdict).toBe('safe');
  });

  test('is unknown where the server watched for less, or says nothing, or nobody knows who else is shown it', () => {
    expect(codes(proofOf([secret(), tracking('2026-11-02')]))).toEqual([`token-untracked ${TARGET}`]);
    expect(codes(proofOf([secret()]))).toEqual([`token-untracked ${TARGET}`]);
    expect(codes(proofOf([secret({ 'kubernetes.io/legacy-token-last-used': 'yesterday' })]))).toEqual([`token-untracked ${TARGET}`]);
    expect(codes(proofOf([secret(), tracking('2026-10-01')], 'unsaid'))).toEqual([`token-reads-unseen ${TARGET}`]);
    expect(proofOf([secret(), tracking('2026-10-01')], true).verdict).toBe('breaks');
  });

  test('is unknown where a workload or anything else names it, and where the Secret is of another type', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'ops', name: 'p' },
      spec: { containers: [], volumes: [{ name: 'v', secret: { secretName: 'root-token' } }] },
    };
    const elsewhere = { ...pod, metadata: { namespace: 'shop', name: 'p' } };
    expect(codes(proofOf([secret(), tracking('2026-10-01'), pod, elsewhere]))).toEqual(['behaviour-unseen Pod/ops/p']);
    expect(codes(proofOf([secret({}, 'Opaque'), tracking('2026-10-01')]))).toEqual([`behaviour-unseen ${TARGET}`]);
  });
});
