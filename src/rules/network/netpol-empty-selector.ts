import type { BodyOf, LabelSelector } from '../../model/index.ts';
import { isEmptySelector } from '../../model/index.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { policyTypesOf } from './policies.ts';

type PolicySpec = NonNullable<BodyOf<'NetworkPolicy'>['spec']>;
type Peer = {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
};

const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;

export const rule = defineRule({
  id: 'netpol-empty-selector',
  title: 'NetworkPolicy that allows everything',
  severity: 'low',
  area: 'network',
  rationale:
    'A rule without peers and ports, or whose peer is everything, lets all traffic of its direction through: the policy counts as protection and gives none, and it undoes stricter policies, since policies add up.',
  remedy:
    'Name peers and ports in each rule. For a default deny leave the rules out, rather than writing an empty one; write podSelector explicitly, and {} only where every pod of the namespace is meant.',
  controls: nsa('network-policies'),
  aliases: {
    trivy: ['KSV-0038'],
    popeye: ['1203'],
    'kyverno-policies': ['restrict-networkpolicy-empty-podselector'],
  },
  netLint: true,
  scope: 'object',
  kinds: ['NetworkPolicy'],
  check(object) {
    const spec = object.body.spec ?? {};
    const hits: Hit[] = [];
    if (spec.podSelector === undefined && !namesPeers(spec)) {
      hits.push({
        key: 'podSelector',
        message: 'has no podSelector: it is meant for no pod by name and acts on every pod of its namespace',
        path: 'spec.podSelector',
      });
    }
    for (const type of policyTypesOf(spec)) {
      const hit =
        type === 'Ingress' ? allowAll('ingress', spec.ingress, (rule) => rule.from) : allowAll('egress', spec.egress, (rule) => rule.to);
      if (hit !== undefined) hits.push(hit);
    }
    return hits;
  },
  examples: () => ({
    good: [
      // A default deny.
      policy('{podSelector: {}, policyTypes: [Ingress, Egress]}'),
      policy('{podSelector: {}, ingress: []}'),
      policy('{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}'),
      // A public port, and names for everybody.
      policy('{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 8080}]}]}'),
      policy('{podSelector: {}, egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}]}'),
      policy('{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 169.254.169.254/32]}}]}]}'),
      // Rules of a direction that it is not about.
      policy('{podSelector: {}, policyTypes: [Ingress], egress: [{}]}'),
    ],
    bad: [
      { yaml: policy('{podSelector: {}, ingress: [{}]}'), path: 'spec.ingress[0]' },
      { yaml: policy('{podSelector: {matchLabels: {app: web}}, egress: [{ports: [{port: 53}]}, {to: []}]}'), path: 'spec.egress[1]' },
      { yaml: policy('{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}'), path: 'spec.ingress[0]' },
      { yaml: policy('{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}'), path: 'spec.egress[0]' },
      { yaml: policy('{}'), path: 'spec.podSelector' },
    ],
  }),
});

/** Whether any rule picks pods or namespaces, so that the author had some in mind. */
function namesPeers({ ingress = [], egress = [] }: PolicySpec): boolean {
  const picks = ({ podSelector, namespaceSelector }: Peer): boolean => podSelector !== undefined || namespaceSelector !== undefined;
  return ingress.some((rule) => rule.from?.some(picks)) || egress.some((rule) => rule.to?.some(picks));
}

/** The first rule that names no port and lets in, or out to, everything. */
function allowAll<R extends { readonly ports?: readonly unknown[] }>(
  direction: 'ingress' | 'egress',
  rules: readonly R[] | undefined,
  peersOf: (rule: R) => readonly Peer[] | undefined,
): Hit | undefined {
  for (const [index, rule] of (rules ?? []).entries()) {
    if ((rule.ports ?? []).length > 0) continue;
    const peers = peersOf(rule) ?? [];
    const wide = peers.find(isEverything);
    if (peers.length > 0 && wide === undefined) continue;
    const where =
      wide === undefined ? 'everywhere' : wide.ipBlock === undefined ? 'every namespace' : `every address (${wide.ipBlock.cidr})`;
    const message = `allows ${direction === 'ingress' ? 'connections from' : 'its pods to connect to'} ${where} on every port`;
    return { key: direction, message, path: `spec.${direction}[${index}]` };
  }
  return undefined;
}

function isEverything({ podSelector, namespaceSelector, ipBlock }: Peer): boolean {
  if (ipBlock !== undefined) return (ipBlock.cidr === '0.0.0.0/0' || ipBlock.cidr === '::/0') && (ipBlock.except ?? []).length === 0;
  return isEmptySelector(namespaceSelector) && (podSelector === undefined || isEmptySelector(podSelector));
}
