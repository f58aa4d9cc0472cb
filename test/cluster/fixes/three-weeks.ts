/**
 * A log of minutes as a log of weeks. A proof asks for three weeks, and no test can wait so long; nothing else of the log
 * is made up. What was recorded of one day happens again on each of the days that follow: every event once a day at the same
 * second, with an id of its own. What nodes write all the time, the renewals of their Leases, comes in every minute in
 * between, as it did in the minute that was recorded. Nothing is taken away, and what happened before that day happened once.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const DAY = 86_400_000;
const MINUTE = 60_000;

interface Logged {
  readonly auditID: string;
  readonly stageTimestamp: string;
  readonly requestReceivedTimestamp: string;
  readonly verb: string;
  readonly objectRef?: { readonly resource?: string; readonly namespace?: string };
}

/** `lines` are what was logged of the day that comes again, from its first to its last. */
export async function writeWeeks(file: string, lines: readonly string[], days: number): Promise<void> {
  const events = lines.map((line) => JSON.parse(line) as Logged);
  const end = Math.max(...events.map(timeOf));
  const beat = events.find(isBeat);
  if (beat === undefined) throw new Error('no node renewed its lease in the day that was recorded');
  const out = createWriteStream(file, { mode: 0o600 });
  const write = (event: Logged, later: number, id: string): boolean => out.write(`${JSON.stringify(shifted(event, later, id))}\n`);
  for (let day = 1; day <= days; day += 1) {
    const from = end + (day - 1) * DAY;
    for (let minute = 1; minute * MINUTE < DAY; minute += 1) write(beat, from + minute * MINUTE - timeOf(beat), `${day}-${minute}`);
    for (const event of events) write(event, day * DAY, String(day));
    if (out.writableNeedDrain) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

function isBeat({ verb, objectRef }: Logged): boolean {
  return objectRef?.resource === 'leases' && objectRef.namespace === 'kube-node-lease' && ['update', 'patch'].includes(verb);
}

function timeOf({ stageTimestamp }: Logged): number {
  return Date.parse(stageTimestamp);
}

function shifted(event: Logged, later: number, id: string): Logged {
  const time = (text: string): string => new Date(Date.parse(text) + later).toISOString().replace('Z', '000Z');
  return {
    ...event,
    auditID: `${event.auditID}-${id}`,
    stageTimestamp: time(event.stageTimestamp),
    requestReceivedTimestamp: time(event.requestReceivedTimestamp),
  };
}
