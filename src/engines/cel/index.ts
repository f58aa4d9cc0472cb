/** The Common Expression Language, of values that may be open. */
export { type Budget, Choices, bounded } from './choices.ts';
export { Evaluation, type Names, evaluated } from './evaluate.ts';
export { EITHER, FAILS, FALSE, type Outcomes, TRUE, and, or } from './outcomes.ts';
export { type Node, parseExpression } from './parse.ts';
export {
  ANYTHING,
  FAILURE,
  Listing,
  Mapping,
  Open,
  SOMETHING,
  SOME_BOOLEAN,
  type Value,
  fromJson,
  mayFail,
  truth,
  valueOf,
} from './values.ts';
