import { documents, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';
import { replicaFloor, scalersOf } from './scaling.ts';
import { servesRequests } from './serving.ts';

const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}';

export interface Replicas {
  /** The fewest replicas that are enough. */
  minimum: number;
}
const TWO: Replicas = { minimum: 2 };

export const rule = defineRule({
  id: 'replicas',
  title: 'Too few replicas',
  severity: 'low',
  area: 'reliability',
  rationale:
    'With one replica every node upgrade, eviction and crash is an outage, so people put off the upgrades and the restarts that close security holes.',
  remedy:
    'Set spec.replicas to two or more, or add a HorizontalPodAutoscaler. The program must cope with a second instance of itself: leader election, no files of its own.',
  controls: [],
  aliases: {
    polaris: ['deploymentMissingReplicas'],
    'kube-score': ['deployment-replicas'],
    popeye: ['500', '501'],
    'kyverno-policies': ['require-deployments-have-multiple-replicas', 'scale-deployment-zero', 'restrict-scale'],
    'gatekeeper-library': ['replicalimits'],
  },
  effort: 'medium',
  scope: 'workload',
  reads: ['HorizontalPodAutoscaler', 'ScaledObject', 'Service', 'workloads', 'completeness'],
  options: TWO,
  applies(workload) {
    return workload.kind === 'Deployment' || workload.kind === 'DeploymentConfig' || workload.kind === 'Rollout';
  },
  check(workload, tables, { minimum }) {
    if (scalersOf(workload, tables).length > 0) return undefined;
    const written = replicaFloor(workload, tables);
    const replicas = written ?? 1;
    if (replicas >= minimum) return undefined;
    if (replicas === 0) return { message: 'is scaled to zero, so it runs nowhere', path: 'spec.replicas', severity: 'info' };
    // Nobody waits for a worker that no Service selects; its work is done a little later.
    if (servesRequests(workload, tables) === 'no') return undefined;
    return {
      message: `runs as ${replicas === 1 ? 'one replica' : `${replicas} replicas`}${written === undefined ? ', since spec.replicas is unset' : ''}`,
      path: 'spec.replicas',
    };
  },
  examples: () => ({
    good: [
      withPod('').replace('spec:\n', 'spec:\n  replicas: 2\n'),
      documents(
        withPod(''),
        '{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {minReplicas: 2, maxReplicas: 4, scaleTargetRef: {kind: Deployment, name: web}}}',
      ),
      documents(withPod(''), SERVICE.replaceAll('web', 'api')),
      withPod('').replace('Deployment', 'StatefulSet'),
    ],
    bad: [
      { yaml: withPod(''), path: 'spec.replicas', severity: 'low' },
      { yaml: documents(withPod('').replace('spec:\n', 'spec:\n  replicas: 1\n'), SERVICE), path: 'spec.replicas', severity: 'low' },
      { yaml: withPod('').replace('spec:\n', 'spec:\n  replicas: 0\n'), path: 'spec.replicas', severity: 'info' },
    ],
  }),
});
