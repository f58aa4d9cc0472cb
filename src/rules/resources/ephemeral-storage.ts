import { type Container, type VolumeSpec, volumeSources } from '../../model/index.ts';
import { CONTAINER, documents, withContainer } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { missingAmount } from './amounts.ts';

const DEFAULTS = `
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, default: {ephemeral-storage: 1Gi}}]}`;

export const rule = defineRule({
  id: 'ephemeral-storage',
  title: 'No limit on local disk use',
  severity: 'low',
  area: 'resources',
  rationale:
    "Logs, the writable layer and emptyDir volumes share the node's disk: a container without a limit can fill it, and the kubelet then evicts pods, others than the culprit included.",
  remedy:
    'Set resources.limits.ephemeral-storage, or a default for the namespace with a LimitRange. It covers logs, the writable layer and emptyDir volumes together; a pod that goes beyond it is evicted.',
  controls: [...nsa('resource-policies'), ...mitre('T1499')],
  aliases: {
    'kube-score': ['container-ephemeral-storage-request-and-limit', 'container-ephemeral-storage-request-equals-limit'],
    'kyverno-policies': ['require-emptydir-requests-limits', 'add-emptydir-sizelimit'],
    'gatekeeper-library': ['ephemeralstoragelimit'],
  },
  scope: 'container',
  reads: ['LimitRange', 'ResourceQuota'],
  check(container, tables) {
    // The request needs no look of its own: where only the limit is set, it is that.
    const hit = missingAmount(container, { resource: 'ephemeral-storage', side: 'limits' }, tables);
    return hit !== undefined && writesLogsOnly(container) ? { ...hit, severity: 'info' } : hit;
  },
  examples: () => ({
    good: [
      withContainer('resources: {limits: {ephemeral-storage: 1Gi}}'),
      withContainer('resources: {limits: {ephemeral-storage: 2Gi}, requests: {ephemeral-storage: 1Gi}}'),
      documents(withContainer(''), DEFAULTS),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.resources` },
      {
        yaml: withContainer('resources: {limits: {cpu: "1"}, requests: {ephemeral-storage: 1Gi}}'),
        path: `${CONTAINER}.resources.limits.ephemeral-storage`,
        severity: 'low',
      },
      {
        yaml: withContainer('securityContext: {readOnlyRootFilesystem: true}\nresources: {limits: {cpu: "1"}}'),
        path: `${CONTAINER}.resources.limits.ephemeral-storage`,
        severity: 'info',
      },
      {
        yaml: withContainer(
          'securityContext: {readOnlyRootFilesystem: true}\nresources: {limits: {cpu: "1"}}\nvolumeMounts: [{name: tmp, mountPath: /tmp}]',
          'volumes: [{name: tmp, emptyDir: {}}]',
        ),
        path: `${CONTAINER}.resources.limits.ephemeral-storage`,
        severity: 'low',
      },
    ],
  }),
});

/** Nothing but its logs can grow, and those the kubelet rotates. */
function writesLogsOnly({ spec, workload: { pod } }: Container): boolean {
  if (spec.securityContext?.readOnlyRootFilesystem !== true) return false;
  const mounts = spec.volumeMounts ?? [];
  return !(pod.volumes ?? []).some((volume) => mounts.some(({ name }) => name === volume.name) && fillsDisk(volume));
}

function fillsDisk(volume: VolumeSpec): boolean {
  return volumeSources(volume).includes('emptyDir') && volume.emptyDir?.medium !== 'Memory' && volume.emptyDir?.sizeLimit === undefined;
}
