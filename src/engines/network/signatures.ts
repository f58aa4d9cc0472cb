/** Classes that the same policies select, in a direction, get the same answers: those are worked out once for all of them. */
import { LayeredMap } from '../../lib/layered-map.ts';
import type { Compiler } from './compile.ts';
import type { Entities } from './entities.ts';
import { boundariesUpTo, spans } from './intervals.ts';
import { placesIn } from './places.ts';
import type { Direction, Policy, Tier } from './policy.ts';
import type { Selection, Touched } from './selection.ts';

export interface Signature {
  /** In the order in which they are asked. */
  readonly policies: readonly Policy[];
  /** Of the ports that the classes declare; only ingress depends on it. */
  readonly portsKey: string;
  /** One of the classes. */
  readonly example: number;
}

const TIERS: Readonly<Record<Tier, number>> = { admin: 0, network: 1, baseline: 2 };

/** Same priorities of a tier go by kind and then by name, as nothing defines which is first: the answer is at least the same each time. */
export function inOrder(policies: readonly Policy[]): Policy[] {
  return policies
    .map((policy) => [policy, nameOf(policy)] as const)
    .toSorted(([a, nameA], [b, nameB]) => byTier(a, b) || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0))
    .map(([policy]) => policy);
}

function byTier(a: Policy, b: Policy): number {
  return TIERS[a.tier] - TIERS[b.tier] || a.priority - b.priority;
}

function nameOf({ kind, namespace, name }: Policy): string {
  return `${kind}/${namespace}/${name}`;
}

interface Known {
  readonly compiler: Compiler;
  readonly entities: Entities;
  readonly selection: Selection;
}

export interface PolicyChange {
  /** All that are in force now. */
  readonly policies: readonly Policy[];
  readonly policiesOut: ReadonlySet<Policy>;
  readonly policiesIn: readonly Policy[];
}

export class Signatures {
  /** A signature that lost its classes may stay for a while. */
  readonly all: readonly Signature[];
  /** By class, -1 for pods on the host's network, which no policy selects. */
  readonly of: Int32Array;
  readonly #direction: Direction;
  readonly #ids: LayeredMap<string, number>;

  constructor(direction: Direction, { all, of, ids }: { all: readonly Signature[]; of: Int32Array; ids: LayeredMap<string, number> }) {
    this.#direction = direction;
    this.all = all;
    this.of = of;
    this.#ids = ids;
  }

  static of(direction: Direction, policies: readonly Policy[], known: Known): Signatures {
    const { classes } = known.entities;
    const selectedBy = classes.map((): Policy[] => []);
    for (const policy of inOrder(policies)) {
      if (!saysAnything(policy, direction)) continue;
      for (const id of classesIn(known.selection.subject(policy.subject), classes.length)) selectedBy[id]?.push(policy);
    }
    const of = new Int32Array(classes.length).fill(-1);
    const sorter = new Sorter(direction, { known, all: [], ids: new LayeredMap() });
    for (const [id, one] of classes.entries()) if (!one.host) of[id] = sorter.idOf(selectedBy[id] ?? [], id);
    return new Signatures(direction, { all: sorter.all, of, ids: sorter.ids });
  }

