export type { Assertion, AssertionException, Assertions } from './assertion.ts';
export { judgeAssertions } from './judge.ts';
export { readAssertions } from './read-assertions.ts';
export type { Counterexample, ExceptionOutcome, Outcome, Verdicts } from './verdicts.ts';
