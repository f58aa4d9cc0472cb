import { isEmptySelector } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, cis, defineRule, nsa } from '../rule.ts';
import { POLICY_TABLES, isReachedByPolicies, isolationOf, policyTypesOf } from './policies.ts';

const policy = (spec: string, name = 'web'): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: ${spec}`;
const FOR_WEB = policy('{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}');
const ADMIN = `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: deny}
spec: {priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`;

export const rule = defineRule({
  id: 'ns-without-default-deny',
  title: 'Namespace whose next pod is open',
  severity: 'info',
  area: 'network',
  rationale:
    'Policies select every pod that is in the namespace now, but none selects whatever is there: a pod with other labels, started by a job, a debugging session or an attacker, is restricted in nothing.',
  remedy:
    'Add a policy with an empty podSelector, the policyTypes Ingress and Egress and no rules. What the present policies allow stays allowed.',
  controls: [...cis('5.3.2'), ...nsa('network-policies')],
  netLint: true,
  scope: 'namespace',
  reads: POLICY_TABLES,
  applies: (namespace, tables) => tables.NetworkPolicy.in(namespace.name).length > 0,
  check(namespace, tables): Hit | undefined {
    const reached = namespace.workloads.filter(isReachedByPolicies);
    if (reached.length === 0) return undefined;
    const denied = new Set(
      tables.NetworkPolicy.in(namespace.name).flatMap(({ body: { spec = {} } }) =>
        spec.podSelector === undefined || isEmptySelector(spec.podSelector) ? policyTypesOf(spec) : [],
      ),
    );
    // Where a pod of today is open, that is told of the pod.
    const open = (['Ingress', 'Egress'] as const).filter(
      (type) => !denied.has(type) && reached.every((workload) => isolationOf(workload, tables)[type === 'Ingress' ? 'ingress' : 'egress']),
    );
    if (open.length === 0) return undefined;
    // Such policies may be for the next pod too.
    const isOthers = reached.map((workload) => isolationOf(workload, tables)).some((one) => one.administered || one.unclear !== undefined);
    if (isOthers) return undefined;
    return {
      message: `namespace "${namespace.name}" has no default deny for ${open.join(' and ').toLowerCase()}: a pod that none of its policies selects is open`,
      path: '',
    };
  },
  examples: () => ({
    good: [
      documents(withPod(''), FOR_WEB, policy('{podSelector: {}, policyTypes: [Ingress, Egress]}', 'deny')),
      // One for each direction.
      documents(withPod(''), FOR_WEB, policy('{podSelector: {}}', 'in'), policy('{podSelector: {}, policyTypes: [Egress]}', 'out')),
      // Told by pod-without-netpol.
      documents(withPod(''), policy('{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress, Egress]}')),
      // What is for every pod of the cluster is for the next one too.
      documents(withPod(''), FOR_WEB, ADMIN),
      // Told by ns-without-netpol.
      withPod(''),
    ],
    bad: [
      { yaml: documents(withPod(''), FOR_WEB), path: '' },
      { yaml: documents(withPod(''), FOR_WEB, policy('{podSelector: {}}', 'in')), path: '' },
    ],
  }),
});
