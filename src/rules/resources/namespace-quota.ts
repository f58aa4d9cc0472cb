import { documents, withPod } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';

const QUOTA = `
apiVersion: v1
kind: ResourceQuota
metadata: {name: compute, namespace: shop}
spec: {hard: {limits.cpu: "8", limits.memory: 16Gi}}`;

export const rule = defineRule({
  id: 'namespace-quota',
  title: 'Namespace without ResourceQuota',
  severity: 'low',
  area: 'resources',
  rationale: 'Without a quota one compromised or broken workload of the namespace can take the CPU and memory of the whole cluster.',
  remedy:
    'Add a ResourceQuota with hard limits for CPU and memory; look at the current use first, since pods beyond it are refused, and add a LimitRange with defaults so that pods without requests are still admitted.',
  controls: nsa('resource-policies'),
  aliases: { trivy: ['KSV-0040'], 'kyverno-policies': ['add-ns-quota'] },
  effort: 'medium',
  scope: 'namespace',
  reads: ['ResourceQuota'],
  applies: (namespace, { ResourceQuota }) => namespace.workloads.length > 0 || ResourceQuota.in(namespace.name).length > 0,
  check(namespace, { ResourceQuota }) {
    const quotas = ResourceQuota.in(namespace.name);
    if (quotas.some((quota) => limitsCompute(quota.body.spec?.hard))) return undefined;
    if (quotas.length > 0) return { message: `no ResourceQuota of namespace "${namespace.name}" limits CPU and memory`, path: '' };
    return { message: `namespace "${namespace.name}" has no ResourceQuota`, path: '' };
  },
  examples: () => ({
    good: [documents(withPod(''), QUOTA), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}'],
    bad: [
      { yaml: withPod(''), path: '' },
      // One that counts objects only.
      { yaml: QUOTA.replace(/spec:.*/, 'spec: {hard: {pods: "20"}}'), path: '' },
    ],
  }),
});

function limitsCompute(hard: Readonly<Record<string, unknown>> | undefined): boolean {
  const has = (resource: string): boolean =>
    hard !== undefined && [resource, `requests.${resource}`, `limits.${resource}`].some((key) => key in hard);
  return has('cpu') && has('memory');
}
