/** What is asked of optional values. */
import type { Evaluation } from './evaluate.ts';
import type { Call } from './macros.ts';
import { ANYTHING, FAILURE, Optional, type Value, mayFail } from './values.ts';

/** Undefined where the value is none that is optional. */
export function optionalCall(evaluation: Evaluation, { name, value, nodes, names }: Call): Value | undefined {
  if (!(value instanceof Optional)) return undefined;
  const { value: inner } = value;
  const [first, second] = nodes;
  switch (name) {
    case 'hasValue':
      return inner !== undefined;
    case 'value':
      return inner ?? (inner === null ? null : FAILURE);
    case 'or':
    case 'orValue':
      if (first === undefined) return ANYTHING;
      if (inner === undefined) return evaluation.in(first, names);
      return name === 'or' ? value : inner;
    case 'optMap':
    case 'optFlatMap': {
      if (first?.op !== 'id' || second === undefined) return ANYTHING;
      if (inner === undefined) return value;
      const result = evaluation.in(second, evaluation.with(first.args, inner, names));
      if (name === 'optFlatMap' || mayFail(result)) return name === 'optFlatMap' ? result : ANYTHING;
      return new Optional(result);
    }
    default:
      return ANYTHING;
  }
}
