import { type OwnSnapshots, type Setting, ownSnapshotsOf } from '../../engines/component-config/index.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = defineRule({
  id: 'etcd-own-snapshots',
  title: 'Server of k3s or RKE2 saves no snapshots of etcd',
  severity: 'medium',
  area: 'etcd',
  component: 'etcd',
  rationale:
    'Servers of k3s and RKE2 save snapshots of etcd by themselves. Where that is switched off there is nothing to begin again from; where they stay on the disk on which etcd lies, whoever wipes the server takes both.',
  remedy:
    'Leave etcd-disable-snapshots out of the configuration of the servers and set etcd-s3: true with etcd-s3-bucket, or etcd-s3-config-secret, to a bucket from which the cluster may not delete; or copy etcd-snapshot-dir elsewhere by a job of the machine, and say so in an exception.',
  controls: [...nsa('etcd-protection'), ...mitre('T1485', 'T1490')],
  answersFor: ['etcd-backup'],
  scope: 'node',
  needs: ['node'],
  check({ facts }): Hit {
    const found = ownSnapshotsOf(facts);
    if (found === undefined)
      return { message: 'no k3s or RKE2 with an etcd of its own was seen', path: '', value: undefined, status: 'not-applicable' };
    if (found === 'unseen')
      return { message: 'what the server is told about snapshots was not seen', path: '', value: undefined, status: 'unknown' };
    const { product, off, schedule, retention, folder, copies } = found;
    if (off !== undefined) return { message: `${product} is told to save no snapshots of etcd`, ...placeOf(off), key: 'snapshots' };
    const rest = { also: [schedule, retention, folder].map(placeOf) };
    if (copies === undefined)
      return {
        message: `${product} saves snapshots of etcd (${wordsOf(found)}) to its own disk alone: look whether anything copies them elsewhere`,
        ...placeOf(folder),
        key: 'snapshots',
        severity: 'low',
        status: 'manual',
        also: [schedule, retention].map(placeOf),
      };
    return { message: `snapshots of etcd (${wordsOf(found)}) go to ${copies.value}`, ...placeOf(copies), status: 'pass', ...rest };
  },
  examples: () => ({
    good: [
      server('etcd-s3: true\netcd-s3-bucket: copies\n'),
      server('etcd-s3: true\netcd-s3-config-secret: etcd-s3\netcd-snapshot-schedule-cron: "0 * * * *"\n'),
      nodeFacts({ processes: [['kube-apiserver']] }),
    ],
    bad: [
      { yaml: server('etcd-disable-snapshots: true\netcd-s3: true\n'), path: 'etcd-disable-snapshots' },
      { yaml: server('etcd-snapshot-dir: /backup\n'), path: 'etcd-snapshot-dir', severity: 'low', status: 'manual' },
      { yaml: server('etcd-s3-bucket: copies\n'), path: 'etcd-snapshot-dir', severity: 'low', status: 'manual' },
    ],
  }),
});

function wordsOf({ schedule, retention }: OwnSnapshots): string {
  return `"${schedule.value}", ${retention.value} kept`;
}

function placeOf({ source, path, shown }: Setting<string>): { file: string; path: string; value: unknown } {
  // The judge puts the node before it.
  return { file: source.replace(/^[^/:]+:/, ''), path, value: shown };
}

function server(config: string): string {
  const facts = JSON.parse(
    nodeFacts({
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
  return JSON.stringify({ ...facts, distribution: 'k3s' });
}
