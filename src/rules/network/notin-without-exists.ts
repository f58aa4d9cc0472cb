import { type PodPeer, podPeersIn, podsByClass } from '../../engines/network/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, POLICY_KINDS, networkOf, ruleKey } from './network.ts';
import { namespacesWith } from './peers.ts';

const policy = (peer: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [${peer}]}]}`;
const NOT_DEV = '{podSelector: {matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}}';

export const rule = defineRule({
  id: 'notin-without-exists',
  title: 'NotIn that also lets in what has no such label',
  severity: 'info',
  area: 'network',
  rationale:
    'NotIn matches whatever lacks the label altogether, too. A peer that was meant for labelled pods with other values lets in those that nobody labelled.',
  remedy:
    'Add an expression with the operator Exists for the same key, or say with In what is let in; leave it where unlabelled pods are meant.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    if (policy === undefined) return undefined;
    return podPeersIn(policy).flatMap(({ direction, rule, peer, wanted }): Hit[] => {
      if (rule.action !== 'Accept') return [];
      const unlabelled = bareNamespace(wanted, network) ?? barePod(wanted, network);
      if (unlabelled === undefined) return [];
      return [
        {
          key: `${ruleKey(object, direction, rule.number)} ${peer}`,
          message: `${direction} rule ${rule.number} ${direction === 'ingress' ? 'lets in' : 'lets its pods reach'} ${unlabelled.name}, which has no label "${unlabelled.key}" at all, as NotIn matches that too`,
          path: `spec.${direction}[${rule.number - 1}].${direction === 'ingress' ? 'from' : 'to'}[${peer - 1}]`,
        },
      ];
    });
  },
  examples: () => ({
    good: [
      documents(
        withPod('').replace('{app: web}}\n', '{app: web, env: prod}}\n'),
        policy(NOT_DEV.replace(']}}', ', {key: env, operator: Exists}]}}')),
      ),
      documents(withPod(''), policy(NOT_DEV.replace('[dev]}]', '[dev]}, {key: env, operator: Exists}]'))),
      documents(withPod('').replace('labels: {app: web}', 'labels: {app: web, env: prod}'), policy(NOT_DEV)),
      // Whom a policy is for is the stricter the more there are.
      documents(
        withPod(''),
        policy('{podSelector: {}}').replace(
          '{matchLabels: {app: web}}',
          '{matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}',
        ),
      ),
    ],
    bad: [
      { yaml: documents(withPod(''), policy(NOT_DEV)), path: 'spec.ingress[0].from[0]' },
      {
        yaml: documents(withPod(''), policy('{namespaceSelector: {matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}}')),
        path: 'spec.ingress[0].from[0]',
      },
    ],
  }),
});

type Selector = PodPeer['pods'];

/** Keys of which NotIn is all that is said. */
function bareKeys({ requirements }: Selector): string[] {
  return requirements
    .filter(
      ({ key, operator }) =>
        operator === 'NotIn' &&
        !requirements.some((other) => other.key === key && (other.operator === 'Exists' || other.operator === 'In')),
    )
    .map(({ key }) => key);
}

function barePod(peer: PodPeer, { world, relation }: Network): { name: string; key: string } | undefined {
  const keys = bareKeys(peer.pods);
  if (keys.length === 0) return undefined;
  for (const id of relation.selection.pods(peer)) {
    for (const index of podsByClass(relation)[id] ?? []) {
      const pod = world.pods[index];
      const key = keys.find((one) => pod?.labels[one] === undefined);
      if (key !== undefined) return { name: pod?.workload ?? '', key };
    }
  }
  return undefined;
}

function bareNamespace({ namespaces }: PodPeer, { world }: Network): { name: string; key: string } | undefined {
  if (typeof namespaces === 'string') return undefined;
  const keys = bareKeys(namespaces);
  if (keys.length === 0) return undefined;
  for (const name of namespacesWith(namespaces, world)) {
    const key = keys.find((one) => world.namespaces.get(name)?.[one] === undefined);
    if (key !== undefined && world.pods.some((pod) => pod.namespace === name)) return { name: `namespace "${name}"`, key };
  }
  return undefined;
}
