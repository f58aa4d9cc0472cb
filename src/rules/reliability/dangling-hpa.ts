import { documents, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';

const hpa = (kind: string, name: string): string =>
  `{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: ${kind}, name: ${name}}}}`;

export const rule = defineRule({
  id: 'dangling-hpa',
  title: 'HorizontalPodAutoscaler without its target',
  severity: 'low',
  area: 'reliability',
  rationale:
    'An autoscaler whose target does not exist scales nothing: under load the workload that it was meant for stays as small as it is.',
  remedy: 'Correct kind and name in spec.scaleTargetRef, which stands for an object of the same namespace, or delete the autoscaler.',
  controls: [],
  aliases: {
    kubescape: ['C-0300'],
    'kube-linter': ['dangling-horizontalpodautoscaler'],
    'kube-score': ['horizontalpodautoscaler-has-target'],
    popeye: ['600'],
    'kyverno-policies': ['check-hpa-exists'],
  },
  scope: 'object',
  kinds: ['HorizontalPodAutoscaler'],
  reads: ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout', 'DeploymentConfig', 'completeness'],
  check(object, { completeness, ...tables }) {
    const { kind, name } = object.body.spec?.scaleTargetRef ?? {};
    if (kind === undefined || name === undefined) return { message: 'names no target to scale', path: 'spec.scaleTargetRef' };
    if (!isScalable(kind) || tables[kind].get(object.namespace, name) !== undefined) return undefined;
    return {
      message: `scales ${kind} "${name}", which ${completeness.complete ? 'does not exist' : 'is not in the input'}`,
      path: 'spec.scaleTargetRef.name',
    };
  },
  examples: () => ({
    good: [
      documents(hpa('Deployment', 'web'), withPod('')),
      documents(hpa('StatefulSet', 'web'), withPod('').replace('Deployment', 'StatefulSet')),
      hpa('Widget', 'unknown'),
    ],
    bad: [
      {
        yaml: documents(hpa('Deployment', 'web'), withPod('').replace('namespace: shop', 'namespace: other')),
        path: 'spec.scaleTargetRef.name',
      },
      { yaml: documents(hpa('StatefulSet', 'web'), withPod('')), path: 'spec.scaleTargetRef.name' },
      { yaml: '{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web}}', path: 'spec.scaleTargetRef' },
    ],
  }),
});

/** Kinds whose objects the input would hold; others may be scaled as well, but their objects are not looked up. */
const SCALABLE = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout', 'DeploymentConfig'] as const;

function isScalable(kind: string): kind is (typeof SCALABLE)[number] {
  return (SCALABLE as readonly string[]).includes(kind);
}
