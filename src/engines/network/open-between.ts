/** What may flow between two ends, as far as it is known which classes these are. */
import type { Relation } from './relation.ts';
import { type Open, unsureOf } from './unsure.ts';

/** Lists of classes of which an end is one: one list, unless nobody knows the address of a pod. */
export type Choices = readonly (readonly number[])[];

export function choicesOf({ world, entities }: Relation, pod: number): Choices {
  const ids = entities.classesOf[pod] ?? [];
  return world.pods[pod]?.supposed === true ? ids.map((id) => [id]) : [ids];
}

interface Between {
  readonly from: Choices;
  readonly to: Choices;
  /** Of which packets may be; undefined is either. */
  readonly families?: number | undefined;
}

/** With addresses of two families what flows over either; two choices of different families are nobody's. */
export function openBetween(relation: Relation, { from, to, families = 3 }: Between): Open {
  const { ports } = relation;
  let [surely, possibly]: [number | undefined, number] = [undefined, ports.none];
  for (const sources of from) {
    for (const destinations of to) {
      const open = openOn(relation, { sources, destinations, families });
      if (open === undefined) continue;
      surely = surely === undefined ? open.surely : ports.common(surely, open.surely);
      possibly = ports.union(possibly, open.possibly);
    }
  }
  return { surely: surely ?? ports.none, possibly };
}

/** Undefined where no packet can go from one to the other. */
function openOn(
  relation: Relation,
  { sources, destinations, families }: { sources: readonly number[]; destinations: readonly number[]; families: number },
): Open | undefined {
  const { entities, ports } = relation;
  const unsure = unsureOf(relation);
  let open: Open | undefined;
  for (const source of sources) {
    for (const destination of destinations) {
      if ((entities.familiesOf(source) & entities.familiesOf(destination) & families) === 0) continue;
      const out = unsure.side({ direction: 'egress', subject: source, peer: destination });
      const into = unsure.side({ direction: 'ingress', subject: destination, peer: source });
      open = {
        surely: ports.union(open?.surely ?? ports.none, ports.common(out.surely, into.surely)),
        possibly: ports.union(open?.possibly ?? ports.none, ports.common(out.possibly, into.possibly)),
      };
    }
  }
  return open;
}
