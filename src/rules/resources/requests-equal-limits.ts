import { CONTAINER, documents, withContainer } from '../examples.ts';
import { parseQuantity } from '../../model/index.ts';
import { defineRule, nsa } from '../rule.ts';
import { type Resource, limitOf, nameOf, requestOf } from './amounts.ts';

const RESOURCES: readonly Resource[] = ['cpu', 'memory'];

/** How many times its request a limit may be, for each resource. */
const OPTIONS = { cpu: 1, memory: 1 };

const DEFAULTS = `
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, default: {memory: 1Gi}, defaultRequest: {memory: 128Mi}}]}`;

export const rule = defineRule({
  id: 'requests-equal-limits',
  title: 'Limit above the request',
  severity: 'info',
  area: 'resources',
  rationale:
    'What lies between request and limit is promised to several pods at once: when they all need it, the kernel throttles them or kills those that use most beyond their request.',
  remedy:
    'Set requests equal to limits where a workload must keep what it has (its pods are then evicted last), or allow a ratio with the options cpu and memory of this rule. Equal values reserve more of the nodes.',
  controls: nsa('resource-policies'),
  aliases: {
    'kube-score': [
      'container-resource-requests-equal-limits',
      'container-cpu-requests-equal-limits',
      'container-memory-requests-equal-limits',
    ],
    'kyverno-policies': ['memory-requests-equal-limits', 'enforce-resources-as-ratio', 'require-qos-guaranteed', 'require-qos-burstable'],
    'gatekeeper-library': ['containerresourceratios'],
  },
  scope: 'container',
  reads: ['LimitRange'],
  options: OPTIONS,
  check(container, { LimitRange }, ratios) {
    if (container.type === 'ephemeral') return undefined;
    const wide = RESOURCES.filter((resource) => {
      const limit = parseQuantity(limitOf(container, resource, LimitRange));
      const request = parseQuantity(requestOf(container, resource, LimitRange));
      return limit !== undefined && request !== undefined && limit > request * ratios[resource as 'cpu' | 'memory'];
    });
    const first = wide[0];
    if (first === undefined) return undefined;
    return {
      message: `container "${container.name}" has a higher ${wide.map(nameOf).join(' and ')} limit than request`,
      path: `resources.limits.${first}`,
    };
  },
  examples: () => ({
    good: [
      withContainer('resources: {limits: {cpu: "1", memory: 1Gi}, requests: {cpu: 1000m, memory: 1024Mi}}'),
      withContainer('resources: {limits: {cpu: 500m, memory: 1Gi}}'),
      // What has no limit is told by cpu-limit and memory-limit.
      withContainer('resources: {requests: {cpu: 100m, memory: 1Gi}}'),
      withContainer(''),
    ],
    bad: [
      {
        yaml: withContainer('resources: {limits: {cpu: "1", memory: 1Gi}, requests: {cpu: 100m, memory: 1Gi}}'),
        path: `${CONTAINER}.resources.limits.cpu`,
      },
      {
        yaml: withContainer('resources: {limits: {memory: 1Gi}, requests: {memory: 512Mi}}'),
        path: `${CONTAINER}.resources.limits.memory`,
      },
      { yaml: documents(withContainer(''), DEFAULTS), path: `${CONTAINER}.resources.limits.memory` },
    ],
  }),
});
