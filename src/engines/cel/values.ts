/**
 * Values of CEL, known and partly known: what an attacker is free to choose is open, so that an expression is judged for
 * all that he may write at once. Numbers are bigint (int) and number (double).
 */
import { isRedacted } from '../../lib/redaction.ts';
import { ANY, EITHER, FAILS, FALSE, type Outcomes, TRUE } from './outcomes.ts';

export type Scalar = null | boolean | bigint | number | string;
export type Value = Scalar | Listing | Mapping | Optional | Quantity | Open | Failure;

/** A value that is not known. */
export class Open {
  /** What it may be where a condition is asked for. */
  readonly outcomes: Outcomes;
  /** Whether there may be a failure in its place. */
  readonly fails: boolean;
  /** Of an int: it is not smaller. */
  readonly least: bigint | undefined;

  constructor(outcomes: Outcomes, fails: boolean, least?: bigint) {
    this.outcomes = outcomes;
    this.fails = fails;
    this.least = least;
  }
}

export class Failure {
  readonly fails = true;
}

/** A list with these items and, where `others` is not empty, any number of further ones like those, in any order. */
export class Listing {
  readonly items: readonly Value[];
  readonly others: readonly Value[];

  constructor(items: readonly Value[], others: readonly Value[] = []) {
    this.items = items;
    this.others = others;
  }
}

interface Fields {
  readonly there?: Readonly<Record<string, Value>>;
  /** Fields that may be there, with their values. */
  readonly maybe?: Readonly<Record<string, Value>>;
  /** Whether further fields may be there. */
  readonly open?: boolean;
  /** Whether it stands for any number of objects, which may differ in what they have. */
  readonly generic?: boolean;
}

let lastId = 0;

export class Mapping {
  readonly id = (lastId += 1);
  readonly there: ReadonlyMap<string, Value>;
  readonly maybe: ReadonlyMap<string, Value>;
  readonly open: boolean;
  readonly generic: boolean;

  constructor({ there = {}, maybe = {}, open = false, generic = false }: Fields) {
    this.there = new Map(Object.entries(there));
    this.maybe = new Map(Object.entries(maybe));
    this.open = open;
    this.generic = generic;
  }
}

export class Optional {
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }
}

/** Of Kubernetes' own: `500m`, `1Gi`. */
export class Quantity {
  readonly billionths: bigint;

  constructor(billionths: bigint) {
    this.billionths = billionths;
  }
}

export const FAILURE = new Failure();
/** A value of any type, or a failure. */
export const ANYTHING = new Open(ANY, true);
/** A value of a type that nobody told. */
export const SOMETHING = new Open(ANY, false);
export const SOME_BOOLEAN = new Open(EITHER, false);

export function truth(value: Value): Outcomes {
  if (value === true) return TRUE;
  if (value === false) return FALSE;
  return value instanceof Open ? value.outcomes : FAILS;
}

export function valueOf(outcomes: Outcomes): Value {
  if (outcomes === TRUE) return true;
  if (outcomes === FALSE) return false;
  if (outcomes === FAILS) return FAILURE;
  return new Open(outcomes, (outcomes & FAILS) !== 0);
}

export function mayFail(value: Value): boolean {
  return value instanceof Failure || (value instanceof Open && value.fails);
}

/** One value that stands for several. */
export function anyOf(values: readonly Value[]): Value {
  const [first] = values;
  if (first === undefined) return ANYTHING;
  if (values.every((value) => value === first)) return first;
  const outcomes = values.reduce<Outcomes>((all, value) => all | truth(value), 0);
  const fails = values.some((value) => mayFail(value));
  return new Open(fails ? outcomes | FAILS : outcomes, fails);
}

/** As the API server hands JSON to CEL. A value that is hidden in the input is open. */
export function fromJson(json: unknown, { numbers = 'known' }: { numbers?: 'known' | 'open' } = {}): Value {
  if (json === null || typeof json === 'boolean') return json;
  if (typeof json === 'string') return isRedacted(json) ? SOMETHING : json;
  if (typeof json === 'number' && numbers === 'known') return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return new Listing(json.map((each) => fromJson(each, { numbers })));
  if (typeof json !== 'object') return SOMETHING;
  const fields = Object.entries(json).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, fromJson(value, { numbers })] as const],
  );
  return new Mapping({ there: Object.fromEntries(fields) });
}
