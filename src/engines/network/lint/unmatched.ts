/** What policies name that is not there: pods that they are for, pods at the other end, ports by name. */
import { memo } from '../../../lib/memo.ts';
import { DIRECTIONS, type Direction, type NamedPort, type PodPeer, type Policy, type Rule } from '../policy.ts';
import type { Relation } from '../relation.ts';
import { resolve } from '../rule-ports.ts';
import { matches } from '../selector.ts';
import type { World } from '../world.ts';

/** Where in a policy; numbers from 1. */
export interface RulePlace {
  readonly direction: Direction;
  readonly rule: Rule;
}

export interface PeerPlace extends RulePlace {
  readonly peer: number;
  readonly wanted: PodPeer;
}

export interface UnresolvedPort extends RulePlace {
  readonly port: NamedPort;
  /** Pods that may be the destination and have no such port, by index into the world's. */
  readonly without: readonly number[];
  /** None of those that may be the destination has it. */
  readonly everywhere: boolean;
}

/** Pods on the host's network count for nothing, as no policy selects them. */
export function selectsNothing({ selection }: Relation, { subject }: Policy): boolean {
  return selection.pods(subject).length === 0;
}

export function unmatchedPeers({ selection }: Relation, policy: Policy): PeerPlace[] {
  return podPeersIn(policy).filter(({ wanted }) => selection.pods(wanted).length === 0);
}

/** Every peer that selects pods. */
export function podPeersIn(policy: Policy): PeerPlace[] {
  return placesIn(policy).flatMap(({ direction, rule }) =>
    (rule.peers ?? []).flatMap((wanted, index): PeerPlace[] =>
      wanted.kind === 'pods' ? [{ direction, rule, peer: index + 1, wanted }] : [],
    ),
  );
}

/** Of ingress the destinations are the pods that the policy is for, of egress those at the other end. */
export function unresolvedPorts(relation: Relation, policy: Policy): UnresolvedPort[] {
  return placesIn(policy).flatMap(({ direction, rule }) => {
    const names = rule.ports?.names ?? [];
    if (names.length === 0) return [];
    // Addresses outside have no names for their ports.
    if (direction === 'egress' && rule.peers?.every(({ kind }) => kind !== 'pods') === true)
      return names.map((port) => ({ direction, rule, port, without: [], everywhere: true }));
    const pods = podsOf(relation, direction === 'ingress' ? [policy.subject] : rule.peers);
    return names.flatMap((port): UnresolvedPort[] => {
      const without = pods.filter((pod) => resolve([port], relation.world.pods[pod]?.ports ?? []).length === 0);
      return without.length === 0 ? [] : [{ direction, rule, port, without, everywhere: without.length === pods.length }];
    });
  });
}

const allHostPods = memo(({ pods }: World): number[] => [...pods.keys()].filter((index) => pods[index]?.host === true));

export interface DifferingPort extends RulePlace {
  readonly port: NamedPort;
  /** Each number once, with the first pod that has it. */
  readonly numbers: readonly { readonly number: number; readonly pod: number }[];
}

/** Names that are several numbers on the pods that may be the destination. */
export function differingPorts(relation: Relation, policy: Policy): DifferingPort[] {
  return placesIn(policy).flatMap(({ direction, rule }) =>
    (rule.ports?.names ?? []).flatMap((port): DifferingPort[] => {
      const numbers = new Map<number, number>();
      for (const pod of podsOf(relation, direction === 'ingress' ? [policy.subject] : rule.peers)) {
        for (const declared of relation.world.pods[pod]?.ports ?? []) {
          if (declared.name === port.name && (port.protocol ?? declared.protocol) === declared.protocol && !numbers.has(declared.number))
            numbers.set(declared.number, pod);
        }
      }
      return numbers.size < 2 ? [] : [{ direction, rule, port, numbers: [...numbers].map(([number, pod]) => ({ number, pod })) }];
    }),
  );
}

/** The pods on the host's network whose labels and namespace the selectors name, by index. */
export function hostPods({ world }: Relation, { namespaces, pods }: PodPeer): number[] {
  return allHostPods(world).filter((index) => {
    const pod = world.pods[index];
    if (pod === undefined || !matches(pods, pod.labels)) return false;
    return typeof namespaces === 'string' ? pod.namespace === namespaces : matches(namespaces, world.namespaces.get(pod.namespace) ?? {});
  });
}

export function placesIn(policy: Policy): RulePlace[] {
  return DIRECTIONS.flatMap((direction) => (policy[direction] ?? []).map((rule) => ({ direction, rule })));
}

/** Everybody, where there are no peers, is no one in particular. */
function podsOf(relation: Relation, peers: Rule['peers']): number[] {
  const classes = new Set((peers ?? []).flatMap((peer) => (peer.kind === 'pods' ? [...relation.selection.pods(peer)] : [])));
  return [...new Set([...classes].flatMap((id) => podsByClass(relation)[id] ?? []))];
}

/** The pods of each class, by index. */
export const podsByClass = memo(({ entities }: Relation): readonly (readonly number[])[] => {
  const found = entities.classes.map((): number[] => []);
  for (const [pod, faces] of entities.classesOf.entries()) for (const id of faces) found[id]?.push(pod);
  return found;
});
