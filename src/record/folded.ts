/**
 * Tallies by key, in families: once a family has too many members, all of them become one that may have been any.
 * Which families that are depends on what was seen and not on the order, so that merging gives the same either way.
 */
import { Tally } from './tally.ts';

/** Objects with generated names and callers from everywhere would fill a record without telling more. */
export const MOST_IN_FAMILY = 256;

interface Family<T> {
  readonly folded: T;
  /** Undefined once it is folded. */
  members: Map<string, { readonly what: T; readonly tally: Tally }> | undefined;
  tally: Tally | undefined;
}

export class FoldedTallies<K, T> {
  readonly #families = new Map<K, Family<T>>();
  readonly #folded: (one: T) => T;

  /** `folded` gives what stands for all members of a family, of one of them. */
  constructor(folded: (one: T) => T) {
    this.#folded = folded;
  }

  /** `member` is '' for what is the only one of its family, undefined for what was folded elsewhere. */
  tally(family: K, member: string | undefined, what: T): Tally {
    let found = this.#families.get(family);
    if (found === undefined) this.#families.set(family, (found = { folded: this.#folded(what), members: new Map(), tally: undefined }));
    if (found.members === undefined) return (found.tally ??= new Tally());
    if (member === undefined) return fold(found);
    let entry = found.members.get(member);
    if (entry !== undefined) return entry.tally;
    if (found.members.size === MOST_IN_FAMILY) return fold(found);
    entry = { what, tally: new Tally() };
    found.members.set(member, entry);
    return entry.tally;
  }

  /** What was seen of it, or of too many of which it may be one. */
  find(family: K, member: string): Tally | undefined {
    const found = this.#families.get(family);
    return found?.members === undefined ? found?.tally : found.members.get(member)?.tally;
  }

  *entries(): Generator<{ readonly what: T; readonly tally: Tally }> {
    for (const { folded, members, tally } of this.#families.values()) {
      if (members !== undefined) yield* members.values();
      else if (tally !== undefined) yield { what: folded, tally };
    }
  }
}

function fold<T>(family: Family<T>): Tally {
  const whole = (family.tally ??= new Tally());
  for (const { tally } of family.members?.values() ?? []) whole.merge(tally.counts(), (stream) => stream);
  family.members = undefined;
  return whole;
}
