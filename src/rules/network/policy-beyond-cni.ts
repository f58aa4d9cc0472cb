import { type Deviation, cniNames } from '../../engines/cni/index.ts';
import { type Policy, intersection, placesIn, podsWithin, rangePeersIn, wholeProtocol } from '../../engines/network/index.ts';
import type { ApiObject } from '../../model/index.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { CNI_TABLES, enforcementIn } from './enforcement.ts';
import { NETWORK_TABLES, type Network, networkOf, rangePath, ruleKey } from './network.ts';

const daemon = (containers: string): string => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: kube-system}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {hostNetwork: true, containers: [${containers}]}`;
const CILIUM = daemon('{name: agent, image: "quay.io/cilium/cilium:v1.18.2"}');
const WEAVE = daemon('{name: weave, image: "weaveworks/weave-kube:2.8.1"}, {name: weave-npc, image: "weaveworks/weave-npc:2.8.1"}');
const SETTINGS = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cilium-config, namespace: kube-system}\ndata: {}';
const POD = `
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: db}}
spec: {containers: [{name: db, image: registry.example.com/db:1}]}
status: {podIP: 10.244.1.7}`;
const policy = (ingress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, ingress: ${ingress}}`;

export const rule = defineRule({
  id: 'policy-beyond-cni',
  title: 'Rule that the network plug-in takes otherwise',
  severity: 'medium',
  area: 'network',
  rationale:
    'The network plug-in of the cluster is documented to take this part of a policy otherwise than the API means it, or not at all: what is let in or cut off differs from what the policy says.',
  remedy: 'Say it in a way that the plug-in supports: pods by selectors, ports one by one and by their numbers; or switch the support on.',
  controls: nsa('network-policies'),
  netLint: true,
  coversSameField: ['ipblock-covers-pods'],
  scope: 'object',
  kinds: ['NetworkPolicy'],
  reads: [...new Set([...NETWORK_TABLES, ...CNI_TABLES])],
  check(object, tables) {
    const { cnis } = enforcementIn(tables);
    const [cni, ...others] = cnis.filter(({ enforces }) => enforces.NetworkPolicy === true);
    // Of several that enforce policies nobody knows which has the word.
    if (cni === undefined || others.length > 0 || cni.deviations.length === 0) return undefined;
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    if (policy === undefined) return undefined;
    return cni.deviations.flatMap((deviation) =>
      FOUND[deviation]({ policy, network, object }).map(({ direction, rule, path, what }): Hit => ({
        key: `${ruleKey(object, direction, rule)} ${deviation}`,
        message: `${direction} rule ${rule} ${what}, which ${cniNames([cni])} ${WORDS[deviation]}`,
        path: path ?? `spec.${direction}[${rule - 1}]`,
      })),
    );
  },
  examples: () => ({
    good: [
      documents(CILIUM, POD, policy('[{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]')),
      documents(POD, policy('[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]')),
      documents(WEAVE, policy('[{ports: [{port: 80}]}]')),
      documents(CILIUM, policy('[{ports: [{port: 80, endPort: 90}, {port: http}]}]')),
      documents(CILIUM, SETTINGS.replace('{}', '{enable-sctp: "true"}'), policy('[{ports: [{port: 80, protocol: SCTP}]}]')),
    ],
    bad: [
      { yaml: documents(CILIUM, POD, policy('[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]')), path: 'spec.ingress[0].from[0].ipBlock' },
      { yaml: documents(CILIUM, SETTINGS, policy('[{ports: [{port: 80, protocol: SCTP}]}]')), path: 'spec.ingress[0]' },
      { yaml: documents(WEAVE, policy('[{}, {ports: [{port: 80, endPort: 90}]}]')), path: 'spec.ingress[1]' },
      { yaml: documents(WEAVE, policy('[{ports: [{port: http}]}]')), path: 'spec.ingress[0]' },
    ],
  }),
});

const WORDS: Readonly<Record<Deviation, string>> = {
  'ipblock-no-pods': 'does not match by addresses',
  'no-sctp': 'does not support where enable-sctp is not set',
  'no-end-port': 'does not support',
  'no-named-port': 'does not support',
};

interface Place {
  direction: 'ingress' | 'egress';
  rule: number;
  path?: string;
  what: string;
}

interface Asked {
  policy: Policy;
  network: Network;
  object: ApiObject<'NetworkPolicy'>;
}

const FOUND: Readonly<Record<Deviation, (asked: Asked) => Place[]>> = {
  'ipblock-no-pods': ({ policy, network }) =>
    rangePeersIn(policy).flatMap((place): Place[] => {
      const pods = podsWithin(network.world, place.set);
      const what = `holds the addresses of ${pods.length} ${pods.length === 1 ? 'pod' : 'pods'}`;
      return pods.length === 0
        ? []
        : [{ direction: place.direction, rule: place.rule.number, path: rangePath({ known: 'NetworkPolicy' }, place), what }];
    }),
  'no-sctp': ({ policy }) =>
    placesIn(policy).flatMap(({ direction, rule }) =>
      rule.ports !== undefined && intersection(rule.ports.numbers, wholeProtocol('SCTP')).length > 0
        ? [{ direction, rule: rule.number, what: 'names ports of SCTP' }]
        : [],
    ),
  'no-end-port': ({ policy, object: { body } }) =>
    placesIn(policy).flatMap(({ direction, rule }) => {
      const { ports = [] } = body.spec?.[direction]?.[rule.number - 1] ?? {};
      return ports.some(({ endPort }) => endPort !== undefined) ? [{ direction, rule: rule.number, what: 'names a range of ports' }] : [];
    }),
  'no-named-port': ({ policy }) =>
    placesIn(policy).flatMap(({ direction, rule }) =>
      (rule.ports?.names.length ?? 0) > 0 ? [{ direction, rule: rule.number, what: 'names a port by its name' }] : [],
    ),
};
