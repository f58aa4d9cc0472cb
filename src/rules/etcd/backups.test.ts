import { describe, expect, it } from 'vitest';
import { objectsOf } from '../../../test/rule-tester.ts';
import { type Cluster, buildCluster } from '../../model/index.ts';
import { judge } from '../index.ts';
import { backupsOf, rule } from './etcd-backup.ts';

function clusterOf(yaml: string): Cluster {
  return buildCluster({
    header: { kind: 'cluster', complete: true, kubernetesVersion: '1.36.0' },
    objects: objectsOf(yaml).map((object) => ({
      object: object as Record<string, unknown>,
      origin: { source: 'cluster', line: 1, format: 'json', prefix: [] },
    })),
    counts: { files: 0, documents: 1, judged: 1, foreign: 0 },
    gaps: [],
  });
}

function said(yaml: string): string[] {
  const found: string[] = [];
  judge(clusterOf(yaml), { rules: [rule] }, ({ status, message }) => found.push(`${status} ${message}`));
  return found;
}

const OURS = '{apiVersion: v1, kind: Node, metadata: {name: cp, labels: {node-role.kubernetes.io/control-plane: ""}}}';
const WORKER = '{apiVersion: v1, kind: Node, metadata: {name: w}}';
const job = (words: string, volume: string): string =>
  `{apiVersion: batch/v1, kind: CronJob, metadata: {name: copy, namespace: ops}, status: {lastSuccessfulTime: "2026-11-01T03:00:00Z"}, spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {volumes: [${volume}], containers: [{name: a, image: a, command: [sh, -c, "${words}"]}]}}}}}}`;

describe('backups of etcd', () => {
  it('are missed in a whole cluster that runs its own control plane', () => {
    expect(said(OURS)).toEqual([expect.stringMatching(/^fail the cluster runs its own control plane/)]);
  });

  it('are the provider’s where no node of a control plane is ours', () => {
    expect(said(WORKER)).toEqual([]);
  });

  it('are not known where an operator makes them', () => {
    const velero =
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: velero, namespace: velero}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: v, image: "velero/velero:v1.17.0"}]}}}}';
    expect(said(`${OURS}\n---\n${velero}`)).toEqual([expect.stringMatching(/^unknown velero\/velero makes backups/)]);
  });

  it.each([
    ['etcdctl snapshot save /b && aws s3 cp /b s3://copies/etcd', '{name: b, emptyDir: {}}', 's3://copies/etcd'],
    ['etcdctl snapshot save /b', '{name: b, persistentVolumeClaim: {claimName: copies}}', 'claim copies'],
    ['etcdctl snapshot save /b', '{name: c, hostPath: {path: /etc/kubernetes/pki/etcd}}', ''],
  ])('%s goes to its target', (words, volume, target) => {
    const [backup, ...others] = backupsOf(clusterOf(job(words, volume)).tables);
    expect(others).toEqual([]);
    expect(backup).toMatchObject({ schedule: '0 3 * * *', target, suspended: false, lastSuccess: '2026-11-01T03:00:00Z' });
  });

  it('are not every job that speaks to etcd', () => {
    expect(backupsOf(clusterOf(job('etcdctl snapshot status /b', '{name: b, emptyDir: {}}')).tables)).toEqual([]);
  });
});
