import type { ApiObject, Workload } from '../../model/index.ts';
import { withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';

const cronJob = (spec: string, restartPolicy = 'OnFailure'): string =>
  `{apiVersion: batch/v1, kind: CronJob, metadata: {name: backup}, spec: {schedule: "0 3 * * *", ${spec}jobTemplate: {spec: {template: {spec: {restartPolicy: ${restartPolicy}, containers: [{name: a, image: a}]}}}}}}`;
const job = (spec: string, restartPolicy: string): string =>
  `{apiVersion: batch/v1, kind: Job, metadata: {name: migrate}, spec: {${spec}template: {spec: {restartPolicy: ${restartPolicy}, containers: [{name: a, image: a}]}}}}`;

export const rule = defineRule({
  id: 'cronjob-deadline',
  title: 'Deadline, clean-up or restart policy of jobs',
  severity: 'info',
  area: 'reliability',
  rationale:
    'A CronJob without deadline stops for good after a hundred missed starts, as after a long outage of its controller, and with it backups and clean-ups; a restart policy that does not fit makes the API server refuse the object; finished Jobs that stay fill etcd.',
  remedy:
    'Set startingDeadlineSeconds to a few minutes (not below ten seconds, the controller looks no more often), ttlSecondsAfterFinished on Jobs that no CronJob makes, and restartPolicy OnFailure or Never in jobs and Always elsewhere.',
  controls: [],
  aliases: {
    'kube-linter': ['restart-policy', 'job-ttl-seconds-after-finished'],
    'kube-score': ['cronjob-has-deadline', 'cronjob-restartpolicy'],
    popeye: ['1500', '1501', '1502'],
    'kyverno-policies': ['add-ttl-jobs', 'restrict-jobs'],
  },
  scope: 'workload',
  check(workload) {
    const hits: Hit[] = [];
    const policy = policyHit(workload);
    if (policy !== undefined) hits.push(policy);
    if (workload.kind === 'CronJob') {
      const deadline = (workload.object as ApiObject<'CronJob'>).body.spec?.startingDeadlineSeconds;
      if (deadline === undefined)
        hits.push({
          message: 'has no startingDeadlineSeconds, so a hundred missed starts stop it for good',
          path: 'spec.startingDeadlineSeconds',
          key: 'deadline',
        });
      else if (deadline < 10)
        hits.push({
          message: `may miss every start: startingDeadlineSeconds ${deadline} is shorter than the ten seconds between two looks`,
          path: 'spec.startingDeadlineSeconds',
          key: 'deadline',
          severity: 'low',
        });
    } else if (workload.kind === 'Job' && staysForEver(workload.object as ApiObject<'Job'>)) {
      hits.push({
        message: 'stays for ever when it is done, since ttlSecondsAfterFinished is unset',
        path: 'spec.ttlSecondsAfterFinished',
        key: 'ttl',
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      cronJob('startingDeadlineSeconds: 300, '),
      job('ttlSecondsAfterFinished: 3600, ', 'Never'),
      job('', 'Never').replace(
        'name: migrate',
        'name: migrate, annotations: {helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: hook-succeeded}',
      ),
      job('', 'Never').replace(
        'name: migrate',
        'name: migrate, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: a, controller: true}]',
      ),
      withPod('restartPolicy: Always'),
      '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}',
    ],
    bad: [
      { yaml: cronJob(''), path: 'spec.startingDeadlineSeconds', severity: 'info' },
      { yaml: cronJob('startingDeadlineSeconds: 5, '), path: 'spec.startingDeadlineSeconds', severity: 'low' },
      {
        yaml: cronJob('startingDeadlineSeconds: 300, ', 'Always'),
        path: 'spec.jobTemplate.spec.template.spec.restartPolicy',
        severity: 'low',
      },
      { yaml: job('', 'Never'), path: 'spec.ttlSecondsAfterFinished', severity: 'info' },
      { yaml: withPod('restartPolicy: Never'), path: 'spec.template.spec.restartPolicy', severity: 'low' },
    ],
  }),
});

const ALWAYS_ONLY: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'DeploymentConfig',
  'Rollout',
]);

function policyHit({ kind, pod, podPath }: Workload): Hit | undefined {
  const path = `${podPath}.restartPolicy`;
  if (kind === 'Job' || kind === 'CronJob') {
    if (pod.restartPolicy === 'OnFailure' || pod.restartPolicy === 'Never') return undefined;
    const what = pod.restartPolicy === undefined ? 'restartPolicy is unset, which means Always' : `restartPolicy is ${pod.restartPolicy}`;
    return { message: `${what}; a ${kind} is refused without OnFailure or Never`, path, key: 'restart', severity: 'low' };
  }
  if (!ALWAYS_ONLY.has(kind) || pod.restartPolicy === undefined || pod.restartPolicy === 'Always') return undefined;
  return {
    message: `restartPolicy is ${pod.restartPolicy}; a ${kind} is refused with anything but Always`,
    path,
    key: 'restart',
    severity: 'low',
  };
}

/** Jobs of a CronJob are kept to its history limits; helm and Argo CD delete their hooks when told so. */
function staysForEver({ body, metadata, annotations }: ApiObject<'Job'>): boolean {
  if (body.spec?.ttlSecondsAfterFinished !== undefined || (metadata.ownerReferences ?? []).length > 0) return false;
  return annotations['helm.sh/hook-delete-policy'] === undefined && annotations['argocd.argoproj.io/hook-delete-policy'] === undefined;
}
