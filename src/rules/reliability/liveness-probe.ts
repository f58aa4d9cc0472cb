import { CONTAINER, withContainer } from '../examples.ts';
import { defineRule } from '../rule.ts';
import { lacksProbe } from './probes.ts';

export const rule = defineRule({
  id: 'liveness-probe',
  title: 'No liveness probe',
  severity: 'low',
  area: 'reliability',
  rationale:
    'A program that hangs without ending is never restarted: it stays counted as running while it answers nobody, until a person notices.',
  remedy:
    'Add a livenessProbe that asks the program itself and nothing behind it, with enough failureThreshold and, for slow starts, a startupProbe; one that is too strict restarts healthy containers under load.',
  controls: [],
  aliases: {
    kubescape: ['C-0056'],
    checkov: ['CKV_K8S_8'],
    polaris: ['livenessProbeMissing'],
    'kube-linter': ['no-liveness-probe'],
    'kube-score': ['pod-probes'],
    popeye: ['102', '103'],
    'kyverno-policies': ['require-probes'],
    'gatekeeper-library': ['requiredprobes'],
  },
  covers: ['readiness-probe'],
  scope: 'container',
  check(container) {
    if (!lacksProbe(container, 'livenessProbe')) return undefined;
    const what = lacksProbe(container, 'readinessProbe') ? 'neither a liveness nor a readiness probe' : 'no liveness probe';
    return { message: `container "${container.name}" has ${what}`, path: 'livenessProbe' };
  },
  examples: () => ({
    good: [
      withContainer('livenessProbe: {httpGet: {path: /live, port: 8080}}'),
      withContainer('livenessProbe: {httpGet: {path: /live, port: 8080}}', 'initContainers: [{name: setup, image: a}]'),
      '{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}}',
      '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}',
    ],
    bad: [
      { yaml: withContainer('readinessProbe: {tcpSocket: {port: 80}}'), path: `${CONTAINER}.livenessProbe` },
      {
        yaml: withContainer(
          'livenessProbe: {exec: {command: [ok]}}',
          'initContainers: [{name: proxy, image: a, restartPolicy: Always, ports: [{containerPort: 1}]}]',
        ),
        path: 'spec.template.spec.initContainers[0].livenessProbe',
      },
    ],
  }),
});
