/** What may flow between two ends, as far as it is known which classes these are. */
import type { Relation } from './relation.ts';

/** Lists of classes of which an end is one: one list, unless nobody knows the address of a pod. */
export type Choices = readonly (readonly number[])[];

/** Ids of sets of ports. What is sure is possible too. */
export interface Open {
  /** Whichever of its choices each end is. */
  readonly surely: number;
  readonly possibly: number;
}

export function choicesOf({ world, entities }: Relation, pod: number): Choices {
  const ids = entities.classesOf[pod] ?? [];
  return world.pods[pod]?.supposed === true ? ids.map((id) => [id]) : [ids];
}

/** With addresses of two families what flows over either; two choices of different families are nobody's. */
export function openBetween(relation: Relation, from: Choices, to: Choices): Open {
  const { ports } = relation;
  let [surely, possibly]: [number | undefined, number] = [undefined, ports.none];
  for (const sources of from) {
    for (const destinations of to) {
      const open = openOn(relation, sources, destinations);
      if (open === undefined) continue;
      surely = surely === undefined ? open : ports.common(surely, open);
      possibly = ports.union(possibly, open);
    }
  }
  return { surely: surely ?? ports.none, possibly };
}

/** Undefined where no packet can go from one to the other. */
function openOn(relation: Relation, sources: readonly number[], destinations: readonly number[]): number | undefined {
  const { entities, ports } = relation;
  let open: number | undefined;
  for (const source of sources) {
    for (const destination of destinations) {
      if ((entities.familiesOf(source) & entities.familiesOf(destination)) === 0) continue;
      open = ports.union(open ?? ports.none, relation.allowed(source, destination));
    }
  }
  return open;
}
