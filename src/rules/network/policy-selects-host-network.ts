import { type PodPeer, hostPods, podPeersIn } from '../../engines/network/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, POLICY_KINDS, networkOf } from './network.ts';
import { podWords } from './peers.ts';

const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;
const ON_HOST = withPod('hostNetwork: true').replaceAll('web', 'agent');

export const rule = defineRule({
  id: 'policy-selects-host-network',
  title: 'Policy for pods on the host network',
  severity: 'medium',
  area: 'network',
  rationale:
    "Pods on the host's network have the addresses of their node, so no selector finds them: a policy for them restricts nothing, and a rule that lets them in lets in nobody.",
  remedy:
    'Take hostNetwork from the pods where they can do without. Otherwise protect their ports by the firewall of the nodes, and let them in by an ipBlock with the addresses of the nodes.',
  controls: nsa('network-policies'),
  netLint: true,
  covers: ['dangling-netpol'],
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    if (policy === undefined) return undefined;
    const hits: Hit[] = [];
    const path = object.known === 'NetworkPolicy' ? 'spec.podSelector' : 'spec.subject';
    const subject = onHost(network, policy.subject);
    if (subject !== undefined)
      hits.push({
        key: 'podSelector',
        ...(!subject.only && { severity: 'low' as const }),
        message: `${subject.only ? 'is only for' : 'is for others too, but not for'} ${subject.name} on the host network, which no policy restricts`,
        path,
        also: subject.also,
      });
    for (const { direction, rule, peer, wanted } of podPeersIn(policy)) {
      const found = onHost(network, wanted);
      if (found?.only !== true) continue;
      hits.push({
        key: `${direction} ${podWords(wanted)}`,
        message: `has an ${direction} peer that matches only ${found.name} on the host network, which no selector finds`,
        path: `spec.${direction}[${rule.number - 1}].${direction === 'ingress' ? 'from' : 'to'}[${peer - 1}]`,
        also: found.also,
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      documents(ON_HOST, withPod(''), policy('{podSelector: {matchLabels: {app: web}}}')),
      // All that can be selected is meant.
      documents(ON_HOST, withPod(''), policy('{podSelector: {}}')),
      documents(ON_HOST, policy('{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}')),
      documents(ON_HOST, withPod(''), policy('{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}}')),
      // Others have the label too.
      documents(
        ON_HOST,
        ON_HOST.replace('hostNetwork: true', '').replace('name: agent', 'name: agent-2'),
        policy('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: agent}}}]}]}'),
      ),
    ],
    bad: [
      { yaml: documents(ON_HOST, policy('{podSelector: {matchLabels: {app: agent}}}')), path: 'spec.podSelector', severity: 'medium' },
      {
        yaml: documents(
          ON_HOST,
          ON_HOST.replace('hostNetwork: true', '').replace('name: agent', 'name: agent-2'),
          policy('{podSelector: {matchLabels: {app: agent}}}'),
        ),
        path: 'spec.podSelector',
        severity: 'low',
      },
      {
        yaml: documents(
          ON_HOST,
          withPod(''),
          policy('{podSelector: {}, ingress: [{}, {from: [{podSelector: {matchLabels: {app: agent}}}]}]}'),
        ),
        path: 'spec.ingress[1].from[0]',
      },
    ],
  }),
});

/** The first pod on the host's network that the selector names by a label, and whether it finds no other. */
function onHost(network: Network, peer: PodPeer): { name: string; only: boolean; also: NonNullable<Hit['also']> } | undefined {
  if (!peer.pods.requirements.some(({ operator }) => operator === 'In' || operator === 'Exists')) return undefined;
  const [first, ...more] = hostPods(network.relation, peer);
  const pod = network.world.pods[first ?? -1];
  const object = network.objects[pod?.object ?? -1];
  if (pod === undefined || object === undefined) return undefined;
  const others = new Set(more.map((index) => network.world.pods[index]?.workload)).size;
  const name = others > 1 ? `${pod.workload} and others` : pod.workload;
  return { name, only: network.relation.selection.pods(peer).length === 0, also: [{ object, path: 'metadata.name' }] };
}
