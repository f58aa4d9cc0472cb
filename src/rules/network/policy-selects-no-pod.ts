import { hostPods, mayBeGiven, selectsNothing } from '../../engines/network/index.ts';
import type { ApiObject } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, POLICY_KINDS, networkOf } from './network.ts';
import { meantBy, meantWords, namespacesWith, podWords } from './peers.ts';
import { inTheInput, isMadeByOperator } from './references.ts';

const policy = (spec: string, namespace = 'shop'): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: ${namespace}}
spec: ${spec}`;
const admin = (subject: string): string => `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: web}
spec: {priority: 10, subject: ${subject}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`;

export const rule = defineRule({
  id: 'policy-selects-no-pod',
  title: 'Policy that is for no pod',
  severity: 'low',
  area: 'network',
  rationale:
    'A policy whose subject matches no pod protects none, however strict its rules are; mostly a label was renamed or misspelt, and what was meant stays open.',
  remedy: 'Make the selector of the policy agree with the labels of the pods, or delete the policy.',
  controls: nsa('network-policies'),
  netLint: true,
  covers: ['dangling-netpol'],
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: [...NETWORK_TABLES, 'objects'],
  check(object, tables) {
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    if (policy === undefined || !selectsNothing(network.relation, policy)) return undefined;
    const { subject } = policy;
    // A default deny is right in an empty namespace too.
    if (subject.pods.key === '' && (typeof subject.namespaces === 'string' || subject.namespaces.key === '')) return undefined;
    if (hostPods(network.relation, subject).length > 0 || mayBeGiven(network.world, subject)) return undefined;
    const meant = meantBy(subject, network);
    const inside = typeof subject.namespaces === 'string' ? [subject.namespaces] : namespacesWith(subject.namespaces, network.world);
    const known = inside.length === 0 ? tables.completeness.complete : inside.every((namespace) => network.knows(namespace));
    if (meant === undefined && (!known || isOperators(object, tables))) return undefined;
    return {
      key: 'podSelector',
      message: `is for no pod${inTheInput(tables.completeness)}: there is no ${podWords(subject)}${meantWords(meant)}`,
      path: object.known === 'NetworkPolicy' ? 'spec.podSelector' : 'spec.subject',
    };
  },
  examples: () => ({
    good: [
      // Labels that controllers give to pods.
      documents(
        withPod('').replace('Deployment', 'StatefulSet'),
        policy('{podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: web-0}}}'),
      ),
      documents(withPod(''), policy('{podSelector: {matchLabels: {pod-template-hash: abc}}}')),
      documents(withPod(''), policy('{podSelector: {matchLabels: {app: web}}}')),
      documents(withPod(''), policy('{podSelector: {matchExpressions: [{key: legacy, operator: DoesNotExist}]}}')),
      // Right before the first pod is there.
      policy('{podSelector: {}}'),
      // Nothing of the namespace is in the input.
      documents(withPod(''), policy('{podSelector: {matchLabels: {app: web}}}', 'ops')),
      documents(withPod(''), admin('{namespaces: {matchLabels: {team: ops}}}')),
      // Told by policy-selects-host-network.
      documents(withPod('hostNetwork: true'), policy('{podSelector: {matchLabels: {app: web}}}')),
      // What makes the pods is in the input.
      documents(
        withPod(''),
        'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: main, namespace: shop}',
        policy('{podSelector: {matchLabels: {prometheus: main}}}'),
      ),
    ],
    bad: [
      { yaml: documents(withPod(''), policy('{podSelector: {matchLabels: {tier: api}}}')), path: 'spec.podSelector' },
      {
        yaml: documents(withPod('').replaceAll('app: web', 'app: catalog'), policy('{podSelector: {matchLabels: {app: catlog}}}')),
        path: 'spec.podSelector',
      },
      {
        yaml: documents(
          withPod(''),
          admin('{pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {tier: api}}}}'),
        ),
        path: 'spec.subject',
      },
    ],
  }),
});

function isOperators(object: ApiObject, tables: { objects: Parameters<typeof isMadeByOperator>[2] }): boolean {
  if (object.known !== 'NetworkPolicy') return false;
  const { podSelector } = (object as ApiObject<'NetworkPolicy'>).body.spec ?? {};
  return podSelector !== undefined && isMadeByOperator(object.namespace, podSelector, tables.objects);
}
