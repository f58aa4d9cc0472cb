/** What a stream of events proves to have seen: from when to when, and where it may have missed something. */
import type { Span } from './minutes.ts';
import type { Stream } from './use-record.ts';

export interface Coverage {
  /** Undefined for a stream without events. What beats covers no more than that. */
  readonly span: Span | undefined;
  /** Minutes long silences inside of it. Empty says nothing where `beats` is false. */
  readonly holes: readonly Span[];
  /**
   * Whether the stream holds what a cluster writes all the time, so that silence means loss: nodes renew their leases
   * every ten seconds. Without it a quiet hour and a lost hour look the same.
   */
  readonly beats: boolean;
}

/** A server that restarts is silent for a while; what is longer is told. */
const MINUTES_OF_SILENCE = 2;

export function coverageOf({ active, beating }: Stream): Coverage {
  // Before the first and after the last of what is written all the time single events may be all that is left.
  const covering = beating.isEmpty ? active : beating;
  return { span: covering.span, holes: covering.holes(MINUTES_OF_SILENCE), beats: !beating.isEmpty };
}
