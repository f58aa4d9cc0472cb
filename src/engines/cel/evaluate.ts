/**
 * Expressions of CEL over values that may be open: what comes out is what may come out for any value that may stand there.
 * The language is that of the CEL specification with the libraries that Kubernetes adds; a function that is not known here
 * makes its result open, so that nothing is claimed of it.
 */
import { Choices, TooMuch } from './choices.ts';
import { compare, equal, isIn } from './equal.ts';
import { call, callOf } from './functions.ts';
import { isMacro, macro } from './macros.ts';
import { FALSE, FAILS, TRUE, and, not, or } from './outcomes.ts';
import { type Node, parseExpression } from './parse.ts';
import { optionalCall } from './optionals.ts';
import { has, indexed, selected } from './select.ts';
import { ANYTHING, FAILURE, Failure, Listing, Mapping, Open, type Value, anyOf, mayFail, truth, valueOf } from './values.ts';

const INT = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

/** Names of values; looked up when they are used, so that they may be worked out only then. */
export interface Names {
  get(name: string): Value | undefined;
}

export class Evaluation {
  readonly choices: Choices;
  readonly #names: Names;

  constructor(choices: Choices, names: Names) {
    this.choices = choices;
    this.#names = names;
  }

  of(node: Node): Value {
    return this.#in(node, this.#names);
  }

  /** With one more name, as in the body of a macro. */
  with(name: string, value: Value, names: Names): Names {
    return { get: (asked) => (asked === name ? value : names.get(asked)) };
  }

  in(node: Node, names: Names): Value {
    return this.#in(node, names);
  }

