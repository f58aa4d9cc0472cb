/**
 * What may be there or not is tried both ways. Of one object the choice is the same wherever it is asked in one run; a
 * generic element stands for many, so its choices hold only while one of them is looked at.
 */
import { ANY, type Outcomes } from './outcomes.ts';
import { Mapping, type Value, Listing, Optional } from './values.ts';

type Scope = Map<string, boolean>;

/** Thrown to have a run made again with either answer. */
class Undecided extends Error {
  readonly scope: Scope;
  readonly key: string;

  constructor(scope: Scope, key: string) {
    super('undecided');
    this.scope = scope;
    this.key = key;
  }
}

/** Thrown where an expression takes more than anybody writes in earnest. */
export class TooMuch extends Error {}

const MOST_RUNS = 2000;
const MOST_STEPS = 200_000;

/** What may be spent on many expressions together. */
export interface Budget {
  steps: number;
}

export class Choices {
  readonly #scopes: Scope[] = [];
  readonly #budget: Budget;
  #runs = 0;
  #steps = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Counts one step of an evaluation. */
  step(): void {
    this.#budget.steps -= 1;
    if ((this.#steps += 1) > MOST_STEPS || this.#budget.steps < 0) throw new TooMuch();
  }

  /** What all runs give, one for each way in which what was asked for may be there. */
  all<T>(run: () => T): T[] {
    const results: T[] = [];
    const open: Scope[] = [new Map()];
    for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
      if ((this.#runs += 1) > MOST_RUNS) throw new TooMuch();
      const depth = this.#scopes.push(scope);
      try {
        results.push(run());
      } catch (error) {
        if (!(error instanceof Undecided) || error.scope !== scope) throw error;
        open.push(new Map(scope).set(error.key, true), new Map(scope).set(error.key, false));
      } finally {
        this.#scopes.length = depth - 1;
      }
    }
    return results;
  }

  outcomes(run: () => Outcomes): Outcomes {
    return this.all(run).reduce<Outcomes>((all, each) => all | each, 0);
  }

  /** Whether a field that may be there is; undefined where that cannot be tried. */
  isThere({ id, generic }: Mapping, field: string): boolean | undefined {
    const key = `${id}/${field}`;
    for (const scope of this.#scopes.toReversed()) {
      const chosen = scope.get(key);
      if (chosen !== undefined) return chosen;
    }
    const scope = generic && this.#scopes.length > 1 ? this.#scopes.at(-1) : generic ? undefined : this.#scopes[0];
    if (scope === undefined) return undefined;
    throw new Undecided(scope, key);
  }
}

/** The outcomes, or any where the expression asks too much. */
export function bounded(run: () => Outcomes): Outcomes {
  try {
    return run();
  } catch (error) {
    if (error instanceof TooMuch || error instanceof RangeError) return ANY;
    throw error;
  }
}

/** A generic element as one of its kind: another one makes choices of its own. */
export function oneOf(value: Value): Value {
  if (value instanceof Listing) return value.items.length === 0 ? value : new Listing(value.items.map(oneOf), value.others);
  if (value instanceof Optional) return value.value === undefined ? value : new Optional(oneOf(value.value));
  if (!(value instanceof Mapping) || !value.generic) return value;
  const fields = (map: ReadonlyMap<string, Value>): Record<string, Value> =>
    Object.fromEntries([...map].map(([name, field]) => [name, oneOf(field)]));
  return new Mapping({ there: fields(value.there), maybe: fields(value.maybe), open: value.open, generic: true });
}
