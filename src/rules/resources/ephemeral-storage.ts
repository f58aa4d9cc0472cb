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
    return missingAmount(container, { resource: 'ephemeral-storage', side: 'limits' }, tables);
  },
  examples: () => ({
    good: [
      withContainer('resources: {limits: {ephemeral-storage: 1Gi}}'),
      withContainer('resources: {limits: {ephemeral-storage: 2Gi}, requests: {ephemeral-storage: 1Gi}}'),
      documents(withContainer(''), DEFAULTS),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.resources.limits.ephemeral-storage` },
      {
        yaml: withContainer('resources: {limits: {cpu: "1"}, requests: {ephemeral-storage: 1Gi}}'),
        path: `${CONTAINER}.resources.limits.ephemeral-storage`,
      },
    ],
  }),
});
