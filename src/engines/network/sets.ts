/**
 * What one set of policies says against another, over the pods that are there and every address outside: whether both
 * allow the same, one no more than the other, and what of the one is meant by the other.
 */
import { rangesText } from './addresses.ts';
import { type Intervals, difference, intersection } from './intervals.ts';
import type { Direction } from './policy.ts';
import { alikeReplicas, isSingle } from './pods.ts';
import { type Conns, connsOf } from './ports.ts';
import { Relation } from './relation.ts';
import type { World } from './world.ts';

/**
 * `equivalent`: both allow the same. `contains`: the first allows all that the second allows. `permits`: the first
 * allows all that policies of the second allow by a rule; `forbids`: it allows none of that. `interferes`: the second
 * lets in or out more of the pods that both have policies for.
 */
export const SET_QUESTIONS = ['equivalent', 'contains', 'permits', 'forbids', 'interferes'] as const;
export type SetQuestion = (typeof SET_QUESTIONS)[number];

export interface SetAnswer {
  readonly answer: boolean;
  /** Two ends and ports that show it: of a no, or of interference what interferes. */
  readonly example?: { readonly src: string; readonly dst: string; readonly conns: Conns };
}

export function askSets(question: SetQuestion, first: World, second: World): SetAnswer {
  const [one, other] = alikeReplicas(first, second);
  const both = new Both(new Relation(one), new Relation(other));
  const found = both.find(WITNESS[question]);
  const isYes = (question === 'interferes') === (found !== undefined);
  return { answer: isYes, ...(found !== undefined && { example: found }) };
}

type Ports = Intervals<number>;

interface Pair {
  /** What each allows from the one end to the other. */
  readonly first: Ports;
  readonly second: Ports;
  /** Whether policies of the set have a say: for the source going out, or the destination coming in. */
  readonly firstSays: boolean;
  readonly secondSays: boolean;
}

/** For each question the ports that decide it against what is usual. */
const WITNESS: Readonly<Record<SetQuestion, (pair: Pair) => Ports>> = {
  equivalent: ({ first, second }) => {
    const more = difference(first, second);
    return more.length > 0 ? more : difference(second, first);
  },
  contains: ({ first, second }) => difference(second, first),
  permits: ({ first, second, secondSays }) => (secondSays ? difference(second, first) : []),
  forbids: ({ first, second, secondSays }) => (secondSays ? intersection(second, first) : []),
  interferes: ({ first, second, firstSays, secondSays }) => (firstSays && secondSays ? difference(second, first) : []),
};

/** An end in both relations: a pod, or addresses that neither cuts. Undefined where a state does not have the pod. */
interface End {
  readonly first: number | undefined;
  readonly second: number | undefined;
  readonly name: string;
  readonly families: number;
  readonly inside: boolean;
  /** Stands for more than one pod. */
  several: boolean;
}

class Both {
  readonly #first: Relation;
  readonly #second: Relation;
  readonly #ends: readonly End[];

  constructor(first: Relation, second: Relation) {
    this.#first = first;
    this.#second = second;
    this.#ends = [...this.#pods(), ...this.#addresses()];
  }

  find(witness: (pair: Pair) => Ports): NonNullable<SetAnswer['example']> | undefined {
    for (const source of this.#ends) {
      for (const destination of this.#ends) {
        if (!source.inside && !destination.inside) continue;
        // A pod with itself is no business of policies.
        if (source === destination && !source.several) continue;
        if ((source.families & destination.families) === 0) continue;
        const ports = witness(this.#pair(source, destination));
        if (ports.length > 0) return { src: source.name, dst: destination.name, conns: connsOf(ports) };
      }
    }
    return undefined;
  }

  #pair(source: End, destination: End): Pair {
    return {
      first: allowed(this.#first, source.first, destination.first),
      second: allowed(this.#second, source.second, destination.second),
      firstSays: says(this.#first, source.first, destination.first),
      secondSays: says(this.#second, source.second, destination.second),
    };
  }

  #pods(): End[] {
    const ends = new Map<string, End>();
    const [one, other] = [facesOf(this.#first), facesOf(this.#second)];
    for (const [key, { name }] of new Map([...one, ...other])) {
      for (const first of one.get(key)?.ids ?? [undefined]) {
        for (const second of other.get(key)?.ids ?? [undefined]) {
          const families = familiesOf(this.#first, first) & familiesOf(this.#second, second);
          const classes = `${first} ${second} ${families}`;
          const known = ends.get(classes);
          if (known !== undefined) known.several = true;
          else if (families !== 0) ends.set(classes, { first, second, name, families, inside: true, several: false });
        }
      }
    }
    return [...ends.values()];
  }

  #addresses(): End[] {
    const [one, other] = [this.#first.entities, this.#second.entities];
    return one.zones.all.flatMap((zone, index) =>
      other.zones.all.flatMap(({ set }, at): End[] => {
        const common = intersection(zone.set, set);
        if (common.length === 0) return [];
        const [first, second] = [one.firstZone + index, other.firstZone + at];
        return [{ first, second, name: rangesText(common), families: one.familiesOf(first), inside: false, several: false }];
      }),
    );
  }
}

/** By what makes it the same in both states: of pods their names, of what stands for all of a template the workload. */
function facesOf({ world, entities }: Relation): Map<string, { name: string; ids: readonly number[] }> {
  return new Map(
    world.pods.map((pod, index) => {
      const name = `${pod.namespace}/${pod.name}`;
      return [isSingle(pod) ? name : pod.workload, { name, ids: entities.classesOf[index] ?? [] }];
    }),
  );
}

function familiesOf({ entities }: Relation, id: number | undefined): number {
  return id === undefined ? 3 : entities.familiesOf(id);
}

function allowed(relation: Relation, source: number | undefined, destination: number | undefined): Ports {
  return source === undefined || destination === undefined ? [] : relation.ports.set(relation.allowed(source, destination));
}

function says(relation: Relation, source: number | undefined, destination: number | undefined): boolean {
  return isCaptured(relation, 'egress', source) || isCaptured(relation, 'ingress', destination);
}

function isCaptured(relation: Relation, direction: Direction, id: number | undefined): boolean {
  return id !== undefined && (relation.signatureOf(direction, id)?.policies.length ?? 0) > 0;
}
