import { documents, withPod } from '../examples.ts';
import { refOf } from '../../model/index.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { POLICY_TABLES, isReachedByPolicies, isolationOf } from './policies.ts';

const LABELS = 'spec.template.metadata.labels';
const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;
const cilium = (spec: string): string => `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;
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
  id: 'pod-without-netpol',
  title: 'Pod without NetworkPolicy',
  severity: 'medium',
  area: 'network',
  rationale:
    'Pods that no policy selects accept connections from every pod of the cluster and may connect anywhere, so one that is taken over is a base for reaching databases, the API server, the cloud metadata service and the outside.',
  remedy:
    'Start with a NetworkPolicy with an empty podSelector and both policyTypes that denies all in the namespace, then allow what each workload needs, DNS first. Traffic that was not thought of stops, so watch it beforehand.',
  controls: [...cis('5.3.2'), ...nsa('network-policies'), ...mitre('T1046')],
  aliases: {
    kubescape: ['C-0260', 'C-0030'],
    checkov: ['CKV2_K8S_6'],
    polaris: ['missingNetworkPolicy'],
    'kube-linter': ['non-isolated-pod'],
    'kube-score': ['pod-networkpolicy'],
    kubeaudit: ['netpols'],
    popeye: ['1204', '1205'],
    'kyverno-policies': ['require-netpol'],
  },
  effort: 'medium',
  netLint: true,
  coveredByNamespace: 'ns-without-netpol',
  scope: 'workload',
  reads: POLICY_TABLES,
  check(workload, tables) {
    if (!isReachedByPolicies(workload)) return undefined;
    const { ingress, egress, unclear, partly } = isolationOf(workload, tables);
    if (ingress && egress) return undefined;
    const path = `${workload.podMetadataPath}.labels`;
    if (unclear !== undefined) {
      const open = ingress ? 'outgoing' : egress ? 'incoming' : 'any';
      return {
        status: 'unknown',
        severity: 'low',
        message: `no NetworkPolicy restricts ${open} traffic of its pods, but ${refOf(unclear)} may, which cannot be judged here`,
        path,
        also: [{ object: unclear, path: 'spec' }],
      };
    }
    if (ingress) return { severity: 'low', message: 'no NetworkPolicy restricts where its pods connect to (egress)', path };
    if (egress) return { severity: 'low', message: 'no NetworkPolicy restricts who connects to its pods (ingress)', path };
    if (partly !== undefined)
      return {
        message: `no NetworkPolicy selects all of its pods (${refOf(partly)} is for single ones): every pod may connect to the rest and they may connect anywhere`,
        path,
        also: [{ object: partly, path: 'spec.podSelector' }],
      };
    return { message: 'no NetworkPolicy selects its pods: every pod may connect to them and they may connect anywhere', path };
  },
  examples: () => ({
    good: [
      documents(withPod(''), policy('{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}')),
      documents(withPod(''), policy('{podSelector: {}, policyTypes: [Ingress, Egress]}')),
      // Without policyTypes, rules for egress make it a policy of both.
      documents(withPod(''), policy('{podSelector: {}, egress: [{ports: [{port: 53, protocol: UDP}]}]}')),
      // One policy a direction.
      documents(
        withPod(''),
        policy('{podSelector: {}, policyTypes: [Ingress]}'),
        policy('{podSelector: {matchExpressions: [{key: app, operator: Exists}]}, policyTypes: [Egress]}'),
      ),
      documents(withPod(''), cilium('{endpointSelector: {matchLabels: {"k8s:app": web}}, ingress: [{}], egress: [{}]}')),
      documents(
        withPod(''),
        'apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: all}\nspecs: [{endpointSelector: {}, ingress: [{}], egress: [{}]}]',
      ),
      documents(withPod(''), CALICO),
      documents(withPod(''), admin(ADMIN_DENY)),
      // Policies do not reach the node's network.
      withPod('hostNetwork: true'),
    ],
    bad: [
      { yaml: documents(withPod(''), admin(ADMIN_DENY.split(', egress')[0] ?? '')), path: LABELS, severity: 'low', status: 'fail' },
      { yaml: documents(withPod(''), admin(ADMIN_DENY, '{namespaces: {matchLabels: {team: ops}}}')), path: LABELS, severity: 'medium' },
      // One port, or one address, is no isolation.
      {
        yaml: documents(
          withPod(''),
          admin(
            'ingress: [{action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {port: 22, protocol: TCP}}]}], egress: [{action: Deny, to: [{networks: [169.254.169.254/32]}]}]',
          ),
        ),
        path: LABELS,
        severity: 'medium',
      },
      { yaml: withPod(''), path: LABELS, severity: 'medium' },
      // One pod of several.
      {
        yaml: documents(
          withPod('').replace('kind: Deployment', 'kind: StatefulSet'),
          policy('{podSelector: {matchLabels: {apps.kubernetes.io/pod-index: "0"}}, policyTypes: [Ingress, Egress]}'),
        ),
        path: LABELS,
        severity: 'medium',
      },
      { yaml: documents(withPod(''), policy('{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress, Egress]}')), path: LABELS },
      { yaml: documents(withPod(''), policy('{podSelector: {}}')), path: LABELS, severity: 'low' },
      // Rules of a direction that policyTypes leaves out count for nothing.
      { yaml: documents(withPod(''), policy('{podSelector: {}, policyTypes: [Egress], ingress: [{}]}')), path: LABELS, severity: 'low' },
      { yaml: documents(withPod(''), policy('{podSelector: {}, policyTypes: [Ingress, Egress]}').replace('shop', 'ops')), path: LABELS },
      { yaml: documents(withPod(''), cilium('{endpointSelector: {matchLabels: {app: api}}, ingress: [{}], egress: [{}]}')), path: LABELS },
      { yaml: documents(withPod(''), CALICO), path: LABELS, severity: 'low', status: 'unknown' },
      {
        yaml: documents(
          withPod(''),
          cilium('{endpointSelector: {matchLabels: {io.cilium.k8s.policy.serviceaccount: web}}, ingress: [{}], egress: [{}]}'),
        ),
        path: LABELS,
        status: 'unknown',
      },
    ],
  }),
});
