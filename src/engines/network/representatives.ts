/** Selectors of rules that may mean pods which do not exist yet: each stands for any such pod. */
import type { Direction, PodPeer } from './policy.ts';
import type { Selection } from './selection.ts';
import { type Selector, isEverything } from './selector.ts';
import { NAME_LABEL, type World } from './world.ts';

/**
 * Of the rules of one direction. Not those that name everything, and not those that plainly mean pods which are there:
 * by labels alone, in some namespaces, where one that exists is selected.
 */
export function representativesOf({ policies }: World, selection: Selection, direction: Direction): PodPeer[] {
  const found = new Map<string, PodPeer>();
  for (const policy of policies) {
    for (const { peers = [] } of policy[direction] ?? []) {
      for (const peer of peers) {
        if (peer.kind !== 'pods' || isEveryPod(peer)) continue;
        const one = { ...peer, namespaces: nameOf(peer.namespaces) };
        if (!isPlain(peer) || selection.pods(peer).length === 0) found.set(representativeText(one), one);
      }
    }
  }
  return [...found.values()];
}

function isEveryPod({ namespaces, pods }: PodPeer): boolean {
  return typeof namespaces !== 'string' && isEverything(namespaces) && isEverything(pods);
}

function isPlain({ namespaces, pods }: PodPeer): boolean {
  if (!pods.plain || (typeof namespaces !== 'string' && !namespaces.plain)) return false;
  // All pods of one namespace are more than those that are there, whatever these are.
  if (typeof nameOf(namespaces) === 'string') return !isEverything(pods);
  return typeof namespaces !== 'string' && !isEverything(namespaces);
}

/** A namespace that is selected by its name alone is that namespace. */
function nameOf(namespaces: Selector | string): Selector | string {
  if (typeof namespaces === 'string') return namespaces;
  const [only, ...more] = namespaces.requirements;
  const byName = only?.key === NAME_LABEL && only.operator === 'In' && only.values.length === 1 && more.length === 0;
  return byName ? (only.values[0] ?? '') : namespaces;
}

/** `shop/[all pods]`, `[namespace with {team=a}]/[pod with {app=web}]`. */
export function representativeText({ namespaces, pods }: Pick<PodPeer, 'namespaces' | 'pods'>): string {
  const where =
    typeof namespaces === 'string' ? namespaces : isEverything(namespaces) ? '[all namespaces]' : `[namespace with {${namespaces.key}}]`;
  return `${where}/${isEverything(pods) ? '[all pods]' : `[pod with {${pods.key}}]`}`;
}
