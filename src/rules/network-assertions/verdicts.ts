/** What was found out about assertions and their exceptions. */
import type { Conns, Part } from '../../engines/network/index.ts';
import type { Assertion, AssertionException } from './assertion.ts';

export interface Counterexample {
  readonly src: string;
  readonly dst: string;
  /** Open though denied, or closed though allowed. */
  readonly conns: Conns;
  /** Who decides, on one of these ports. */
  readonly why: Part | undefined;
}

export interface Outcome {
  readonly assertion: Assertion;
  readonly status: 'pass' | 'fail' | 'unknown';
  /** Why it is so, in a few words. */
  readonly reason: string;
  /** How many there were to judge, and how many do not hold. */
  readonly pairs: number;
  readonly failing: number;
  /** Pairs that hold only thanks to an exception. */
  readonly excepted: number;
  /** The first of those that do not hold. */
  readonly counterexamples: readonly Counterexample[];
}

export interface ExceptionOutcome {
  readonly exception: AssertionException;
  readonly status: 'used' | 'unused' | 'expired';
  readonly reason: string;
}

export interface Verdicts {
  readonly outcomes: readonly Outcome[];
  readonly exceptions: readonly ExceptionOutcome[];
}
