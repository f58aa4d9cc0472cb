import { withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'naked-pod',
  title: 'Pod without a controller',
  severity: 'low',
  area: 'reliability',
  rationale:
    'Nothing starts the pod again when its node goes away or it is evicted, and nobody rolls out a fix to it; in a cluster, a pod without owner is also what somebody left behind who tried something out.',
  remedy: 'Put the pod into a Deployment, or into a Job when it runs to an end, and delete the bare one.',
  controls: [],
  aliases: {
    kubescape: ['C-0073'],
    polaris: ['nakedPod', 'oneController'],
    popeye: ['208'],
    'kyverno-policies': ['prevent-bare-pods'],
  },
  scope: 'workload',
  applies(workload) {
    return workload.kind === 'Pod';
  },
  check(workload) {
    const { object, pod } = workload;
    if (workload.isMirrorPod || (object.metadata.ownerReferences ?? []).length > 0) return undefined;
    // Static pods of the control plane as they stand on its nodes, and what helm starts for one moment.
    if (object.labels.tier === 'control-plane' || object.annotations['helm.sh/hook'] !== undefined) return undefined;
    if (pod.restartPolicy === 'Never')
      return {
        message: 'runs once and is never cleaned up or tried again, since no Job owns it',
        path: 'metadata.ownerReferences',
        severity: 'info',
      };
    return { message: 'nothing brings it back when it or its node is gone', path: 'metadata.ownerReferences' };
  },
  examples: () => ({
    good: [
      withPod(''),
      '{apiVersion: v1, kind: Pod, metadata: {name: a, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: a, controller: true}]}, spec: {containers: [{name: a, image: a}]}}',
      '{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {kubernetes.io/config.mirror: x}}, spec: {containers: [{name: a, image: a}]}}',
      '{apiVersion: v1, kind: Pod, metadata: {name: etcd, namespace: kube-system, labels: {component: etcd, tier: control-plane}}, spec: {containers: [{name: a, image: a}]}}',
    ],
    bad: [
      {
        yaml: '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: a}]}}',
        path: 'metadata.ownerReferences',
        severity: 'low',
      },
      {
        yaml: '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}',
        path: 'metadata.ownerReferences',
        severity: 'info',
      },
    ],
  }),
});
