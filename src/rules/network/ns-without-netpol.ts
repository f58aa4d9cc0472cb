import { type ApiObject, refOf } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa } from '../rule.ts';
import { POLICY_TABLES, isReachedByPolicies, isolationOf } from './policies.ts';

const POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}`;
const CILIUM = `
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: default-deny}
spec: {endpointSelector: {}, ingress: [{}]}`;

const CALICO = `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: default-deny}
spec: {selector: 'has(app)', types: [Ingress, Egress]}`;
const admin = (rules: string, subject = '{namespaces: {}}'): string => `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec: {subject: ${subject}, ${rules}}`;
const ADMIN_DENY = 'ingress: [{action: Deny, from: [{namespaces: {}}]}], egress: [{action: Deny, to: [{namespaces: {}}]}]';

export const rule = defineRule({
  id: 'ns-without-netpol',
  title: 'Namespace without NetworkPolicy',
  severity: 'medium',
  area: 'network',
  rationale:
    'Namespaces are no border for the network: without a policy every pod of the cluster reaches every port in this one, and what runs here reaches everything else.',
  remedy:
    'Add a NetworkPolicy with an empty podSelector and policyTypes Ingress and Egress, which denies all, and policies that allow what the workloads need, DNS first. See to it that the network plugin enforces policies.',
  controls: [...cis('5.3.2'), ...nsa('network-policies', 'namespace-separation'), ...mitre('T1046')],
  aliases: {
    kubescape: ['C-0054', 'C-0049', 'C-0206'],
    trivy: ['KSV-0038'],
    kubeaudit: ['netpols'],
    'kyverno-policies': ['add-network-policy', 'generate-networkpolicy-existing'],
  },
  effort: 'medium',
  netLint: true,
  scope: 'namespace',
  reads: POLICY_TABLES,
  applies: (namespace) => namespace.workloads.some(isReachedByPolicies),
  check(namespace, tables) {
    if (tables.NetworkPolicy.in(namespace.name).length > 0 || tables.CiliumNetworkPolicy.in(namespace.name).length > 0) return undefined;
    let open = 0;
    let undecided = 0;
    let policy: ApiObject | undefined;
    for (const workload of namespace.workloads) {
      if (!isReachedByPolicies(workload)) continue;
      const { ingress, egress, unclear } = isolationOf(workload, tables);
      // What policies of the whole cluster do is told of each workload.
      if (ingress || egress) return undefined;
      policy ??= unclear;
      if (unclear === undefined) open += 1;
      else undecided += 1;
    }
    if (policy !== undefined) return open > 0 ? undefined : unclearHit(namespace.name, undecided, policy);
    return {
      message: `namespace "${namespace.name}" has no NetworkPolicy: traffic from and to its ${open === 1 ? 'workload' : `${open} workloads`} is not restricted`,
      path: '',
    };
  },
  examples: () => ({
    good: [
      documents(withPod(''), POLICY),
      documents(withPod(''), CILIUM),
      documents(withPod(''), admin(ADMIN_DENY)),
      // Nothing in it that a policy could protect.
      documents('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}', withPod('hostNetwork: true')),
    ],
    bad: [
      {
        yaml: documents(withPod(''), admin(ADMIN_DENY, '{namespaces: {matchLabels: {team: ops}}}')),
        path: '',
        severity: 'medium',
      },
      { yaml: withPod(''), path: '' },
      { yaml: documents(withPod(''), POLICY.replace('shop', 'ops')), path: '' },
      { yaml: documents(withPod(''), CILIUM.replace('endpointSelector: {}', 'endpointSelector: {matchLabels: {app: other}}')), path: '' },
      { yaml: documents(withPod(''), CALICO), path: '', status: 'unknown', severity: 'low' },
    ],
  }),
});

function unclearHit(name: string, workloads: number, policy: ApiObject): Hit {
  return {
    status: 'unknown',
    severity: 'low',
    message: `namespace "${name}" has no NetworkPolicy; whether ${refOf(policy)} restricts its ${workloads === 1 ? 'workload' : `${workloads} workloads`} cannot be judged here`,
    path: '',
    also: [{ object: policy, path: 'spec' }],
  };
}
