/** Labels that policies select pods by, and of which nobody knows the value before a controller has made the pods. */
import { LABELS_OF_ONE, type Labels, UNKNOWN_VALUE } from '../../model/index.ts';
import { memo } from '../../lib/memo.ts';
import type { Pod } from './pods.ts';
import type { PodPeer, Policy } from './policy.ts';
import { matches, selectorOf } from './selector.ts';
import { rulesOf } from './vocabulary.ts';
import type { World } from './world.ts';

export interface UnknownLabel {
  readonly policy: Policy;
  readonly key: string;
  /** `ns/name[Kind]`: the pods that may have the value that is asked for. */
  readonly workload: string;
}

/** One for each policy and key, with the first workload. That there is such a label is known: only values are in question. */
export function unknownLabels(world: World): UnknownLabel[] {
  if (!world.policies.some((policy) => peersOf(policy).some((peer) => keysOf(peer).length > 0))) return [];
  const unknown = unknownIn(world);
  if (unknown.length === 0) return [];
  return world.policies.flatMap((policy) => {
    const found = new Map<string, UnknownLabel>();
    for (const peer of peersOf(policy)) {
      for (const key of keysOf(peer)) {
        if (found.has(key)) continue;
        const pod = unknown.find(({ namespace, labels }) => labels[key] === UNKNOWN_VALUE && isIn(world, peer, namespace));
        if (pod !== undefined) found.set(key, { policy, key, workload: pod.workload });
      }
    }
    return [...found.values()];
  });
}

/** Pods that stand for some that no controller has made yet. */
function unknownIn({ pods }: World): Pod[] {
  return pods.filter(({ kind, host, labels }) => kind !== 'Pod' && !host && Object.values(labels).includes(UNKNOWN_VALUE));
}

/** The keys of labels that some pods have values of which nobody knows. */
export const labelsGiven: (world: World) => ReadonlySet<string> = memo(
  (world) => new Set(unknownIn(world).flatMap(({ labels }) => Object.keys(labels).filter((key) => labels[key] === UNKNOWN_VALUE))),
);

function peersOf(policy: Policy): PodPeer[] {
  return [policy.subject, ...rulesOf(policy).flatMap(({ peers = [] }) => peers)].filter((peer) => peer.kind === 'pods');
}

/** Whether pods that no controller has made yet may have the labels that are asked for, though their template does not. */
export function mayBeGiven(world: World, peer: PodPeer): boolean {
  const keys = keysOf(peer);
  if (keys.length === 0) return false;
  return world.pods.some(
    ({ kind, namespace, labels }) =>
      kind !== 'Pod' && keys.some((key) => labels[key] === UNKNOWN_VALUE) && isIn(world, peer, namespace) && fitsElse(peer, labels),
  );
}

function fitsElse({ pods }: PodPeer, labels: Labels): boolean {
  return matches(selectorOf(pods.requirements.filter(({ key }) => labels[key] !== UNKNOWN_VALUE)), labels);
}

/** Of labels that controllers give and whose values are asked for; others are never unknown. */
function keysOf({ pods }: PodPeer): string[] {
  return pods.requirements.flatMap((one) => ('values' in one && LABELS_OF_ONE.has(one.key) ? [one.key] : []));
}

function isIn({ namespaces: all }: World, { namespaces }: PodPeer, namespace: string): boolean {
  return typeof namespaces === 'string' ? namespaces === namespace : matches(namespaces, all.get(namespace) ?? {});
}
