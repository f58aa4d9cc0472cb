import { CONTAINER, documents, withContainer } from '../examples.ts';
import { defineRule } from '../rule.ts';
import { lacksProbe } from './probes.ts';
import { servesRequests } from './serving.ts';

const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}';
const OTHER_SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}, spec: {selector: {app: api}}}';

export const rule = defineRule({
  id: 'readiness-probe',
  title: 'No readiness probe',
  severity: 'low',
  area: 'reliability',
  rationale:
    'Without it a pod gets requests before it can answer them and keeps getting them when it no longer can, and a rollout replaces the last working pod by ones that never worked.',
  remedy: 'Add a readinessProbe that asks for what a request needs; it takes the pod out of its Services and does not restart it.',
  controls: [],
  aliases: {
    kubescape: ['C-0018'],
    checkov: ['CKV_K8S_9'],
    polaris: ['readinessProbeMissing'],
    'kube-linter': ['no-readiness-probe'],
    'kube-score': ['pod-probes'],
    popeye: ['102', '104'],
    'kyverno-policies': ['require-probes'],
    'gatekeeper-library': ['requiredprobes'],
  },
  scope: 'container',
  reads: ['Service', 'workloads', 'completeness'],
  check(container, tables) {
    if (!lacksProbe(container, 'readinessProbe')) return undefined;
    const hit = { message: `container "${container.name}" has no readiness probe`, path: 'readinessProbe' };
    if (servesRequests(container.workload, tables) !== 'no') return hit;
    // Nobody calls it: what is left is the pace of a rollout, which a bare pod has none of.
    return container.workload.kind === 'Pod'
      ? undefined
      : { ...hit, message: `${hit.message}; no Service selects it, so only rollouts would wait for it`, severity: 'info' };
  },
  examples: () => ({
    good: [
      withContainer('readinessProbe: {httpGet: {path: /ready, port: 8080}}'),
      documents(
        '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}',
        OTHER_SERVICE,
      ),
      '{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: a}]}}}}}}',
    ],
    bad: [
      { yaml: withContainer('livenessProbe: {tcpSocket: {port: 80}}'), path: `${CONTAINER}.readinessProbe`, severity: 'low' },
      { yaml: documents(withContainer(''), SERVICE), path: `${CONTAINER}.readinessProbe`, severity: 'low' },
      { yaml: documents(withContainer(''), OTHER_SERVICE), path: `${CONTAINER}.readinessProbe`, severity: 'info' },
    ],
  }),
});
