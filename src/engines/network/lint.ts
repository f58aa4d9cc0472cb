/** What is wrong with the policies of a world, and with what they select. */
import { Relation } from './relation.ts';
import type { PodPeer, Problem } from './policy.ts';
import { matches } from './selector.ts';
import { rulesOf } from './vocabulary.ts';
import { workloadsOf } from './workloads.ts';
import type { World } from './world.ts';

export function lint(world: World): Problem[] {
  return [...world.problems, ...unlikeReplicas(world)].toSorted((a, b) => a.object - b.object);
}

/**
 * Pods of one controller that some selector tells apart. They are judged each by itself, but a name for all of them is
 * then a name for several things.
 */
function unlikeReplicas(world: World): Problem[] {
  const { entities } = new Relation(world);
  const selectors = new Map<string, PodPeer>();
  for (const { subject, ...rules } of world.policies) {
    for (const peer of [subject, ...rulesOf(rules).flatMap(({ peers = [] }) => peers)]) {
      if (peer.kind === 'pods' && peer.pods.requirements.length > 0) selectors.set(peer.pods.key, peer);
    }
  }
  return workloadsOf(world, entities).flatMap(({ name, pods, classes }): Problem[] => {
    const replicas = pods.map((index) => world.pods[index]).filter((pod) => pod !== undefined);
    const [first] = replicas;
    // Those on the host's network are one class whatever their labels.
    if (pods.length < 2 || (classes.length < 2 && first?.host === false)) return [];
    for (const { pods: selector } of selectors.values()) {
      const other = replicas.find((pod) => first !== undefined && matches(selector, pod.labels) !== matches(selector, first.labels));
      if (first === undefined || other === undefined) continue;
      const message = `the pods ${first.name} and ${other.name} of ${name} differ in labels that {${selector.key}} selects by`;
      const ref = `Pod/${other.namespace}/${other.name}`;
      return [
        {
          category: 'replicas-with-different-selected-labels',
          object: other.object,
          ref,
          path: 'metadata.labels',
          message,
          refused: false,
        },
      ];
    }
    return [];
  });
}
