/** What in a cluster copies etcd or the objects in it: when, to where, and when it last did. */
import { isRecord } from '../../lib/record.ts';
import { type ApiObject, type Workload, refOf } from '../../model/index.ts';

export interface Backup {
  readonly object: ApiObject;
  /** Field that says when it runs. */
  readonly path: string;
  /** As it is written; '' where it runs once or nobody knows. */
  readonly schedule: string;
  /** `hostPath /backup`, `claim etcd-backup`, `s3://bucket`; '' where that is not seen. */
  readonly target: string;
  readonly suspended: boolean;
  /** Times as they stand in the object. */
  readonly lastStart: string | undefined;
  readonly lastSuccess: string | undefined;
}

const COPIES = /\betcdctl\b[^]*\bsnapshot\b[^]*\bsave\b|\betcdutl\b[^]*\bbackup\b|\b(?:k3s|rke2)\s+etcd-snapshot\s+save\b/;
const IMAGES = /(?:^|\/)(?:[\w.-]*etcd[\w.-]*backup[\w.-]*|[\w.-]*backup[\w.-]*etcd[\w.-]*)(?:[:@]|$)/;
const BUCKET = /\b(?:s3|gs|az|azblob|abs|swift|oss):\/\/[\w./-]{1,200}/;
const TARGETS = /ETCD_BACKUP|SNAPSHOT_DIR|BACKUP_DIR/;

/** A job whose containers save a snapshot of etcd. */
export function backupOfJob(workload: Workload): Backup | undefined {
  const { object, pod, podPath } = workload;
  if (object.known !== 'CronJob' || !workload.containers.some(({ spec }) => copiesEtcd(spec))) return undefined;
  const { spec, status } = (object as ApiObject<'CronJob'>).body;
  const words = workload.containers.flatMap(({ spec: { command = [], args = [], env = [] } }) => [
    ...command,
    ...args,
    ...env.flatMap(({ name = '', value = '' }) => (TARGETS.test(name) || BUCKET.test(value) ? value : [])),
  ]);
  const bucket = words.map((word) => BUCKET.exec(word)?.[0]).find((one) => one !== undefined);
  const volume = (pod.volumes ?? []).flatMap(({ persistentVolumeClaim, hostPath }) => {
    if (persistentVolumeClaim?.claimName !== undefined) return [`claim ${persistentVolumeClaim.claimName}`];
    return hostPath?.path !== undefined && !/\/pki|\/var\/lib\/etcd|\/certs?\b/.test(hostPath.path) ? [`hostPath ${hostPath.path}`] : [];
  });
  return {
    object,
    path: podPath === '' ? '' : 'spec.schedule',
    schedule: spec?.schedule ?? '',
    target: bucket ?? volume[0] ?? '',
    suspended: spec?.suspend === true,
    lastStart: status?.lastScheduleTime,
    lastSuccess: status?.lastSuccessfulTime,
  };
}

function copiesEtcd({ command = [], args = [], image = '' }: Workload['containers'][number]['spec']): boolean {
  return COPIES.test([...command, ...args].join(' ')) || IMAGES.test(image);
}

/** Objects of operators that back up etcd, and of Velero, which copies what the API server shows of it. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  EtcdBackup: ['etcd.database.coreos.com', 'operator.openshift.io', 'config.openshift.io'],
  Backup: ['config.openshift.io'],
  Schedule: ['velero.io'],
  ETCDSnapshotFile: ['k3s.cattle.io'],
};

export function backupOfOperator(object: ApiObject): Backup | undefined {
  const group = object.apiVersion.includes('/') ? (object.apiVersion.split('/', 1)[0] ?? '') : '';
  if (KINDS[object.kind]?.includes(group) !== true) return undefined;
  const { spec, status }: Record<string, unknown> = isRecord(object.body) ? object.body : {};
  const text = (holder: unknown, ...keys: readonly string[]): string | undefined => {
    const value = keys.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), holder);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    object,
    path: 'spec.schedule',
    schedule: text(spec, 'schedule') ?? text(spec, 'etcd', 'schedule') ?? '',
    target: text(spec, 'location') ?? text(spec, 's3', 'path') ?? text(spec, 'pvcName') ?? text(spec, 'template', 'storageLocation') ?? '',
    suspended: isRecord(spec) && spec.paused === true,
    lastStart: text(status, 'lastBackup'),
    lastSuccess: text(status, 'lastBackup') ?? text(status, 'lastSuccessDate') ?? text(status, 'creationTime'),
  };
}

/** `CronJob/ops/etcd-backup, "0 3 * * *", to claim etcd-backup, last done 2026-11-01`. */
export function backupText({ object, schedule, target, suspended, lastSuccess }: Backup): string {
  const parts = [refOf(object)];
  if (schedule !== '') parts.push(`"${schedule}"`);
  parts.push(target === '' ? 'to a place that is not seen' : `to ${target}`);
  if (suspended) parts.push('suspended');
  parts.push(lastSuccess === undefined ? 'never seen to be done' : `last done ${lastSuccess.slice(0, 10)}`);
  return parts.join(', ');
}

const DAY = 86_400_000;
/** A run may fail once without anybody having to act. */
const LATE = 3;

/** Why it is no backup to rely on, where the objects say so; the age is that by its own last start. */
export function faultOfBackup({ suspended, lastStart, lastSuccess }: Backup): string | undefined {
  if (suspended) return 'is suspended';
  if (lastStart !== undefined && lastSuccess === undefined) return 'was started and was never seen to end well';
  if (lastStart === undefined || lastSuccess === undefined) return undefined;
  const days = (Date.parse(lastStart) - Date.parse(lastSuccess)) / DAY;
  return days > LATE ? `last ended well ${Math.floor(days)} days before it was last started` : undefined;
}
