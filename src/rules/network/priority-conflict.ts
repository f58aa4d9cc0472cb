import { type Conflict, conflicts, policyRef } from '../../engines/network/index.ts';
import { memo } from '../../lib/memo.ts';
import { documents, withPod } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, networkOf } from './network.ts';

const admin = (name: string, priority: number, ingress: string): string => `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: ${name}}
spec: {priority: ${priority}, subject: {namespaces: {}}, ingress: ${ingress}}`;
const DENY = '[{action: Deny, from: [{namespaces: {}}]}]';
const ALLOW = '[{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {port: 80}}]}]';
const BOTH = `${ALLOW.slice(0, -1)}, ${DENY.slice(1)}`;
const cluster = (tier: string, priority: number): string => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: a}
spec: {tier: ${tier}, priority: ${priority}, subject: {namespaces: {}}, ingress: [{action: Accept, from: [{namespaces: {}}]}]}`;
const BASELINE = `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec: {subject: {namespaces: {}}, ingress: ${DENY}}`;

export const rule = defineRule({
  id: 'priority-conflict',
  title: 'Policies of one priority that disagree',
  severity: 'medium',
  area: 'network',
  rationale:
    'Which of two policies of the same tier and priority is asked first is not defined, be they of one kind or of two. These two decide differently about the same connections: what is denied today may be let through after an upgrade of the network plug-in.',
  remedy: 'Give one of the policies another priority; the lower number is asked first.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['AdminNetworkPolicy', 'ClusterNetworkPolicy'],
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    return conflictsIn(network)
      .filter(({ other }) => other === policy)
      .map(({ one, direction, oneRule, otherRule, subject, peer }) => {
        const first = network.objectOf(one);
        return {
          key: policyRef(one),
          message: `its ${direction} rule ${otherRule.number} and rule ${oneRule.number} of ${policyRef(one)} ${one.kind === 'BaselineAdminNetworkPolicy' ? 'stand where the priority 0 is' : `have the priority ${one.priority}`} and disagree: ${actionOf(object.kind, otherRule.action)} and ${actionOf(one.kind, oneRule.action)}, for ${subject} with ${peer} among others`,
          path: 'spec.priority',
          ...(first !== undefined && { also: [{ object: first, path: `spec.${direction}[${oneRule.number - 1}]` }] }),
        };
      });
  },
  examples: () => ({
    good: [
      documents(withPod(''), admin('a', 10, DENY), admin('b', 20, ALLOW)),
      documents(withPod(''), admin('a', 10, DENY), admin('b', 10, DENY)),
      // Another tier, and another priority than the one that a baseline without any stands for.
      documents(withPod(''), admin('a', 10, DENY), cluster('Baseline', 10)),
      documents(withPod(''), BASELINE, cluster('Baseline', 1)),
      // Other ports.
      documents(withPod(''), admin('a', 10, DENY.replace('}]}', '}], ports: [{portNumber: {port: 81}}]}')), admin('b', 10, ALLOW)),
      // Each leaves to its second rule what the first does not decide, and both decide alike.
      documents(withPod(''), admin('a', 10, BOTH), admin('b', 10, BOTH)),
      // For other pods.
      documents(
        withPod(''),
        admin('a', 10, DENY).replace('namespaces: {}}', 'namespaces: {matchLabels: {team: ops}}}'),
        admin('b', 10, ALLOW),
      ),
    ],
    bad: [
      { yaml: documents(withPod(''), admin('a', 10, DENY), admin('b', 10, ALLOW)), path: 'spec.priority' },
      // Of two kinds: each tier asks both together.
      { yaml: documents(withPod(''), admin('z', 10, DENY), cluster('Admin', 10)), path: 'spec.priority' },
      { yaml: documents(withPod(''), BASELINE, cluster('Baseline', 0)), path: 'spec.priority' },
    ],
  }),
});

const conflictsIn = memo(({ relation }: Network): Conflict[] => conflicts(relation));

/** As the kind writes it. */
function actionOf(kind: string, action: string): string {
  return kind !== 'ClusterNetworkPolicy' && action === 'Accept' ? 'Allow' : action;
}
