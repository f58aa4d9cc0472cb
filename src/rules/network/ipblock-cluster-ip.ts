import { contains, nodesWithin, parseAddress, podsWithin, rangePeersIn, sizeOf } from '../../engines/network/index.ts';
import { memo } from '../../lib/memo.ts';
import { type ApiObject, type KindTable, refOf } from '../../model/index.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, POLICY_KINDS, networkOf, rangePath, ruleKey } from './network.ts';

const policy = (cidr: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${cidr}}}]}]}`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: kubernetes, namespace: default}
spec: {clusterIP: 10.96.0.1, ports: [{port: 443, targetPort: 6443}]}`;
const POD = `
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data}
spec: {containers: [{name: db, image: registry.example.com/db:1}]}
status: {podIP: 10.96.4.7}`;
/** Wider ranges are for a whole network in which Services happen to lie. */
const WIDEST = 65_536n;

export const rule = defineRule({
  id: 'ipblock-cluster-ip',
  title: 'Range of addresses for a ClusterIP',
  severity: 'medium',
  area: 'network',
  rationale:
    "Most network plug-ins look at a packet after the address of the Service was replaced by that of a pod or node behind it, so a rule for the Service's own address never matches: what it should allow is cut off, what it should deny passes.",
  remedy: 'Name the pods behind the Service by selectors, or for the API server the addresses of its endpoints.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    if (policy === undefined) return undefined;
    return rangePeersIn(policy).flatMap((place): Hit[] => {
      const { direction, rule, set } = place;
      if (sizeOf(set) > WIDEST) return [];
      const service = clusterAddresses(tables.Service).find(({ address }) => contains(set, address))?.service;
      if (service === undefined || podsWithin(network.world, set).length > 0 || nodesWithin(network.world, set) > 0) return [];
      return [
        {
          key: `${ruleKey(object, direction, rule.number)} ${place.peer}`,
          message: `${direction} rule ${rule.number} names the address ${service.body.spec?.clusterIP} of ${refOf(service)}, which most network plug-ins never see`,
          path: rangePath(object, place),
          also: [{ object: service, path: 'spec.clusterIP' }],
        },
      ];
    });
  },
  examples: () => ({
    good: [
      documents(SERVICE, policy('10.0.0.0/8')),
      documents(SERVICE, policy('192.0.2.0/24')),
      // Pods lie there too.
      documents(SERVICE, POD, policy('10.96.0.0/16')),
      documents(SERVICE.replace('10.96.0.1', 'None'), policy('10.96.0.1/32')),
    ],
    bad: [
      { yaml: documents(SERVICE, policy('10.96.0.1/32')), path: 'spec.egress[0].to[0].ipBlock' },
      { yaml: documents(SERVICE, policy('10.96.0.0/16')), path: 'spec.egress[0].to[0].ipBlock' },
    ],
  }),
});

const clusterAddresses = memo((services: KindTable<'Service'>): { address: bigint; service: ApiObject<'Service'> }[] =>
  services.all.flatMap((service) => {
    const address = parseAddress(service.body.spec?.clusterIP ?? '');
    return address === undefined ? [] : [{ address, service }];
  }),
);
