/** What the logs of the API servers hold of a history, and what goes wrong with them. */
import { Ledger, type UseRecord, makerOf } from '../../src/record/index.ts';
import type { RequestEvent } from './event.ts';

export interface Logging {
  readonly from: number;
  readonly to: number;
  readonly servers: number;
  /** What the audit policy leaves out. */
  readonly hides?: (event: RequestEvent) => boolean;
  /** Servers whose logs were not kept. */
  readonly lost?: readonly number[];
  /** Spans of which nothing is left in the log of one server. */
  readonly cut?: { readonly server: number; readonly from: number; readonly to: number };
  /** Whether the renewals of nodes are logged. */
  readonly beats?: boolean;
  readonly unread?: number;
}

/** Straight into a ledger, as the reader of audit logs enters it: files of so many events would take minutes. */
export function recordOf(requests: readonly RequestEvent[], logging: Logging): UseRecord {
  const { from, to, servers, hides = () => false, lost = [], beats = true, unread = 0 } = logging;
  const ledger = new Ledger();
  const isCut = (server: number, time: number): boolean =>
    logging.cut !== undefined && logging.cut.server === server && time >= logging.cut.from && time < logging.cut.to;
  const streams = Array.from({ length: servers }, (_, index) =>
    lost.includes(index) ? undefined : ledger.stream(`cp${index + 1}`, 'audit'),
  );
  for (const [server, stream] of streams.entries()) {
    if (stream === undefined) continue;
    stream.formats.add('audit.k8s.io');
    for (let time = from; time < to; time += 60) if (!isCut(server, time)) stream.event(time, { beat: beats });
  }
  if (unread > 0) streams.find((stream) => stream !== undefined)?.miss('line that is no JSON', unread);
  for (const event of requests) {
    const { time, server, caller, as, allowed } = event;
    const stream = streams[server];
    if (stream === undefined || time < from || time >= to || isCut(server, time) || hides(event)) continue;
    const { name, groups, pod } = as ?? caller;
    const isAccount = name.startsWith('system:serviceaccount:');
    const actor = ledger.actor({ name, groups: groups.toSorted(), ...(isAccount && { bound: pod === undefined ? 'nothing' : 'pod' }) });
    const { verb, apiGroup, resource, subresource, namespace } = event;
    const object = subresource === 'binding' ? makerOf(event.name) : event.name;
    const asked = { verb, apiGroup, resource, subresource, namespace, name: object, path: '', through: 'request' } as const;
    ledger.request(actor, asked, { stream: stream.id, time, outcome: allowed ? 'allowed' : 'denied' });
  }
  return ledger.record();
}
