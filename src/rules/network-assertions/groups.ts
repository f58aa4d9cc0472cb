/** The ends of an assertion in as few groups as anything can tell apart, so that pairs are judged by the group. */
import {
  type Choices,
  type Intervals,
  type Relation,
  askedOn,
  choicesOf,
  difference,
  intersection,
  podAddresses,
  rangesText,
  union,
} from '../../engines/network/index.ts';
import type { Selected } from './select.ts';

/** Pods of which the engine says the same, or addresses. */
export interface Variant {
  /** What it may be; several where nobody knows its address. */
  readonly choices: Choices;
  /** The ports that are meant, where this is the destination. */
  readonly asked: Intervals<number>;
  /** Undefined is either. */
  readonly families?: number | undefined;
  /** Nobody outside of the cluster gets there. */
  readonly inside?: true;
}

export interface Group {
  /** Workloads, or one text for all the addresses. */
  readonly names: ReadonlySet<string>;
  readonly variants: readonly Variant[];
  /** For each exception the ports that it is about here, where it is about this end at all. */
  readonly marks: readonly (Intervals<number> | undefined)[];
}

/** How an assertion and its exceptions see one pod; without an index what is no pod. */
export interface View {
  asked(pod?: number): Intervals<number>;
  /** The same end of the exceptions, with the ports that they are about. */
  readonly exceptions: readonly { readonly selected: Selected; ports(pod?: number): Intervals<number> }[];
}

export function groupsOf(relation: Relation, selected: Selected, view: View): Group[] {
  return [...podGroups(relation, selected, view), ...addressGroups(relation, selected, view)];
}

interface Making {
  names: Set<string>;
  variants: Variant[];
  marks: Group['marks'];
}

/** First the pods of a workload that are marked alike, then the workloads that are alike. */
function podGroups(relation: Relation, selected: Selected, view: View): Group[] {
  const { world } = relation;
  const members = new Map<string, { name: string; variants: Map<string, Variant>; marks: Group['marks'] }>();
  for (const [index, meant] of selected.pods) {
    const name = world.pods[index]?.workload ?? '';
    const marks = view.exceptions.map((one) => (one.selected.pods.has(index) ? one.ports(index) : undefined));
    const choices = choicesOf(relation, index);
    const key = `${name}\0${keyOf(marks)}`;
    let member = members.get(key);
    if (member === undefined) members.set(key, (member = { name, variants: new Map(), marks }));
    for (const one of meant) {
      const asked = askedOn(one, view.asked(index));
      const inside = one.translated === undefined ? {} : ({ inside: true } as const);
      const key = `${choices.join(';')} ${asked.join()} ${one.families ?? 3} ${'inside' in inside}`;
      member.variants.set(key, { choices, asked, families: one.families, ...inside });
    }
  }
  for (const [name, ids] of selected.others)
    members.set(`\0${name}`, {
      name,
      variants: new Map([['', { choices: [ids], asked: view.asked() }]]),
      marks: view.exceptions.map(() => undefined),
    });
  const groups = new Map<string, Making>();
  for (const { name, variants, marks } of members.values()) {
    const key = `${[...variants.keys()].toSorted().join(';')}\0${keyOf(marks)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { names: new Set([name]), variants: [...variants.values()], marks });
    else group.names.add(name);
  }
  return [...groups.values()];
}

/** Addresses are cut where policies tell them apart, and where exceptions do. Where all are those of pods nothing is outside. */
function addressGroups({ entities, world }: Relation, selected: Selected, view: View): Group[] {
  const taken = selected.addresses.length === 0 ? [] : podAddresses(world);
  return entities.zones.all.flatMap((zone, index): Group[] => {
    let atoms: { set: Intervals<bigint>; marks: (Intervals<number> | undefined)[] }[] = [
      { set: intersection(zone.set, selected.addresses), marks: [] },
    ];
    for (const { selected: excepted, ports } of view.exceptions) {
      atoms = atoms.flatMap(({ set, marks }) => [
        { set: intersection(set, excepted.addresses), marks: [...marks, ports()] },
        { set: difference(set, excepted.addresses), marks: [...marks, undefined] },
      ]);
    }
    const variants: Variant[] = [{ choices: [[entities.firstZone + index]], asked: view.asked() }];
    return merged(atoms)
      .filter(({ set }) => difference(set, taken).length > 0)
      .map(({ set, marks }) => ({ names: new Set([rangesText(set)]), variants, marks }));
  });
}

function merged<T extends { set: Intervals<bigint>; marks: Group['marks'] }>(atoms: readonly T[]): T[] {
  const found = new Map<string, T>();
  for (const atom of atoms) {
    if (atom.set.length === 0) continue;
    const before = found.get(keyOf(atom.marks));
    found.set(keyOf(atom.marks), before === undefined ? atom : { ...before, set: union(before.set, atom.set) });
  }
  return [...found.values()];
}

function keyOf(marks: Group['marks']): string {
  return marks.map((ports) => ports?.join() ?? '-').join(';');
}
