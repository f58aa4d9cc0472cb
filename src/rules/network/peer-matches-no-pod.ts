import { type PodPeer, hostPods, mayBeGiven, unmatchedPeers } from '../../engines/network/index.ts';
import type { ApiObject, LabelSelector, Tables } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, POLICY_KINDS, type PolicyObject, networkOf } from './network.ts';
import { meantBy, meantWords, podWords } from './peers.ts';
import { describeSelector, inTheInput, isMadeByOperator } from './references.ts';

const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;

export const rule = defineRule({
  id: 'peer-matches-no-pod',
  title: 'Peer of a policy that is no pod',
  severity: 'low',
  area: 'network',
  rationale:
    'A peer that matches no pod allows nothing, or denies nothing, until somebody starts a pod with that label: what was meant is cut off or stays open, and whoever may start such a pod decides.',
  remedy: 'Make the selector of the peer agree with the labels of the pods and of their namespace, or delete the peer.',
  controls: nsa('network-policies'),
  netLint: true,
  covers: ['dangling-netpol'],
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: [...NETWORK_TABLES, 'objects'],
  check(object, tables) {
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    if (policy === undefined) return undefined;
    return unmatchedPeers(network.relation, policy).flatMap(({ direction, rule, peer, wanted }): Hit[] => {
      const written = peerIn(object, { direction, rule: rule.number, peer });
      const meant = meantBy(wanted, network);
      if (meant === undefined && !isSure(wanted, network, tables.completeness)) return [];
      if (meant === undefined && isOperators(wanted, written, tables.objects)) return [];
      if (hostPods(network.relation, wanted).length > 0 || mayBeGiven(network.world, wanted)) return [];
      return [
        {
          key: `${direction} ${written === undefined ? podWords(wanted) : describeSelector(written.podSelector ?? written.namespaceSelector)}`,
          message: `has an ${direction} peer that matches nothing${inTheInput(tables.completeness)}: there is no ${podWords(wanted)}${meantWords(meant)}`,
          path: `spec.${direction}[${rule.number - 1}].${direction === 'ingress' ? 'from' : 'to'}[${peer - 1}]`,
        },
      ];
    });
  },
  examples: () => ({
    good: [
      // Labels that controllers give to pods.
      documents(
        withPod('').replace('Deployment', 'StatefulSet'),
        policy('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {apps.kubernetes.io/pod-index: "0"}}}]}]}'),
      ),
      documents(withPod(''), policy('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {pod-template-hash: abc}}}]}]}')),
      documents(
        withPod(''),
        policy('{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}'),
      ),
      // Pods of other namespaces are often given elsewhere.
      documents(
        withPod(''),
        policy(
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}, podSelector: {matchLabels: {app: prom}}}]}]}',
        ),
      ),
      // Rules of a direction that the policy is not about.
      documents(
        withPod(''),
        policy('{podSelector: {}, policyTypes: [Ingress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}'),
      ),
      // Told by policy-selects-host-network.
      documents(
        withPod(''),
        withPod('hostNetwork: true').replaceAll('web', 'agent'),
        policy('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: agent}}}]}]}'),
      ),
      // What makes the pods is in the input.
      documents(
        withPod(''),
        'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: main, namespace: shop}',
        policy('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {prometheus: main}}}]}]}'),
      ),
    ],
    bad: [
      {
        yaml: documents(
          withPod(''),
          policy('{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {matchLabels: {tier: db}}}]}]}'),
        ),
        path: 'spec.egress[0].to[1]',
      },
      {
        yaml: documents(
          withPod('').replaceAll('app: web', 'app: catalog'),
          policy('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: catlog}}}]}]}'),
        ),
        path: 'spec.ingress[0].from[0]',
      },
      // The namespace is misspelt.
      {
        yaml: documents(
          withPod('').replaceAll('shop', 'payments'),
          policy('{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: paymnets}}}]}]}'),
        ),
        path: 'spec.ingress[0].from[0]',
      },
    ],
  }),
});

/** Whether all pods that it might mean are known. */
function isSure({ namespaces }: PodPeer, network: Network, { complete }: Tables['completeness']): boolean {
  return complete || (typeof namespaces === 'string' && network.knows(namespaces));
}

interface Written {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
}

/** The peer as it is written, of the kind whose selectors the model reads. */
function peerIn(object: PolicyObject, at: { direction: 'ingress' | 'egress'; rule: number; peer: number }): Written | undefined {
  if (object.known !== 'NetworkPolicy') return undefined;
  const { ingress, egress } = (object as ApiObject<'NetworkPolicy'>).body.spec ?? {};
  const peers = at.direction === 'ingress' ? ingress?.[at.rule - 1]?.from : egress?.[at.rule - 1]?.to;
  return peers?.[at.peer - 1];
}

function isOperators({ namespaces }: PodPeer, written: Written | undefined, objects: Tables['objects']): boolean {
  const { podSelector } = written ?? {};
  return podSelector !== undefined && typeof namespaces === 'string' && isMadeByOperator(namespaces, podSelector, objects);
}
