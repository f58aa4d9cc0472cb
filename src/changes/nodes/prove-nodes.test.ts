import { expect, it } from 'vitest';
import { asked } from '../../../test/history/asked.ts';
import { fixesFor } from '../fixes/index.ts';
import { State } from '../state.ts';
import { type Proof, prove } from '../prove.ts';
import type { Change, NodeChange } from '../../rules/index.ts';
import type { Asked, RequestUse, UseRecord } from '../../record/index.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts, type Snapshot } from '../../snapshot/index.ts';

const ARGV = ['kube-apiserver', '--authorization-mode=AlwaysAllow', '--audit-log-maxage=3', '--audit-log-path=/a.log'];
const NODE: NodeFacts = {
  schema: NODE_FACTS_SCHEMA,
  node: 'node1',
  collectedAt: '2026-11-01T08:00:00Z',
  collectedBy: '1.0.0',
  running: true,
  distribution: 'kubernetes',
  os: { id: '', version: '', name: '' },
  kernel: '',
  versions: { 'kube-apiserver': '1.34.1' },
  processes: [{ pid: 9, name: 'kube-apiserver', argv: ARGV }],
  units: [{ name: 'api.service', path: '/api.service', lines: [{ line: 1, text: `ExecStart=${ARGV.join(' ')}` }], dropIns: [] }],
  files: [{ path: '/etc/kubernetes/admin.conf', type: 'file', mode: '644', uid: 0, gid: 0, size: 1, namedBy: 'known place' }],
  absent: [],
  certificates: [],
  sockets: [],
  sysctls: {},
  gaps: [],
};

const SNAPSHOT: Snapshot = {
  header: { kind: 'cluster', complete: true },
  objects: [],
  counts: { files: 0, documents: 1, judged: 1, foreign: 0 },
  gaps: [],
  nodes: [NODE],
};

const state = new State(SNAPSHOT);

function changeOf(rule: string): Change {
  const change = state.onNodes.find((finding) => finding.rule.id === rule)?.change;
  if (change === undefined) throw new Error(`${rule} has no change`);
  return change;
}

function proofOf(rule: string, record?: UseRecord): Proof {
  const change = changeOf(rule);
  return prove({ before: state, after: state.with(change) }, change, record === undefined ? {} : { record });
}

function recordOf(name: string, what: Partial<Asked>, flows: UseRecord['flows'] = []): UseRecord {
  const use: RequestUse = { actor: 0, asked: asked(what), allowed: 3, denied: 0, unclear: 0, first: 1, last: 2, days: [0], streams: [0] };
  return { streams: [], actors: [{ name, groups: [] }], requests: [use], flows, addresses: [], versions: [] };
}

it('what refuses nobody is safe, and settles its control', () => {
  const proof = proofOf('apiserver-audit-maxage');
  expect(proof).toMatchObject({ verdict: 'safe', unknownBecause: [], denies: [] });
  expect(proof.closes.controls).toContain('cis-1.12/1.2.17');
  expect(proof.boundTo).toEqual([expect.stringMatching(/^Node\/node1 /)]);
});

it('anonymous requests that were answered would not be any more, but for health paths', () => {
  const of = (path: string): string[] =>
    proofOf('apiserver-anonymous-auth', recordOf('system:anonymous', { path })).denies.map(({ what }) => what);
  expect(of('/api')).toEqual(['get /api']);
  expect(of('/livez/ping')).toEqual([]);
  expect(proofOf('apiserver-anonymous-auth', recordOf('ann', { path: '/api' })).denies).toEqual([]);
  expect(proofOf('apiserver-anonymous-auth')).toMatchObject({ verdict: 'unknown', domains: { requests: 'unknown' } });
});

it('profiles that somebody read would be gone', () => {
  expect(proofOf('apiserver-profiling', recordOf('ann', { path: '/debug/pprof/heap' }))).toMatchObject({
    verdict: 'breaks',
    denies: [{ who: 'ann', what: 'get /debug/pprof/heap', count: 3 }],
  });
  expect(proofOf('apiserver-profiling', recordOf('ann', { path: '/version' })).denies).toEqual([]);
});

it('what always was allowed is asked of the roles that there are', () => {
  const proof = proofOf('apiserver-authz-not-alwaysallow', recordOf('ann', { resource: 'secrets', namespace: 'shop' }));
  expect(proof.denies).toEqual([{ who: 'ann', what: 'get secrets', count: 3, last: 2 }]);
  expect(proofOf('apiserver-authz-not-alwaysallow', recordOf('system:node:n1', { resource: 'secrets' })).denies).toEqual([]);
});

it('nobody knows who reads a file, or by what clients of a port sign in', () => {
  const codes = (rule: string): string[] => proofOf(rule).unknownBecause.map(({ code }) => code);
  expect(codes('admin-kubeconfig-perm')).toEqual(['file-reads-unseen']);
  expect(codes('apiserver-ciphers')).toEqual(['clients-unseen']);
});

it('a port that goes breaks who was seen to connect to it', () => {
  const node: NodeChange = {
    ...(changeOf('apiserver-ciphers').patches[0]?.node as NodeChange),
    rules: ['kubelet-read-only-port'],
    component: 'kubelet',
  };
  const change: Change = { patches: [{ target: 'Node/node1', operation: 'patch', patch: [], node }], effort: 'low' };
  const flow = { protocol: 'TCP', port: 10_255, allowed: 2, denied: 0, unclear: 0, first: 1, last: 2, days: [0], streams: [0] } as const;
  const ends = { source: 'pod:mon/agent', destination: 'host:node1' };
  const record = recordOf('ann', {}, [{ ...flow, ...ends }]);
  const proof = prove({ before: state, after: state.with(change) }, change, { record });
  expect(proof).toMatchObject({ verdict: 'breaks', denies: [{ who: 'pod:mon/agent', count: 2 }] });
});

it('fixes hold changes of nodes, each made on what those before it left', () => {
  const { fixes } = fixesFor(state, { top: 30, evidence: {} });
  const texts = fixes.flatMap(({ change }) => change.patches.flatMap(({ node }) => node?.run.join('\n') ?? []));
  expect(fixes.length).toBeGreaterThan(10);
  const last = texts.findLast((text) => text.includes('ExecStart='));
  const diffs = fixes.flatMap(({ change }) => change.patches.flatMap(({ node }) => node?.diff ?? ''));
  expect((last ?? '') + diffs.join('')).toContain('--audit-log-maxage=30');
  expect(diffs.findLast((diff) => diff.includes('+ExecStart='))).toContain('--audit-log-maxage=30');
  expect(new Set(fixes.map(({ id }) => id)).size).toBe(fixes.length);
});
