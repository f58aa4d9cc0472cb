import { podsWithin, rangePeersIn } from '../../engines/network/index.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, POLICY_KINDS, networkOf, rangePath, ruleKey } from './network.ts';

const policy = (egress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${egress}}`;
const pod = (address: string, spec = '{containers: [{name: db, image: registry.example.com/db:1}]}'): string => `
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: db}}
spec: ${spec}
status: {podIP: ${address}}`;

export const rule = defineRule({
  id: 'ipblock-covers-pods',
  title: 'Range of addresses that holds pods',
  severity: 'low',
  area: 'network',
  rationale:
    'An ipBlock is meant for what lies outside, but ranges match pods by their addresses as they match anything else: a rule for the whole internet, or for a private network, lets the pods reach the pods of every other namespace too. Some network plug-ins do it otherwise, so that the same policy means something else after a change of the plug-in.',
  remedy: 'Take the ranges of the pods out with except, and name pods by selectors where they are meant.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    const { world, relation } = network;
    const policy = network.policyOf(object);
    if (policy === undefined) return undefined;
    return rangePeersIn(policy).flatMap((place): Hit[] => {
      const { direction, rule, set } = place;
      if (rule.action === 'Pass') return [];
      const selected = new Set((rule.peers ?? []).flatMap((peer) => (peer.kind === 'pods' ? [...relation.selection.pods(peer)] : [])));
      const pods = podsWithin(world, set).filter((index) => relation.entities.classesOf[index]?.some((id) => selected.has(id)) !== true);
      const first = world.pods[pods[0] ?? -1];
      if (first === undefined) return [];
      const verb = rule.action === 'Deny' ? 'denies' : direction === 'ingress' ? 'lets in' : 'lets its pods reach';
      const more = pods.length > 1 ? ` and ${pods.length - 1} more ${pods.length === 2 ? 'pod' : 'pods'}` : '';
      const target = network.objects[first.object];
      return [
        {
          key: `${ruleKey(object, direction, rule.number)} ${place.peer}`,
          message: `${direction} rule ${rule.number} ${verb} ${first.workload}${more} by a range that holds their addresses`,
          path: rangePath(object, place),
          ...(target !== undefined && { also: [{ object: target, path: 'status.podIP' }] }),
        },
      ];
    });
  },
  examples: () => ({
    good: [
      documents(pod('10.244.1.7'), policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]')),
      documents(pod('10.244.1.7'), policy('[{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}]')),
      // Those pods are meant anyway.
      documents(pod('10.244.1.7'), policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}, {namespaceSelector: {}}]}]')),
      // The address of a node.
      documents(
        pod('192.0.2.4', '{hostNetwork: true, containers: [{name: db, image: registry.example.com/db:1}]}'),
        policy('[{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}]'),
      ),
      // Nobody knows the addresses.
      policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]'),
    ],
    bad: [
      {
        yaml: documents(pod('10.244.1.7'), policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]')),
        path: 'spec.egress[0].to[0].ipBlock',
      },
      {
        yaml: documents(
          pod('10.244.1.7'),
          policy('[{to: [{ipBlock: {cidr: 192.0.2.0/24}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]'),
        ),
        path: 'spec.egress[0].to[1].ipBlock',
      },
      {
        yaml: documents(
          pod('"fd00::7"'),
          'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: a}\nspec: {priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: ["::/0"]}]}]}',
        ),
        path: 'spec.egress[0].to[0].networks',
      },
    ],
  }),
});
