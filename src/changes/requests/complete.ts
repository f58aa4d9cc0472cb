/** Whether the audit logs of a record hold everything that was asked in their time. */
import { type Span, type Stream, coverageOf, shareIds } from '../../record/index.ts';
import { LEAST_WINDOW, PROOF_LASTS, type UnknownBecause } from '../proof.ts';
import type { RequestEvidence } from './evidence.ts';

export const DAY = 86_400;

export interface Completeness {
  /** In which every log has seen everything. Undefined without one. */
  readonly window: Span | undefined;
  readonly holes: readonly Span[];
  readonly streams: number;
  readonly unknownBecause: readonly UnknownBecause[];
}

/** Google hands out one log for all servers. */
const WHOLE_CLUSTER = new Set(['google']);

export function completeness({ record, servers, readAt, leastWindow = LEAST_WINDOW }: RequestEvidence): Completeness {
  const streams = (record?.streams ?? []).filter(({ kind, events }) => kind === 'audit' && events > 0);
  if (streams.length === 0) return { window: undefined, holes: [], streams: 0, unknownBecause: [{ code: 'no-record', about: '' }] };
  const because: UnknownBecause[] = [];
  const isWhole = streams.some(({ formats }) => formats.some((format) => WHOLE_CLUSTER.has(format)));
  if (servers === undefined && !isWhole) because.push({ code: 'servers-unknown', about: '' });
  const logs = differentLogs(streams);
  if (servers !== undefined && !isWhole && logs < servers) because.push({ code: 'servers-missing', about: `${logs} of ${servers}` });
  for (const stream of streams) because.push(...faultsOf(stream));
  const window = common(streams);
  if (window === undefined || window.to - window.from < leastWindow) {
    const days = window === undefined ? 0 : (window.to - window.from) / DAY;
    because.push({ code: 'window-short', about: `${days.toFixed(1)} of ${(leastWindow / DAY).toFixed(0)} days` });
  }
  because.push(...agedBecause(window?.to, readAt));
  return { window, holes: streams.flatMap((stream) => coverageOf(stream).holes), streams: streams.length, unknownBecause: because };
}

/** One log that was given under two names is still that of one server: no two begin with the same events, or share them. */
function differentLogs(streams: readonly Stream[]): number {
  const heads = new Set<string>();
  let count = 0;
  for (const [index, { parts, ids }] of streams.entries()) {
    const isNew = parts.length === 0 || parts.some(({ head }) => !heads.has(head));
    if (isNew && !streams.slice(0, index).some((other) => shareIds(other.ids, ids))) count += 1;
    for (const { head } of parts) heads.add(head);
  }
  return count;
}

/** Who uses what may be another thing by now. `end` of the record, and when the proof is asked for, where known. */
export function agedBecause(end: number | undefined, readAt: number | undefined): UnknownBecause[] {
  if (end === undefined || readAt === undefined || readAt - end <= PROOF_LASTS) return [];
  return [{ code: 'record-old', about: `${((readAt - end) / DAY).toFixed(1)} days` }];
}

function faultsOf(stream: Stream): UnknownBecause[] {
  const because: UnknownBecause[] = [];
  const { beats, holes } = coverageOf(stream);
  if (!beats) because.push({ code: 'no-heartbeat', about: stream.name });
  else if (holes.length > 0) because.push({ code: 'log-holes', about: `${stream.name}, ${holes.length} times` });
  const unread = Object.values(stream.unread).reduce((sum, count) => sum + count, 0);
  if (unread > 0) because.push({ code: 'lines-unread', about: `${stream.name}, ${unread}` });
  return because;
}

/** From the last beginning to the first end. */
function common(streams: readonly Stream[]): Span | undefined {
  const spans = streams.map((stream) => coverageOf(stream).span).filter((span) => span !== undefined);
  const window = { from: Math.max(...spans.map(({ from }) => from)), to: Math.min(...spans.map(({ to }) => to)) };
  return window.to > window.from ? window : undefined;
}
