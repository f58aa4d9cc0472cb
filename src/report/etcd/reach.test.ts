import { expect, it } from 'vitest';
import { AttackGraph, COUNTED } from '../../graph/index.ts';
import { buildCluster } from '../../model/index.ts';
import { etcdReachDocument, etcdReachTable } from './reach.ts';

type Plain = Readonly<Record<string, unknown>>;

const node = (name: string, labels: Plain = {}): Plain => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
const CONTROL = node('cp1', { 'node-role.kubernetes.io/control-plane': '' });

function pod(at: string, spec: Plain, container: Plain = {}): Plain {
  const [namespace, name] = at.split('/');
  const containers = [{ name: 'c', image: 'app:1', ...container }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name },
    spec: { automountServiceAccountToken: false, containers, ...spec },
  };
}

const etcd = (...flags: string[]): Plain =>
  pod(
    'kube-system/etcd-cp1',
    { nodeName: 'cp1', hostNetwork: true },
    { command: ['etcd', '--listen-client-urls=https://10.0.0.1:2379', ...flags] },
  );
const WEB = pod('shop/web', { nodeName: 'w1' });
const SHUT = pod('closed/shut', { nodeName: 'w1' });
const WALL: Plain = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'wall', namespace: 'closed' },
  spec: { podSelector: {}, policyTypes: ['Egress'], egress: [] },
};

function documentOf(...objects: Plain[]): ReturnType<typeof etcdReachDocument> {
  const cluster = buildCluster({
    header: { kind: 'manifests', complete: false },
    objects: objects.map((object) => ({ object, origin: { source: '', line: 1, format: 'json', prefix: [] } })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
  });
  const graph = new AttackGraph(cluster, { etcdPort: true });
  return etcdReachDocument(graph, { from: 'workloads', classes: COUNTED, gaps: [] });
}

const entries = (document: ReturnType<typeof documentOf>['network']): string[] => (document?.paths ?? []).flatMap((path) => path.entries);

it('tells who can connect, which gives nothing without a certificate', () => {
  const document = documentOf(CONTROL, node('w1'), etcd('--client-cert-auth=true', '--trusted-ca-file=/ca'), WEB, SHUT, WALL);
  expect(document.members).toEqual([{ pod: 'kube-system/etcd-cp1', nodes: ['cp1'], clientCertificate: true }]);
  expect(entries(document.network)).toEqual(['Container/shop/web/c']);
  expect(entries(document.data)).toEqual([]);
  expect(document.unseen).toEqual([]);
});

it('a connection is all that it takes where no certificate is asked for', () => {
  const document = documentOf(CONTROL, node('w1'), etcd(), WEB, SHUT, WALL);
  expect(entries(document.data)).toEqual(['Container/shop/web/c']);
  expect(etcdReachTable(document, false)).toContain('does not ask for client certificates');
});

it('tells what it has not seen', () => {
  const known = documentOf(CONTROL, WEB);
  expect(known).toMatchObject({ nodes: ['cp1'], unseen: [expect.stringContaining('no member of etcd')] });
  expect(known.network).toBeUndefined();
  expect(documentOf(WEB).unseen).toEqual([expect.stringContaining('neither a member of etcd nor a node')]);
});
