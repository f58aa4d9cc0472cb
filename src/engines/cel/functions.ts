/** Functions of CEL and of the libraries that Kubernetes adds to it, of known values; any other is open. */
import { TooMuch } from './choices.ts';
import { compare, equal, isIn } from './equal.ts';
import { FALSE, type Outcomes, TRUE, and, or } from './outcomes.ts';
import { isFound } from './pattern.ts';
import { ofQuantity, quantityCall } from './quantity.ts';
import { ANYTHING, FAILURE, Failure, Listing, Mapping, Open, Optional, Quantity, type Value, mayFail, valueOf } from './values.ts';

/** `size(x)`, `sets.contains(x, y)`. */
export function call(name: string, values: readonly Value[]): Value {
  if (values.some((value) => value instanceof Failure)) return FAILURE;
  const [first, second] = values;
  if (first === undefined) return name === 'optional.none' ? new Optional(undefined) : ANYTHING;
  if (second !== undefined) return callOfTwo(name, first, second);
  switch (name) {
    case 'size':
      return sizeOf(first);
    case 'dyn':
      return first;
    case 'optional.of':
      return mayFail(first) ? ANYTHING : new Optional(first);
    case 'optional.ofNonZeroValue':
      if (mayFail(first) || first instanceof Open) return ANYTHING;
      return new Optional(isZero(first) ? undefined : first);
    case 'string':
      return typeof first === 'string' || typeof first === 'bigint' || typeof first === 'boolean' ? String(first) : ANYTHING;
    case 'int':
      return asInt(first);
    case 'quantity':
    case 'isQuantity':
    case 'sign':
      return quantityCall(name, first);
    default:
      return ANYTHING;
  }
}

/** `x.startsWith(y)`. */
export function callOf(name: string, target: Value, values: readonly Value[]): Value {
  if (target instanceof Failure || values.some((value) => value instanceof Failure)) return FAILURE;
  if (typeof target === 'string') return ofText(name, target, values);
  if (target instanceof Quantity) return ofQuantity(name, target, values);
  if (name === 'size' && values.length === 0) return sizeOf(target);
  if (target instanceof Listing && target.others.length === 0 && target.items.every((item) => !(item instanceof Open)))
    return ofList(name, target, values);
  return ANYTHING;
}

function callOfTwo(name: string, first: Value, second: Value): Value {
  if (!(first instanceof Listing) || !(second instanceof Listing)) return ANYTHING;
  const within = (some: Listing, all: Listing): Outcomes =>
    some.others.length > 0
      ? some.items.some((item) => isIn(item, all) === FALSE)
        ? FALSE
        : TRUE | FALSE
      : some.items.reduce<Outcomes>((result, item) => and(result, isIn(item, all)), TRUE);
  switch (name) {
    case 'sets.contains':
      return valueOf(within(second, first));
    case 'sets.equivalent':
      return valueOf(and(within(first, second), within(second, first)));
    case 'sets.intersects': {
      const shared = first.items.reduce<Outcomes>((result, item) => or(result, isIn(item, second)), FALSE);
      return valueOf(first.others.length > 0 && shared !== TRUE ? TRUE | FALSE : shared);
    }
    default:
      return ANYTHING;
  }
}

function sizeOf(value: Value): Value {
  if (typeof value === 'string') return BigInt([...value].length);
  if (value instanceof Listing) {
    const known = BigInt(value.items.length);
    return value.others.length === 0 ? known : new Open(TRUE | FALSE, false, known);
  }
  if (value instanceof Mapping) {
    const known = BigInt(value.there.size);
    return !value.open && value.maybe.size === 0 ? known : new Open(TRUE | FALSE, false, known);
  }
  return ANYTHING;
}

function isZero(value: Value): boolean {
  if (value instanceof Listing) return value.items.length === 0 && value.others.length === 0;
  if (value instanceof Mapping) return value.there.size === 0 && value.maybe.size === 0 && !value.open;
  return value === null || value === false || value === '' || value === 0n || value === 0;
}

function asInt(value: Value): Value {
  if (typeof value === 'bigint') return value;
  if (typeof value !== 'string' || value.length > 20) return ANYTHING;
  return /^[+-]?\d{1,18}$/.test(value) ? BigInt(value) : ANYTHING;
}

function ofText(name: string, text: string, values: readonly Value[]): Value {
  const [first, second] = values;
  if (values.length === 0) {
    if (name === 'size') return sizeOf(text);
    // Only letters of ASCII change, as with the library.
    if (name === 'lowerAscii') return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
    if (name === 'upperAscii') return text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
    return name === 'trim' && PLAIN.test(text) ? text.trim() : ANYTHING;
  }
  if (typeof first !== 'string') return ANYTHING;
  if (values.length === 2) return name === 'replace' && typeof second === 'string' ? replaced(text, first, second) : ANYTHING;
  switch (name) {
    case 'startsWith':
      return text.startsWith(first);
    case 'endsWith':
      return text.endsWith(first);
    case 'contains':
      return text.includes(first);
    case 'matches':
      return isFound(first, text) ?? ANYTHING;
    case 'split':
      return new Listing(first === '' ? [...text] : text.split(first));
    case 'indexOf':
      return PLAIN.test(text) ? BigInt(text.indexOf(first)) : ANYTHING;
    default:
      return ANYTHING;
  }
}
const PLAIN = /^[\x20-\x7e]*$/;

function replaced(text: string, old: string, by: string): Value {
  if (old === '' || text.length * Math.max(by.length, 1) > 100_000) throw new TooMuch();
  return text.split(old).join(by);
}

function ofList(name: string, { items }: Listing, values: readonly Value[]): Value {
  const [first] = values;
  if (name === 'join' && values.length <= 1 && items.every((item) => typeof item === 'string')) {
    if (items.length > 1000) throw new TooMuch();
    return first === undefined || typeof first === 'string' ? items.join(first ?? '') : ANYTHING;
  }
  if (name === 'indexOf' && first !== undefined) {
    const each = items.map((item) => equal(item, first));
    return each.every((outcomes) => outcomes === TRUE || outcomes === FALSE) ? BigInt(each.indexOf(TRUE)) : ANYTHING;
  }
  if (name === 'isSorted' && values.length === 0) {
    const orders = items.slice(1).map((item, index) => compare(items[index] ?? null, item));
    return orders.every((order) => typeof order === 'number') ? orders.every((order) => order <= 0) : ANYTHING;
  }
  return ANYTHING;
}
