import { expect, it } from 'vitest';
import { AttackGraph, COUNTED } from '../../graph/index.ts';
import { buildCluster } from '../../model/index.ts';
import { nodeFacts } from '../../../test/rule-tester.ts';
import { type NodeFacts, nodeFactsOf } from '../../snapshot/index.ts';
import { ownBackupsOn } from './own-backups.ts';
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
  return documentWith([], objects);
}

function documentWith(nodes: readonly NodeFacts[], objects: readonly Plain[]): ReturnType<typeof etcdReachDocument> {
  const cluster = buildCluster({
    header: { kind: 'manifests', complete: false },
    objects: objects.map((object) => ({ object, origin: { source: '', line: 1, format: 'json', prefix: [] } })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
  });
  const own = ownBackupsOn(nodes);
  const graph = new AttackGraph(cluster, { etcdPort: true, etcdBackups: own.found.flatMap(({ place }) => place ?? []) });
  return etcdReachDocument(graph, { from: 'workloads', classes: COUNTED, gaps: [], own });
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

const K3S = 'node-role.kubernetes.io/control-plane';

function server(config: string, name = 's1'): NodeFacts {
  const facts = JSON.parse(
    nodeFacts({
      node: name,
      processes: [['/usr/local/bin/k3s', 'server']],
      units: [
        {
          name: 'k3s.service',
          path: '/etc/systemd/system/k3s.service',
          lines: [{ line: 2, text: 'ExecStart=/usr/local/bin/k3s server --cluster-init' }],
          dropIns: [],
        },
      ],
      files: { '/etc/rancher/k3s/config.yaml': `600 root:root ${config}` },
    }),
  ) as Record<string, unknown>;
  return nodeFactsOf({ ...facts, distribution: 'k3s' }, 'facts');
}

const SERVER: Plain = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 's1', labels: { [K3S]: 'true' } },
  status: { nodeInfo: { kubeletVersion: 'v1.34.1+k3s1' } },
};
const BUCKET: Plain = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's3', namespace: 'kube-system' }, data: {} };
const onServer = (name: string, path: string): Plain =>
  pod(
    `apps/${name}`,
    { nodeName: 's1', volumes: [{ name: 'v', hostPath: { path } }] },
    { volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: true }] },
  );

/** All pods of the namespace may: `other` has no token. */
const READS: Plain[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'apps' } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'r', namespace: 'kube-system' },
    rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['s3'], verbs: ['get'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'r', namespace: 'kube-system' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'apps' }],
  },
];

it('tells the snapshots that k3s saves by itself, and who comes to them', () => {
  const facts = server('etcd-snapshot-dir: /srv/snapshots\netcd-s3: true\netcd-s3-config-secret: s3\n');
  const reader = pod('apps/reader', { nodeName: 'w1', automountServiceAccountToken: true });
  const objects = [SERVER, node('w1'), BUCKET, onServer('backup', '/srv'), onServer('other', '/data'), reader, ...READS];
  const document = documentWith([facts], objects);
  expect(document.backups).toEqual([
    {
      object: 'Node/s1',
      schedule: '0 */12 * * *',
      target: '/srv/snapshots, then what Secret kube-system/s3 says',
      suspended: false,
      lastSuccess: null,
      by: 'k3s',
      told: [
        'the defaults of k3s etcd-snapshot-schedule-cron',
        's1:/etc/rancher/k3s/config.yaml etcd-snapshot-dir',
        's1:/etc/rancher/k3s/config.yaml etcd-s3-config-secret',
      ],
    },
  ]);
  expect(entries(document.data).toSorted()).toEqual(['Container/apps/backup/c', 'Container/apps/reader/c']);
  expect(document.unseen.filter((text) => text.includes('k3s'))).toEqual([]);
  expect(etcdReachTable(document, true)).toContain(
    'backup Node/s1 by k3s itself to /srv/snapshots, then what Secret kube-system/s3 says, at "0 */12 * * *"',
  );
  // Nothing of it is known without the facts.
  const without = documentWith([], objects);
  expect([without.backups, entries(without.data)]).toEqual([[], []]);
  expect(without.unseen).toContainEqual(expect.stringContaining('what s1 is told about them was not seen (--node-facts)'));
});

it('tells that they are switched off', () => {
  const document = documentWith([server('etcd-disable-snapshots: true\n')], [SERVER, onServer('backup', '/srv')]);
  expect(document.backups).toMatchObject([{ object: 'Node/s1', suspended: true, by: 'k3s' }]);
  expect(etcdReachTable(document, false)).toContain(
    'backup Node/s1 by k3s itself is switched off (s1:/etc/rancher/k3s/config.yaml etcd-disable-snapshots)',
  );
  expect(entries(document.data)).toEqual([]);
});

it('counts a pod that mounts the folder of a database of k3s among those who come to it', () => {
  const mounts = onServer('backup', '/var/lib/rancher/k3s/server/db/snapshots');
  expect(entries(documentOf(SERVER, mounts).data)).toEqual(['Container/apps/backup/c']);
});