  /** The same after a change, with new signatures behind the old ones, which keep their numbers. */
  with(change: PolicyChange, known: Known, touched: Touched): Signatures {
    const direction = this.#direction;
    const { classes } = known.entities;
    const of = new Int32Array(classes.length).fill(-1);
    of.set(this.of);
    const sorter = new Sorter(direction, { known, all: this.all, ids: this.#ids });
    const says = (policy: Policy): boolean => saysAnything(policy, direction);
    const asked = [...subjectsOf(known.compiler, change.policies, touched), ...change.policiesIn].filter(says);
    const out = [...change.policiesOut].filter(says);
    const selected = [...out, ...change.policiesIn.filter(says)].flatMap(({ subject }) => [
      ...classesIn(known.selection.subject(subject), classes.length),
    ]);
    const dropped = new Set([...out, ...asked]);
    const lists = new Map<string, readonly Policy[]>();
    const affected = Int32Array.from(new Set([...selected, ...touched.classes])).sort();
    const selecting = selectingOf(asked, affected, known.selection);
    for (const [index, id] of affected.entries()) {
      if (classes[id]?.host !== false) continue;
      const more = selecting[index] ?? [];
      const key = `${of[id]} ${more.map((policy) => known.compiler.policy(policy).serial).join()}`;
      let policies = lists.get(key);
      if (policies === undefined) {
        const before = this.all[of[id] ?? -1]?.policies ?? [];
        lists.set(key, (policies = inOrder([...before.filter((policy) => !dropped.has(policy)), ...more])));
      }
      of[id] = sorter.idOf(policies, id);
    }
    return new Signatures(direction, { all: sorter.all, of, ids: sorter.ids });
  }

  /** Whether any class has it, by signature. */
  inUse(): Uint8Array {
    const used = new Uint8Array(this.all.length);
    for (const signature of this.of) if (signature >= 0) used[signature] = 1;
    return used;
  }

  /** Without those that are not in use, and which of the old ones stand where. */
  inUseOnly(): { signatures: Signatures; old: readonly number[] } {
    const old = [...this.inUse().entries()].flatMap(([number, used]) => (used === 1 ? [number] : []));
    const now = new Int32Array(this.all.length).fill(-1);
    for (const [number, was] of old.entries()) now[was] = number;
    const all = old.flatMap((was) => this.all[was] ?? []);
    const ids = new Map([...this.#ids].flatMap(([key, was]) => ((now[was] ?? -1) < 0 ? [] : [[key, now[was] ?? -1] as const])));
    const of = this.of.map((was) => (was < 0 ? -1 : (now[was] ?? -1)));
    return { signatures: new Signatures(this.#direction, { all, of, ids: new LayeredMap(ids) }), old };
  }
}

/** For each of the classes, which rise, the policies that select it. */
function selectingOf(policies: readonly Policy[], classes: Int32Array, selection: Selection): Policy[][] {
  const selecting = Array.from(classes, (): Policy[] => []);
  for (const policy of policies) {
    for (const [start, end] of spans(selection.subject(policy.subject)))
      for (let index = boundariesUpTo(classes, start - 1); (classes[index] ?? end) < end; index += 1) selecting[index]?.push(policy);
  }
  return selecting;
}

/** Those of the policies whose subjects are other classes than before. */
function subjectsOf(compiler: Compiler, policies: readonly Policy[], { selectors }: Touched): Policy[] {
  const about = [...selectors].flatMap((selector) => compiler.about(selector));
  if (about.length === 0) return [];
  const inForce = new Set(policies);
  return about.filter((policy) => inForce.has(policy));
}

class Sorter {
  readonly all: Signature[];
  readonly #direction: Direction;
  readonly #known: Known;
  readonly #ids: LayeredMap<string, number>;
  readonly #made = new Map<string, number>();
  readonly #keys = new Map<readonly Policy[], { serials: string; named: boolean }>();

  constructor(direction: Direction, { known, all, ids }: { known: Known; all: readonly Signature[]; ids: LayeredMap<string, number> }) {
    this.#direction = direction;
    this.#known = known;
    this.all = [...all];
    this.#ids = ids;
  }

  get ids(): LayeredMap<string, number> {
    return this.#ids.with(this.#made);
  }

  idOf(policies: readonly Policy[], example: number): number {
    const { serials, named } = this.#keyOf(policies);
    const portsKey = named ? (this.#known.entities.classes[example]?.portsKey ?? '') : '';
    const key = `${serials} ${portsKey}`;
    let id = this.#made.get(key) ?? this.#ids.get(key);
    if (id === undefined) {
      this.#made.set(key, (id = this.all.length));
      this.all.push({ policies, portsKey, example });
    }
    return id;
  }

  #keyOf(policies: readonly Policy[]): { serials: string; named: boolean } {
    let key = this.#keys.get(policies);
    if (key === undefined) {
      const serials = policies.map((policy) => this.#known.compiler.policy(policy).serial).join();
      key = { serials, named: this.#direction === 'ingress' && policies.some(namesPorts) };
      this.#keys.set(policies, key);
    }
    return key;
  }
}

function namesPorts({ ingress = [] }: Policy): boolean {
  return ingress.some(({ ports }) => (ports?.names.length ?? 0) > 0);
}

function* classesIn(set: readonly number[], count: number): Generator<number> {
  for (const place of placesIn(set)) if (place < count) yield place;
}

/** A NetworkPolicy that covers the direction isolates even without rules; another kind without rules says nothing. */
export function saysAnything(policy: Policy, direction: Direction): boolean {
  const rules = policy[direction];
  return policy.tier === 'network' ? rules !== undefined : rules !== undefined && rules.length > 0;
}
