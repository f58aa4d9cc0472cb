/** Fields and elements, plain and optional, and whether they are there. */
import type { Choices } from './choices.ts';
import { ANY, EITHER, FAILS, FALSE, type Outcomes, TRUE } from './outcomes.ts';
import { ANYTHING, FAILURE, Failure, Listing, Mapping, Open, Optional, type Value, mayFail } from './values.ts';

/** Nobody knows whether the field is there. */
const UNTOLD = Symbol('untold');

interface Asked<T> {
  readonly key: T;
  readonly choices: Choices;
  /** Whether it may be absent without a failure. */
  readonly optional?: boolean;
}

/** A field; what an optional field leads on to is optional too. */
export function selected(value: Value, asked: Asked<string>): Value {
  const { key: field, choices, optional = false } = asked;
  if (value instanceof Optional) return value.value === undefined ? value : selected(value.value, { ...asked, optional: true });
  if (value instanceof Failure) return FAILURE;
  if (!(value instanceof Mapping)) return value instanceof Open || optional ? ANYTHING : FAILURE;
  const there = fieldOf(value, field, choices);
  if (there === UNTOLD) return ANYTHING;
  if (there === undefined) return optional ? new Optional(undefined) : FAILURE;
  if (!optional) return there;
  return mayFail(there) ? ANYTHING : new Optional(there);
}

export function indexed(value: Value, asked: Asked<Value>): Value {
  const { key: index, optional = false } = asked;
  if (value instanceof Optional) return value.value === undefined ? value : indexed(value.value, { ...asked, optional: true });
  if (value instanceof Failure || index instanceof Failure) return FAILURE;
  if (value instanceof Mapping && typeof index === 'string') return selected(value, { ...asked, key: index });
  if (value instanceof Listing && typeof index === 'bigint' && value.others.length === 0) {
    const item = index < 0n ? undefined : value.items[Number(index)];
    if (optional) return new Optional(item);
    return item ?? (item === null ? null : FAILURE);
  }
  return ANYTHING;
}

/** The macro `has`, and `in` of a map. */
export function has(value: Value, field: string, choices: Choices): Outcomes {
  if (value instanceof Failure) return FAILS;
  if (!(value instanceof Mapping)) return ANY;
  const there = fieldOf(value, field, choices);
  if (there === UNTOLD) return EITHER;
  return there === undefined ? FALSE : TRUE;
}

function fieldOf(map: Mapping, field: string, choices: Choices): Value | typeof UNTOLD | undefined {
  const there = map.there.get(field);
  if (there !== undefined) return there;
  const maybe = map.maybe.get(field);
  if (maybe !== undefined) {
    const chosen = choices.isThere(map, field);
    if (chosen === undefined) return UNTOLD;
    return chosen ? maybe : undefined;
  }
  return map.open ? UNTOLD : undefined;
}
