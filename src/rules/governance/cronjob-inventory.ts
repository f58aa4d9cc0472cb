import { defineRule, mitre } from '../rule.ts';
import { holdsEverything } from './wide-rights.ts';

export const rule = defineRule({
  id: 'cronjob-inventory',
  title: 'Scheduled jobs to know about',
  severity: 'info',
  area: 'governance',
  rationale:
    'A CronJob starts pods again and again without anybody asking, which is how an intruder stays after the pod that they came through is gone. Every one should be known to somebody.',
  remedy:
    'See that each CronJob has an owner, an image that you know and an account with no more rights than its task needs; delete the others. Except the known ones in .castellan.yaml with their owner as reason.',
  controls: mitre('T1053.007'),
  aliases: { kubescape: ['C-0026'] },
  scope: 'object',
  kinds: ['CronJob'],
  reads: ['access'],
  check(object, { access }) {
    const { spec } = object.body;
    const pod = spec?.jobTemplate?.spec?.template?.spec;
    const account = pod?.serviceAccountName || pod?.serviceAccount || 'default';
    const suspended = spec?.suspend === true ? ', suspended for now' : '';
    const everything = holdsEverything(access, object.namespace, account);
    return {
      message: `runs on schedule "${spec?.schedule ?? ''}" as service account "${account}"${everything ? ', which may do everything' : ''}${suspended}`,
      path: 'spec.schedule',
      severity: everything ? 'low' : 'info',
    };
  },
  examples: () => ({
    good: ['{apiVersion: batch/v1, kind: Job, metadata: {name: migrate}, spec: {template: {spec: {containers: [{name: a, image: a}]}}}}'],
    bad: [
      {
        yaml: '{apiVersion: batch/v1, kind: CronJob, metadata: {name: backup}, spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: a}]}}}}}}',
        path: 'spec.schedule',
        severity: 'info',
      },
      {
        yaml: [
          '{apiVersion: batch/v1, kind: CronJob, metadata: {name: clean, namespace: ops}, spec: {schedule: "@hourly", jobTemplate: {spec: {template: {spec: {serviceAccountName: clean, containers: [{name: a, image: a}]}}}}}}',
          '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: clean}, subjects: [{kind: ServiceAccount, namespace: ops, name: clean}], roleRef: {kind: ClusterRole, name: cluster-admin}}',
        ].join('\n---\n'),
        path: 'spec.schedule',
        severity: 'low',
      },
      {
        yaml: [
          '{apiVersion: batch/v1, kind: CronJob, metadata: {name: clean, namespace: ops}, spec: {schedule: "@hourly", jobTemplate: {spec: {template: {spec: {serviceAccount: clean, containers: [{name: a, image: a}]}}}}}}',
          '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: clean}, subjects: [{kind: ServiceAccount, namespace: ops, name: clean}], roleRef: {kind: ClusterRole, name: cluster-admin}}',
        ].join('\n---\n'),
        path: 'spec.schedule',
        severity: 'low',
      },
    ],
  }),
});
