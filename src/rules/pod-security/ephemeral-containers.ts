import { withPod } from '../examples.ts';
import { defineRule, mitre } from '../rule.ts';

export const rule = defineRule({
  id: 'ephemeral-containers',
  title: 'Debug container in the pod',
  severity: 'info',
  area: 'pod-security',
  rationale:
    'Somebody put a container with an image of their own choice into a running pod. That is how people debug, and also how an intruder with the right to do so looks into other processes of the pod.',
  remedy:
    'Find out who added it and why (audit log: pods/ephemeralcontainers), and delete the pod when the work is done, since a debug container cannot be taken out. Grant pods/ephemeralcontainers to few people.',
  controls: mitre('T1609'),
  aliases: { 'kyverno-policies': ['block-ephemeral-containers'] },
  scope: 'container',
  check({ type, name, spec }) {
    if (type !== 'ephemeral') return undefined;
    const beside = spec.targetContainerName ? `, in the processes of "${spec.targetContainerName}"` : '';
    return { message: `debug container "${name}" runs image ${spec.image || '(none)'}${beside}`, path: '', value: spec.image };
  },
  examples: () => ({
    good: [withPod('initContainers: [{name: setup, image: "registry.example.com/setup:1"}]'), pod('')],
    bad: [
      {
        yaml: pod('ephemeralContainers: [{name: debug, image: "busybox:1.37", targetContainerName: app}]'),
        path: 'spec.ephemeralContainers[0]',
      },
    ],
  }),
});

function pod(yaml: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers: [{name: app, image: "registry.example.com/web:1"}]\n  ${yaml}`;
}
