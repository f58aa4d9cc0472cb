import { documents, withContainer, withPod } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';

const RANGE = `
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec:
  limits:
  - type: Container
    default: {cpu: 500m, memory: 256Mi}
    defaultRequest: {cpu: 100m, memory: 128Mi}`;

const NO_DEFAULTS = `
apiVersion: v1
kind: LimitRange
metadata: {name: volumes, namespace: shop}
spec: {limits: [{type: PersistentVolumeClaim, max: {storage: 10Gi}}]}`;

export const rule = defineRule({
  id: 'namespace-limitrange',
  title: 'Namespace without LimitRange',
  severity: 'low',
  area: 'resources',
  rationale:
    'Without defaults every container that says nothing about CPU and memory runs unbounded: the next workload that is added to the namespace by hand or by an attacker can take the whole node.',
  remedy:
    'Add a LimitRange with an item of type Container that gives default limits and defaultRequest for CPU and memory. It changes new pods only; containers that need more than the default must then say so.',
  controls: nsa('resource-policies'),
  aliases: {
    trivy: ['KSV-0039'],
    'kyverno-policies': ['add-ns-quota'],
  },
  scope: 'namespace',
  reads: ['LimitRange'],
  applies: (namespace, { LimitRange }) => namespace.workloads.length > 0 || LimitRange.in(namespace.name).length > 0,
  check(namespace, { LimitRange }) {
    const ranges = LimitRange.in(namespace.name);
    const first = ranges[0];
    if (first === undefined) return { message: `namespace "${namespace.name}" has no LimitRange`, path: '' };
    const bounded = { cpu: false, memory: false };
    for (const range of ranges) {
      for (const item of range.body.spec?.limits ?? []) {
        if (item.type !== 'Container') continue;
        bounded.cpu ||= item.default?.cpu !== undefined || item.max?.cpu !== undefined;
        bounded.memory ||= item.default?.memory !== undefined || item.max?.memory !== undefined;
      }
    }
    if (bounded.cpu && bounded.memory) return undefined;
    const missing = bounded.cpu ? 'memory' : bounded.memory ? 'CPU' : 'CPU and memory';
    return {
      message: `no LimitRange of namespace "${namespace.name}" limits the ${missing} of containers`,
      path: '',
      also: [{ object: first, path: 'spec.limits' }],
    };
  },
  examples: () => ({
    good: [
      documents(withPod(''), RANGE),
      RANGE,
      // A maximum is the default where none is given.
      documents(withPod(''), RANGE.replace('default:', 'max:')),
      // Nothing runs in it.
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}',
    ],
    bad: [
      { yaml: withContainer(''), path: '' },
      { yaml: documents(withPod(''), NO_DEFAULTS), path: '' },
      { yaml: documents(withPod(''), RANGE.replaceAll(', memory: 256Mi', '')), path: '' },
    ],
  }),
});
