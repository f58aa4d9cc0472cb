import { type Policy, podsByClass } from '../../engines/network/index.ts';
import type { ApiObject } from '../../model/index.ts';
import { documents, withContainer } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, allows, networkOf, ruleKey } from './network.ts';

const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;
const SYSLOG = withContainer('ports: [{name: syslog, containerPort: 5514, protocol: UDP}]');

export const rule = defineRule({
  id: 'udp-port-without-protocol',
  title: 'Port of UDP that is allowed for TCP',
  severity: 'medium',
  area: 'network',
  rationale:
    'A port without a protocol is one of TCP. What listens there speaks UDP, so the rule allows nothing that is used and what it was written for stays cut off.',
  remedy: 'Write protocol: UDP beside the port; for DNS allow both UDP and TCP.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['NetworkPolicy'],
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    if (policy === undefined) return undefined;
    return portsWithoutProtocol(object, policy).flatMap(({ direction, rule, number, path }): Hit[] => {
      if (allows(rule, 'UDP', number)) return [];
      const listening = protocolsOf(network, { policy, direction, rule }, number);
      const spoken = listening.size > 0 ? listening.has('UDP') && !listening.has('TCP') : direction === 'egress' && USUALLY_UDP.has(number);
      const elsewhere = (policy[direction] ?? []).some((other) => other.ports !== undefined && allows(other, 'UDP', number));
      if (!spoken || elsewhere) return [];
      const why = listening.size > 0 ? 'the pods listen on it with UDP only' : `${USUALLY_UDP.get(number)} is asked by UDP`;
      return [
        {
          key: `${ruleKey(object, direction, rule.number)} ${number}`,
          message: `allows port ${number} without a protocol, which is TCP, but ${why}`,
          path,
        },
      ];
    });
  },
  examples: () => ({
    good: [
      policy('{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}, {port: 53}]}]}'),
      policy('{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53}]}, {ports: [{port: 53, protocol: UDP}]}]}'),
      // Said, so meant.
      policy('{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: TCP}]}]}'),
      policy('{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 443}]}]}'),
      documents(SYSLOG, policy('{podSelector: {}, ingress: [{ports: [{port: 5514, protocol: UDP}]}]}')),
      // It speaks both.
      documents(
        withContainer('ports: [{name: syslog, containerPort: 5514, protocol: UDP}, {name: tcp, containerPort: 5514}]'),
        policy('{podSelector: {}, ingress: [{ports: [{port: 5514}]}]}'),
      ),
    ],
    bad: [
      {
        yaml: policy('{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 443}, {port: 53}]}]}'),
        path: 'spec.egress[0].ports[1]',
      },
      { yaml: documents(SYSLOG, policy('{podSelector: {}, ingress: [{ports: [{port: 5514}]}]}')), path: 'spec.ingress[0].ports[0]' },
      {
        yaml: documents(
          SYSLOG,
          policy(
            '{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: 5514}]}]}',
          ),
        ),
        path: 'spec.egress[0].ports[0]',
      },
    ],
  }),
});

/** Services that hardly anybody offers by TCP. */
const USUALLY_UDP: ReadonlyMap<number, string> = new Map([
  [53, 'DNS'],
  [69, 'TFTP'],
  [123, 'NTP'],
  [161, 'SNMP'],
  [500, 'IPsec'],
  [1812, 'RADIUS'],
  [4500, 'IPsec'],
  [51820, 'WireGuard'],
]);

type Direction = 'ingress' | 'egress';
type Rule = NonNullable<Policy['ingress']>[number];

interface Bare {
  direction: Direction;
  rule: Rule;
  number: number;
  path: string;
}

function portsWithoutProtocol({ body: { spec } }: ApiObject<'NetworkPolicy'>, policy: Policy): Bare[] {
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    (policy[direction] ?? []).flatMap((rule) =>
      (spec?.[direction]?.[rule.number - 1]?.ports ?? []).flatMap(({ protocol, port }, index): Bare[] => {
        if (protocol !== undefined || typeof port !== 'number') return [];
        return [{ direction, rule, number: port, path: `spec.${direction}[${rule.number - 1}].ports[${index}]` }];
      }),
    ),
  );
}

/** With which protocols the pods at the destination say that they listen on the port. */
function protocolsOf(
  { world, relation }: Network,
  { policy, direction, rule }: { policy: Policy; direction: Direction; rule: Rule },
  port: number,
): Set<string> {
  const peers = direction === 'ingress' ? [policy.subject] : (rule.peers ?? []);
  const ids = new Set(peers.flatMap((peer) => (peer.kind === 'pods' ? [...relation.selection.pods(peer)] : [])));
  const found = new Set<string>();
  for (const id of ids) {
    for (const pod of podsByClass(relation)[id] ?? [])
      for (const { number, protocol } of world.pods[pod]?.ports ?? []) if (number === port) found.add(protocol);
  }
  return found;
}
