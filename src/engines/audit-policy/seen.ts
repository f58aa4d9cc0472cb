/** What a decision leaves in the log: a level says little where the stages that carry it are omitted. */
import type { Decision } from './level.ts';
import type { Level } from './policy.ts';

export interface Seen {
  /** None where no event at all is written; at most Metadata where no event is written after the answer. */
  readonly level: Level;
  /** Whether an event says how the request ended, or for those that run on, that it was let in. */
  readonly outcome: boolean;
}

/**
 * Bodies are known only when the request is over, so the first two stages carry none
 * (k8s.io/apiserver/pkg/endpoints/filters/audit.go). Events of panics are left aside: nobody may count on one.
 */
export function seenOf({ level, omitStages }: Pick<Decision, 'level' | 'omitStages'>, longRunning: boolean): Seen {
  if (level === 'None') return NOTHING;
  if (!omitStages.includes('ResponseComplete')) return { level, outcome: true };
  if (longRunning && !omitStages.includes('ResponseStarted')) return { level: 'Metadata', outcome: true };
  return omitStages.includes('RequestReceived') ? NOTHING : { level: 'Metadata', outcome: false };
}

const NOTHING: Seen = { level: 'None', outcome: false };
