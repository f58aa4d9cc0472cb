/** What stands above the fixes wherever they are shown: what was read, and what they do together. */
import type { Evidence, Fixes, State } from '../../changes/index.ts';
import { plural, printable } from '../../lib/terminal.ts';
import { type Stream, coverageOf } from '../../record/index.ts';

export interface WhatWasRead {
  readonly state: State;
  readonly evidence: Evidence;
}

const DAY = 86_400;

/** `28 workloads`, `31 accounts`, `record: audit 21 days (2 of 2 servers), flows 21 days`. */
export function factsOf({ state, evidence }: WhatWasRead): string[] {
  const { cluster } = state;
  return [
    plural(cluster.workloadCount, 'workload'),
    plural(cluster.tables.ServiceAccount.all.length, 'account'),
    recordText({ state, evidence }),
    ...(evidence.day === undefined ? [] : [`as on ${evidence.day}`]),
  ];
}

function recordText({ state, evidence }: WhatWasRead): string {
  const { record } = evidence;
  const servers = state.serversWith(evidence.servers);
  if (record === undefined) return 'nothing recorded';
  const streams = record.streams.filter(({ events }) => events > 0);
  const audit = streams.filter(({ kind }) => kind === 'audit');
  const flows = streams.filter(({ kind }) => kind === 'flows');
  const logs = servers === undefined ? plural(audit.length, 'log') : `${audit.length} of ${plural(servers, 'server')}`;
  const parts = [audit.length === 0 ? '' : `audit ${daysOf(audit)} (${logs})`, flows.length === 0 ? '' : `flows ${daysOf(flows)}`];
  return `record: ${parts.filter((part) => part !== '').join(', ') || 'no events'}`;
}

/** From the first event of any of them to the last. */
function daysOf(streams: readonly Stream[]): string {
  const spans = streams.flatMap((stream) => coverageOf(stream).span ?? []);
  const seconds = Math.max(0, ...spans.map(({ to }) => to)) - Math.min(...spans.map(({ from }) => from));
  return seconds < DAY ? 'less than a day' : plural(Math.round(seconds / DAY), 'day');
}

/** How many ways there are, what of that add-ons have by nature, and how many the changes close; one line where there is nothing to close. */
export function headlineOf({
  before,
  after,
  fixes,
  ofTheBest,
  inherent,
}: Pick<Fixes, 'before' | 'after' | 'fixes' | 'ofTheBest' | 'inherent'>): string[] {
  if (before.exposed + before.workloads === 0) return ['No way to cluster control was found, from outside or from any workload.'];
  const cut =
    before.smallestCut === undefined
      ? 'No cut is complete without what has to stay.'
      : `The smallest complete cut has ${before.smallestCut}.`;
  // One that closes nothing before the last that does is part of what they close together.
  const closing = fixes.findLastIndex(({ proof: { closes } }) => closes.exposed + closes.workloads > 0) + 1;
  const closed = `${plural(closing, 'change')} close${closing === 1 ? 's' : ''} ${before.exposed - after.exposed} and ${before.workloads - after.workloads}. ${cut}`;
  const isRestInUse = after.exposed + after.workloads > 0 && fixes.slice(0, closing).some(({ proof: { verdict } }) => verdict === 'breaks');
  // What refuses recorded use comes only after all that does not.
  const rest = isRestInUse ? ' Closing more of them refuses recorded use (--top shows where).' : '';
  const best = ofTheBest < 1 ? ` Others might close more: this is at least ${Math.floor(ofTheBest * 100)} % of it.` : '';
  const lead = before.exposed === 1 ? 'leads' : 'lead';
  return [
    `${plural(before.exposed, 'foothold')} that outsiders can have ${lead} to cluster control; ${before.workloads} more if any workload may be broken into.`,
    ...inherentLine(inherent),
    closing === 0 ? `No change of yours closes any of them. ${cut}` : `${closed}${rest}${best}`,
  ];
}

function inherentLine(inherent: Fixes['inherent']): string[] {
  if (inherent === undefined) return [];
  const { exposed, workloads, through } = inherent;
  const names = printable(through.length > 3 ? plural(through.length, 'add-on') : through.join(', '));
  return [
    `${exposed} and ${workloads} of them lead there only through what add-ons have by nature (${names}): yours to close is what leads to them.`,
  ];
}
