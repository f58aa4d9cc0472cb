import type { Tables } from '../../model/index.ts';
import { processesNamed } from '../../engines/command-line/index.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { type Backup, backupOfJob, backupOfOperator, backupText, faultOfBackup } from './backups.ts';

/** They save snapshots by themselves, to the disk of their servers, unless they are told not to. */
const OF_THEIR_OWN = /\+(?:k3s|rke2)/;
const OPERATORS = /(?:^|\/)(?:velero|etcd-backup-operator|etcd-druid|backup-restore-operator|etcdbrctl)(?:[:@]|$)/;

export const rule = defineRule({
  id: 'etcd-backup',
  title: 'Nothing is seen that backs up etcd',
  severity: 'medium',
  area: 'etcd',
  rationale:
    'Whoever wipes or encrypts etcd takes the whole cluster with it; without a copy that lies elsewhere there is nothing to begin again from, and nothing to compare with after a break-in.',
  remedy:
    'Save a snapshot every day with a CronJob on a node of the control plane (etcdctl snapshot save), to a place that the cluster cannot delete from, and look at one with castellan etcd verify. What runs as a timer of the machine is not seen here: write an exception that names it.',
  controls: [...nsa('etcd-protection'), ...mitre('T1485', 'T1490')],
  effort: 'medium',
  scope: 'cluster',
  reads: ['workloads', 'Node', 'objects', 'completeness'],
  // The provider of a managed control plane keeps its etcd, and no node or pod of it is in the input.
  applies: (_cluster, tables) => runsControlPlane(tables),
  check(_cluster, tables): Hit | undefined {
    const backups = backupsOf(tables);
    const sound = backups.find((backup) => faultOfBackup(backup) === undefined);
    if (sound !== undefined) return undefined;
    const [broken] = backups;
    if (broken !== undefined)
      return {
        message: `the backup of etcd ${faultOfBackup(broken)}: ${backupText(broken)}`,
        path: '',
        also: [{ object: broken.object, path: broken.path }],
      };
    const elsewhere = unseenBackup(tables);
    if (elsewhere !== undefined) return { message: elsewhere, path: '', value: undefined, status: 'unknown' };
    return { message: 'the cluster runs its own control plane, and no job in it saves a snapshot of etcd', path: '', value: undefined };
  },
  examples: () => ({
    good: [
      documents(CONTROL_PLANE, job('[etcdctl, snapshot, save, /backup/today.db]')),
      documents(ETCD, job('[sh, -c, "etcdctl --endpoints=$E snapshot save /b && aws s3 cp /b s3://copies/etcd"]')),
      documents(
        CONTROL_PLANE,
        '{apiVersion: velero.io/v1, kind: Schedule, metadata: {name: all, namespace: velero}, spec: {schedule: "0 1 * * *"}}',
      ),
      '{apiVersion: v1, kind: Node, metadata: {name: worker}}',
    ],
    bad: [
      { yaml: documents(CONTROL_PLANE, job('[etcdctl, snapshot, save, /b]', 'suspend: true, ')), path: '' },
      {
        yaml: documents(
          CONTROL_PLANE,
          job(
            '[etcdctl, snapshot, save, /b]',
            '',
            '{lastScheduleTime: "2026-11-10T03:00:00Z", lastSuccessfulTime: "2026-11-01T03:00:00Z"}',
          ),
        ),
        path: '',
      },
      // From files nobody knows what else there is.
      { yaml: documents(CONTROL_PLANE, job('[etcdctl, endpoint, health]')), path: '', status: 'unknown' },
      {
        yaml: '{apiVersion: v1, kind: Node, metadata: {name: cp, labels: {node-role.kubernetes.io/control-plane: ""}}, status: {nodeInfo: {kubeletVersion: v1.34.1+k3s1}}}',
        path: '',
        status: 'unknown',
      },
    ],
  }),
});

/** All that is recognised. */
export function backupsOf({ workloads, objects }: Pick<Tables, 'workloads' | 'objects'>): Backup[] {
  return [
    ...workloads.all.flatMap((workload) => backupOfJob(workload) ?? []),
    ...objects.all.flatMap((object) => backupOfOperator(object) ?? []),
  ];
}

function runsControlPlane({ workloads, Node }: Pick<Tables, 'workloads' | 'Node'>): boolean {
  const isOurs = ({ labels }: { labels: Readonly<Record<string, string>> }): boolean =>
    'node-role.kubernetes.io/control-plane' in labels || 'node-role.kubernetes.io/master' in labels;
  return Node.all.some(isOurs) || processesNamed(workloads, 'etcd').length > 0;
}

/** Why a backup may be there all the same. */
function unseenBackup({ workloads, Node, completeness }: Pick<Tables, 'workloads' | 'Node' | 'completeness'>): string | undefined {
  const operator = workloads.all.find(({ containers }) => containers.some(({ spec }) => OPERATORS.test(spec.image ?? '')));
  if (operator !== undefined)
    return `${operator.namespace}/${operator.name} makes backups, and what it is told to save is not in the input`;
  if (Node.all.some(({ body }) => OF_THEIR_OWN.test(body.status?.nodeInfo?.kubeletVersion ?? '')))
    return 'k3s and RKE2 save snapshots of etcd by themselves where they run one: etcd-snapshot-schedule-cron and etcd-s3 in their own file say when and to where';
  if (!completeness.complete) return 'no job that saves a snapshot of etcd is in the input, which need not hold all there is';
  return undefined;
}

const CONTROL_PLANE = '{apiVersion: v1, kind: Node, metadata: {name: cp, labels: {node-role.kubernetes.io/control-plane: ""}}}';
const ETCD =
  '{apiVersion: v1, kind: Pod, metadata: {name: etcd-cp, namespace: kube-system}, spec: {containers: [{name: etcd, image: "registry.k8s.io/etcd:3.6.4", command: [etcd, --data-dir=/var/lib/etcd]}]}}';

function job(command: string, spec = '', status = '{}'): string {
  return `{apiVersion: batch/v1, kind: CronJob, metadata: {name: copy, namespace: ops}, status: ${status}, spec: {${spec}schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {volumes: [{name: b, persistentVolumeClaim: {claimName: copies}}], containers: [{name: a, image: etcd, command: ${command}}]}}}}}}`;
}
