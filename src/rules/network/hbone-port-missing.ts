import { type Policy, coveredBy, podsByClass, portRange } from '../../engines/network/index.ts';
import { refOf } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, networkOf } from './network.ts';

const namespace = (labels: string): string => `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: ${labels}}`;
const AMBIENT = namespace('{istio.io/dataplane-mode: ambient}');
const policy = (ingress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: ${ingress}}`;
const MODE = 'istio.io/dataplane-mode';
const HBONE = 15008;

export const rule = defineRule({
  id: 'hbone-port-missing',
  title: 'Policy that shuts the tunnel of the mesh out',
  severity: 'medium',
  area: 'network',
  rationale:
    "In a namespace of Istio's ambient mode the traffic between pods arrives in a tunnel on TCP port 15008, whatever port the program listens on: a policy that allows only the port of the program cuts the whole mesh off.",
  remedy:
    'Allow TCP 15008 from the same peers. Within the tunnel NetworkPolicies see no port any more, so restrict ports by an AuthorizationPolicy of the mesh.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['NetworkPolicy'],
  reads: NETWORK_TABLES,
  check(object, tables) {
    const space = tables.Namespace.get('', object.namespace);
    if (space?.labels[MODE] !== 'ambient') return undefined;
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    const rule = policy === undefined ? undefined : blockingRule(policy, network);
    if (rule === undefined) return undefined;
    return {
      message: `ingress rule ${rule.number} allows ports of programs but not TCP ${HBONE}, on which all traffic of the mesh arrives in ${refOf(space)}`,
      path: `spec.ingress[${rule.number - 1}]`,
      also: [{ object: space, path: `metadata.labels["${MODE}"]` }],
    };
  },
  examples: () => ({
    good: [
      documents(withPod(''), namespace('{}'), policy('[{ports: [{port: 8080}]}]')),
      documents(withPod(''), AMBIENT, policy('[{ports: [{port: 8080}, {port: 15008}]}]')),
      documents(withPod(''), AMBIENT, policy('[{from: [{namespaceSelector: {}}]}]')),
      // Another rule, or another policy for the same pods, lets the tunnel in.
      documents(withPod(''), AMBIENT, policy('[{from: [{podSelector: {}}], ports: [{port: 8080}]}, {ports: [{port: 15008}]}]')),
      documents(
        withPod(''),
        AMBIENT,
        policy('[{ports: [{port: 8080}]}]'),
        policy('[{ports: [{port: 15008}]}]').replace('name: web', 'name: mesh'),
      ),
      // Not in the mesh.
      documents(
        withPod('').replace('labels: {app: web}', 'labels: {app: web, istio.io/dataplane-mode: none}'),
        AMBIENT,
        policy('[{ports: [{port: 8080}]}]'),
      ),
      // What comes from outside of the cluster comes without the tunnel.
      documents(withPod(''), AMBIENT, policy('[{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 8080}]}]')),
      documents(withPod(''), AMBIENT, policy('[]')),
    ],
    bad: [
      { yaml: documents(withPod(''), AMBIENT, policy('[{ports: [{port: 8080}]}]')), path: 'spec.ingress[0]' },
      {
        yaml: documents(
          withPod(''),
          AMBIENT,
          policy('[{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}, {from: [{podSelector: {}}], ports: [{port: http}]}]'),
        ),
        path: 'spec.ingress[1]',
      },
    ],
  }),
});

type Rule = NonNullable<Policy['ingress']>[number];

/** The first rule for pods whose peers no policy of some pod lets in by the tunnel. */
function blockingRule({ subject, ingress = [] }: Policy, { world, relation }: Network): Rule | undefined {
  const inMesh = relation.selection.pods(subject);
  for (const id of inMesh) {
    if (podsByClass(relation)[id]?.every((pod) => world.pods[pod]?.labels[MODE] === 'none') === true) continue;
    const theirs = (relation.signatureOf('ingress', id)?.policies ?? []).flatMap((policy) =>
      (policy.ingress ?? []).map((rule) => ({ rule })),
    );
    for (const rule of ingress) {
      const peers = rule.peers?.filter(({ kind }) => kind === 'pods');
      if (rule.ports === undefined || peers?.length === 0) continue;
      const tunnel = { ...rule, peers, ports: { numbers: portRange('TCP', HBONE, HBONE), names: [] } };
      if (coveredBy(tunnel, theirs, world.namespaces) === undefined) return rule;
    }
  }
  return undefined;
}
