/** What an expression may come out as where not everything is known: a set of true, false and a failure, as bits. */
export type Outcomes = number;

export const TRUE = 1;
export const FALSE = 2;
export const FAILS = 4;
export const EITHER = TRUE | FALSE;
export const ANY = TRUE | FALSE | FAILS;

/** CEL's `&&`: one side that is false decides, whatever the other is, and be it a failure. */
export function and(left: Outcomes, right: Outcomes): Outcomes {
  const isFalse = (left | right) & FALSE;
  const isTrue = left & right & TRUE;
  const notFalse = TRUE | FAILS;
  const fails = ((left | right) & FAILS) !== 0 && (left & notFalse) !== 0 && (right & notFalse) !== 0;
  return isFalse | isTrue | (fails ? FAILS : 0);
}

/** CEL's `||`: the same with true. */
export function or(left: Outcomes, right: Outcomes): Outcomes {
  return not(and(not(left), not(right)));
}

export function not(outcomes: Outcomes): Outcomes {
  return (outcomes & TRUE ? FALSE : 0) | (outcomes & FALSE ? TRUE : 0) | (outcomes & FAILS);
}
