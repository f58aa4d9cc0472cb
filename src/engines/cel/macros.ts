/** The macros that go through a list or the keys of a map. */
import { oneOf } from './choices.ts';
import type { Evaluation, Names } from './evaluate.ts';
import { FAILS, FALSE, type Outcomes, TRUE, and, or } from './outcomes.ts';
import type { Node } from './parse.ts';
import { ANYTHING, FAILURE, Failure, Listing, Mapping, SOMETHING, type Value, mayFail, truth, valueOf } from './values.ts';

export interface Call {
  readonly name: string;
  readonly value: Value;
  readonly nodes: readonly Node[];
  readonly names: Names;
}

const MACROS = new Set(['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map']);

export function isMacro(name: string): boolean {
  return MACROS.has(name);
}

/** What a macro does for one element. */
interface Body {
  readonly evaluation: Evaluation;
  readonly at: (node: Node, element: Value) => Value;
}

export function macro(evaluation: Evaluation, { name, value, nodes, names }: Call): Value {
  const [variable, body, second] = nodes;
  if (value instanceof Failure) return FAILURE;
  const list = value instanceof Mapping ? keysOf(value) : value;
  // With two variables it is a macro of newer releases.
  if (!(list instanceof Listing) || variable?.op !== 'id' || body === undefined || (second !== undefined && name !== 'map'))
    return ANYTHING;
  const at = (node: Node, element: Value): Value => evaluation.in(node, evaluation.with(variable.args, element, names));
  const each: Body = { evaluation, at };
  switch (name) {
    case 'all':
      return valueOf(every(each, list, body));
    case 'exists':
      return valueOf(some(each, list, body));
    case 'filter':
      return filtered(each, list, body);
    case 'map':
      return second === undefined ? mapped(each, list, body) : mappedOf(filtered(each, list, body), each, second);
    default:
      return one(each, list, body);
  }
}

/** One element that is false decides, whatever the others are. */
function every({ evaluation, at }: Body, { items, others }: Listing, body: Node): Outcomes {
  let all: Outcomes = TRUE;
  for (const item of items) {
    all = and(all, truth(at(body, item)));
    if (all === FALSE) return all;
  }
  for (const other of others.map(oneOf)) all = and(all, TRUE | evaluation.choices.outcomes(() => truth(at(body, other))));
  return all;
}

function some({ evaluation, at }: Body, { items, others }: Listing, body: Node): Outcomes {
  let any: Outcomes = FALSE;
  for (const item of items) {
    any = or(any, truth(at(body, item)));
    if (any === TRUE) return any;
  }
  for (const other of others.map(oneOf)) any = or(any, FALSE | evaluation.choices.outcomes(() => truth(at(body, other))));
  return any;
}

function one({ at }: Body, { items, others }: Listing, body: Node): Value {
  if (others.length > 0) return ANYTHING;
  const outcomes = items.map((item) => truth(at(body, item)));
  if (outcomes.includes(FAILS)) return FAILURE;
  if (outcomes.some((each) => each !== TRUE && each !== FALSE)) return ANYTHING;
  return outcomes.filter((each) => each === TRUE).length === 1;
}

function filtered({ evaluation, at }: Body, { items, others }: Listing, body: Node): Value {
  const kept: Value[] = [];
  const maybe: Value[] = [];
  for (const item of items) {
    const outcomes = truth(at(body, item));
    if (outcomes === FAILS) return FAILURE;
    if (outcomes & FAILS) return ANYTHING;
    if (outcomes === TRUE) kept.push(item);
    else if (outcomes & TRUE) maybe.push(item);
  }
  for (const other of others.map(oneOf)) {
    const outcomes = evaluation.choices.outcomes(() => truth(at(body, other)));
    if (outcomes & FAILS) return ANYTHING;
    if (outcomes & TRUE) maybe.push(other);
  }
  return new Listing(kept, maybe);
}

function mapped({ evaluation, at }: Body, { items, others }: Listing, body: Node): Value {
  const values = items.map((item) => at(body, item));
  if (values.some((value) => value instanceof Failure)) return FAILURE;
  const further = others.map(oneOf).flatMap((other) => evaluation.choices.all(() => at(body, other)));
  if ([...values, ...further].some((value) => mayFail(value))) return ANYTHING;
  return new Listing(values, further);
}

function mappedOf(list: Value, each: Body, body: Node): Value {
  return list instanceof Listing ? mapped(each, list, body) : list;
}

function keysOf(map: Mapping): Listing {
  return new Listing([...map.there.keys()], map.open || map.maybe.size > 0 ? [SOMETHING] : []);
}
