/** CEL's `==` and order, of values that may be open. */
import { ANY, EITHER, FAILS, FALSE, type Outcomes, TRUE, and } from './outcomes.ts';
import { Failure, Listing, Mapping, Open, Optional, Quantity, type Value } from './values.ts';

/** Values of different types are not equal, save numbers, which are compared as such. */
export function equal(left: Value, right: Value): Outcomes {
  if (left instanceof Failure || right instanceof Failure) return FAILS;
  if (left instanceof Open) return equalToOpen(left, right);
  if (right instanceof Open) return equalToOpen(right, left);
  if (left instanceof Listing) return right instanceof Listing ? equalLists(left, right) : FALSE;
  if (left instanceof Mapping) return right instanceof Mapping ? equalMaps(left, right) : FALSE;
  if (left instanceof Quantity) return is(right instanceof Quantity && left.billionths === right.billionths);
  if (left instanceof Optional || right instanceof Optional) return ANY;
  if (isNumber(left) && isNumber(right)) return is(left == right); // oxlint-disable-line eqeqeq -- an int and a double
  return is(left === right);
}

/** -1, 0 or 1; undefined where the two have no order, and 'open' where nobody knows. */
export function compare(left: Value, right: Value): number | 'open' | undefined {
  if (left instanceof Open || right instanceof Open) return 'open';
  if ((isNumber(left) && isNumber(right)) || (typeof left === 'boolean' && typeof right === 'boolean')) {
    if (left < right) return -1;
    return left > right ? 1 : 0;
  }
  if (typeof left === 'string' && typeof right === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return undefined;
}

/** `in`, of a list. */
export function isIn(value: Value, { items, others }: Listing): Outcomes {
  const each = items.map((item) => equal(value, item));
  if (each.includes(TRUE)) return TRUE;
  if (others.length > 0 || each.some((outcomes) => outcomes !== FALSE)) {
    const fails = [...each, ...others.map((other) => equal(value, other))].some((outcomes) => (outcomes & FAILS) !== 0);
    return fails ? ANY : EITHER;
  }
  return FALSE;
}

function equalToOpen(open: Open, other: Value): Outcomes {
  if (open.fails || (other instanceof Open && other.fails)) return ANY;
  if (open.least !== undefined && isNumber(other) && other < open.least) return FALSE;
  return EITHER;
}

function equalLists(left: Listing, right: Listing): Outcomes {
  if (left.others.length > 0 || right.others.length > 0) return EITHER;
  if (left.items.length !== right.items.length) return FALSE;
  return left.items.reduce<Outcomes>((all, item, index) => and(all, equal(item, right.items[index] ?? null)), TRUE);
}

function equalMaps(left: Mapping, right: Mapping): Outcomes {
  for (const map of [left, right]) if (map.open || map.maybe.size > 0) return EITHER;
  if (left.there.size !== right.there.size) return FALSE;
  let all: Outcomes = TRUE;
  for (const [key, value] of left.there) {
    const other = right.there.get(key);
    if (other === undefined) return FALSE;
    all = and(all, equal(value, other));
  }
  return all;
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'bigint' || typeof value === 'number';
}

function is(truth: boolean): Outcomes {
  return truth ? TRUE : FALSE;
}