  #in(node: Node, names: Names): Value {
    this.choices.step();
    const valueIn = (each: Node): Value => this.#in(each, names);
    switch (node.op) {
      case 'value':
        return literal(node.args);
      case 'id': {
        const value = names.get(node.args);
        return value === undefined ? ANYTHING : value;
      }
      case '.':
        return selected(valueIn(node.args[0]), { key: node.args[1], choices: this.choices });
      case '.?':
        return selected(valueIn(node.args[0]), { key: node.args[1], choices: this.choices, optional: true });
      case '[]':
        return indexed(valueIn(node.args[0]), { key: valueIn(node.args[1]), choices: this.choices });
      case '[?]':
        return indexed(valueIn(node.args[0]), { key: valueIn(node.args[1]), choices: this.choices, optional: true });
      case 'list':
        return listOf(node.args.map(valueIn));
      case 'map':
        return mapOf(node.args.map(([key, value]) => [valueIn(key), valueIn(value)]));
      case '!_':
        return valueOf(not(truth(valueIn(node.args))));
      case '-_':
        return negated(valueIn(node.args));
      case '&&': {
        const left = truth(valueIn(node.args[0]));
        return left === FALSE ? false : valueOf(and(left, truth(valueIn(node.args[1]))));
      }
      case '||': {
        const left = truth(valueIn(node.args[0]));
        return left === TRUE ? true : valueOf(or(left, truth(valueIn(node.args[1]))));
      }
      case '?:':
        return this.#chosen(node.args, names);
      case '==':
        return valueOf(equal(valueIn(node.args[0]), valueIn(node.args[1])));
      case '!=':
        return valueOf(not(equal(valueIn(node.args[0]), valueIn(node.args[1]))));
      case '<':
      case '<=':
      case '>':
      case '>=':
        return ordered(node.op, valueIn(node.args[0]), valueIn(node.args[1]));
      case 'in':
        return contained(valueIn(node.args[0]), valueIn(node.args[1]), this.choices);
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return calculated(node.op, valueIn(node.args[0]), valueIn(node.args[1]));
      case 'call':
        return this.#called(node.args, names);
      case 'rcall':
        return this.#calledOf(node.args, names);
      default:
        return ANYTHING;
    }
  }

  #chosen([condition, yes, no]: readonly [Node, Node, Node], names: Names): Value {
    const outcomes = truth(this.#in(condition, names));
    if (outcomes === FAILS) return FAILURE;
    const values = [];
    if (outcomes & TRUE) values.push(this.#in(yes, names));
    if (outcomes & FALSE) values.push(this.#in(no, names));
    if (outcomes & FAILS) values.push(FAILURE);
    return anyOf(values);
  }

  #called([name, nodes]: readonly [string, readonly Node[]], names: Names): Value {
    const [first] = nodes;
    if (name === 'has' && first !== undefined && nodes.length === 1) {
      if (first.op !== '.') return ANYTHING;
      return valueOf(has(this.#in(first.args[0], names), first.args[1], this.choices));
    }
    return call(
      name,
      nodes.map((each) => this.#in(each, names)),
    );
  }

  #calledOf([name, target, nodes]: readonly [string, Node, readonly Node[]], names: Names): Value {
    const space = target.op === 'id' && names.get(target.args) === undefined ? target.args : undefined;
    if (space !== undefined)
      return call(
        `${space}.${name}`,
        nodes.map((each) => this.#in(each, names)),
      );
    const value = this.#in(target, names);
    if (isMacro(name)) return macro(this, { name, value, nodes, names });
    const optional = optionalCall(this, { name, value, nodes, names });
    if (optional !== undefined) return optional;
    return callOf(
      name,
      value,
      nodes.map((each) => this.#in(each, names)),
    );
  }
}

/** The value of one expression; open where it is no expression that can be judged. */
export function evaluated(expression: string, names: Readonly<Record<string, Value>>): Value {
  const node = parseExpression(expression);
  if (node === undefined) return ANYTHING;
  const known = new Map(Object.entries(names));
  try {
    return new Evaluation(new Choices({ steps: MOST_STEPS }), known).of(node);
  } catch (error) {
    if (error instanceof TooMuch || error instanceof RangeError) return ANYTHING;
    throw error;
  }
}
const MOST_STEPS = 1_000_000;

function literal(value: unknown): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'bigint' ? whole(value) : ANYTHING;
}

function whole(value: bigint): Value {
  return value < INT.least || value > INT.most ? FAILURE : value;
}

function listOf(items: readonly Value[]): Value {
  if (items.some((item) => item instanceof Failure)) return FAILURE;
  return items.some((item) => mayFail(item)) ? ANYTHING : new Listing(items);
}

function mapOf(entries: readonly (readonly [Value, Value])[]): Value {
  if (entries.flat().some((value) => value instanceof Failure)) return FAILURE;
  if (entries.some(([key, value]) => typeof key !== 'string' || mayFail(value))) return ANYTHING;
  const there = Object.fromEntries(entries as readonly (readonly [string, Value])[]);
  // A key that stands twice is a failure.
  return Object.keys(there).length < entries.length ? FAILURE : new Mapping({ there });
}

function negated(value: Value): Value {
  if (typeof value === 'bigint') return whole(-value);
  if (typeof value === 'number') return -value;
  return value instanceof Open ? ANYTHING : FAILURE;
}

type Order = '<' | '<=' | '>' | '>=';

function ordered(op: Order, left: Value, right: Value): Value {
  if (left instanceof Failure || right instanceof Failure) return FAILURE;
  const order = compare(left, right);
  if (order === undefined) return FAILURE;
  if (order === 'open') return orderedAtLeast(op, left, right);
  if (op === '<') return order < 0;
  if (op === '<=') return order <= 0;
  return op === '>' ? order > 0 : order >= 0;
}

const TURNED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** Of an int of which only the least is known. */
function orderedAtLeast(op: Order, left: Value, right: Value): Value {
  if (right instanceof Open && !(left instanceof Open)) return orderedAtLeast(TURNED[op], right, left);
  if (!(left instanceof Open) || left.least === undefined || typeof right !== 'bigint') return ANYTHING;
  if (op === '<' && left.least >= right) return false;
  if (op === '<=' && left.least > right) return false;
  if (op === '>' && left.least > right) return true;
  if (op === '>=' && left.least >= right) return true;
  return ANYTHING;
}

function contained(value: Value, container: Value, choices: Choices): Value {
  if (value instanceof Failure || container instanceof Failure) return FAILURE;
  if (container instanceof Listing) return valueOf(isIn(value, container));
  if (container instanceof Mapping && typeof value === 'string') return valueOf(has(container, value, choices));
  return ANYTHING;
}

function calculated(op: '+' | '-' | '*' | '/' | '%', left: Value, right: Value): Value {
  if (left instanceof Failure || right instanceof Failure) return FAILURE;
  if (typeof left === 'bigint' && typeof right === 'bigint') return calculatedWhole(op, left, right);
  if (typeof left === 'number' && typeof right === 'number') {
    if (op === '+') return left + right;
    if (op === '-') return left - right;
    if (op === '*') return left * right;
    return op === '/' ? left / right : FAILURE;
  }
  if (op === '+' && typeof left === 'string' && typeof right === 'string') {
    if (left.length + right.length > 100_000) throw new TooMuch();
    return left + right;
  }
  if (op === '+' && left instanceof Listing && right instanceof Listing) {
    if (left.items.length + right.items.length > 10_000) throw new TooMuch();
    return new Listing([...left.items, ...right.items], [...left.others, ...right.others]);
  }
  return ANYTHING;
}

function calculatedWhole(op: '+' | '-' | '*' | '/' | '%', left: bigint, right: bigint): Value {
  if (op === '+') return whole(left + right);
  if (op === '-') return whole(left - right);
  if (op === '*') return whole(left * right);
  if (right === 0n) return FAILURE;
  return whole(op === '/' ? left / right : left % right);
}
