import { describe, expect, it } from 'vitest';
import { type FileFact, NODE_FACTS_SCHEMA, type NodeFacts } from '../../snapshot/index.ts';
import { type OwnSnapshots, ownSnapshotsOf } from './own-snapshots.ts';

interface Given {
  product?: string;
  start?: string | undefined;
  files?: Readonly<Record<string, string | undefined>>;
}

function factsOf({ product = 'k3s', start = `/usr/local/bin/${product} server`, files = {} }: Given): NodeFacts {
  const name = product === 'rke2' ? 'rke2-server.service' : 'k3s.service';
  return {
    schema: NODE_FACTS_SCHEMA,
    node: 'n1',
    collectedAt: '2026-01-01T00:00:00Z',
    collectedBy: '0',
    running: true,
    distribution: product,
    os: { id: '', version: '', name: '' },
    kernel: '',
    versions: {},
    processes: [{ pid: 7, name: product, argv: [`/usr/local/bin/${product} server`] }],
    units:
      start === '' ? [] : [{ name, path: `/etc/systemd/system/${name}`, lines: [{ line: 2, text: `ExecStart=${start}` }], dropIns: [] }],
    files: Object.entries(files).map(([path, text]): FileFact => ({
      path,
      type: path.endsWith('/etcd') ? 'directory' : 'file',
      mode: '600',
      uid: 0,
      gid: 0,
      size: 1,
      namedBy: 'known place',
      ...(text !== undefined && { text }),
    })),
    absent: [],
    certificates: [],
    sockets: [],
    sysctls: {},
    gaps: [],
  };
}

const CONFIG = '/etc/rancher/k3s/config.yaml';
const ETCD = { '/var/lib/rancher/k3s/server/db/etcd': undefined };

function known(given: Given): OwnSnapshots {
  const found = ownSnapshotsOf(factsOf(given));
  if (found === undefined || found === 'unseen') throw new Error(`not known: ${found}`);
  return found;
}

function values({ off, schedule, retention, folder, copies }: OwnSnapshots): unknown[] {
  return [off?.value, schedule.value, retention.value, folder.value, copies?.value];
}

describe('snapshots of k3s and RKE2', () => {
  it('are by default two a day, five of them, on the disk', () => {
    expect(values(known({ files: ETCD }))).toEqual([undefined, '0 */12 * * *', '5', '/var/lib/rancher/k3s/server/db/snapshots', undefined]);
    expect(values(known({ product: 'rke2' }))[3]).toBe('/var/lib/rancher/rke2/server/db/snapshots');
    expect(known({ files: ETCD }).schedule.source).toBe('the defaults of k3s');
  });

  it('are as the file says, then what lies beside it, then the flag', () => {
    const found = known({
      start: '/usr/local/bin/k3s server --cluster-init --etcd-snapshot-retention 30',
      files: {
        [CONFIG]: 'etcd-snapshot-retention: 7\netcd-snapshot-schedule-cron: "0 * * * *"\netcd-snapshot-dir: /a\n',
        [`${CONFIG}.d/10.yaml`]: 'etcd-snapshot-dir: /b\n',
      },
    });
    expect(values(found)).toEqual([undefined, '0 * * * *', '30', '/b', undefined]);
    expect(found.folder).toMatchObject({ source: `n1:${CONFIG}.d/10.yaml`, path: 'etcd-snapshot-dir', shown: '/b' });
    expect(found.retention).toMatchObject({
      source: 'n1:/etc/systemd/system/k3s.service',
      path: 'ExecStart[3]',
      shown: '--etcd-snapshot-retention=30',
    });
  });

  it('lie below the folder of data that is set', () => {
    const found = known({ start: 'k3s server --data-dir /data', files: { '/data/server/db/etcd': undefined } });
    expect(found.folder.value).toBe('/data/server/db/snapshots');
  });

  it.each([
    ['etcd-s3: true\netcd-s3-bucket: copies\n', 's3://copies'],
    ['etcd-s3: true\netcd-s3-bucket: copies\netcd-s3-folder: c1\n', 's3://copies/c1'],
    ['etcd-s3: true\netcd-s3-config-secret: where\n', 'what Secret kube-system/where says'],
    ['etcd-s3: true\netcd-s3-config-secret: where\netcd-s3-endpoint: s3.amazonaws.com\n', 'what Secret kube-system/where says'],
    ['etcd-s3: true\netcd-s3-config-secret: where\netcd-s3-endpoint: minio.example\n', undefined],
    ['etcd-s3: true\n', undefined],
    ['etcd-s3-bucket: copies\n', undefined],
    ['etcd-s3: false\netcd-s3-bucket: copies\n', undefined],
  ])('with %j go to %s', (config, copies) => {
    expect(known({ files: { ...ETCD, [CONFIG]: config } }).copies?.value).toBe(copies);
  });

  it('are off where they are told to be', () => {
    expect(known({ files: { ...ETCD, [CONFIG]: 'etcd-disable-snapshots: true\n' } }).off).toMatchObject({ path: 'etcd-disable-snapshots' });
    expect(known({ files: { ...ETCD, [CONFIG]: 'etcd-disable-snapshots: false\n' } }).off).toBeUndefined();
    expect(known({ start: 'k3s server --etcd-disable-snapshots', files: ETCD }).off?.source).toContain('k3s.service');
  });

  it.each<[string, Given]>([
    ['of another distribution', { product: 'kubeadm' }],
    ['with another store', { files: { [CONFIG]: 'datastore-endpoint: mysql://db\n' } }],
    ['with sqlite', {}],
    ['of an agent', { start: 'k3s agent', files: ETCD }],
    ['of a server without etcd', { product: 'rke2', files: { '/etc/rancher/rke2/config.yaml': 'disable-etcd: true\n' } }],
  ])('are none of a node %s', (_what, given) => {
    expect(ownSnapshotsOf(factsOf(given))).toBeUndefined();
  });

  it('are not known where a file is hidden, or nothing says how the server was started', () => {
    expect(ownSnapshotsOf(factsOf({ files: { ...ETCD, [CONFIG]: undefined } }))).toBe('unseen');
    expect(ownSnapshotsOf(factsOf({ start: '', files: ETCD }))).toBe('unseen');
  });
});
