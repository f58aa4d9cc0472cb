/**
 * One measurement of records of use, in a process of its own: bench/record.ts starts it and reads the JSON it writes.
 *
 *   node bench/record-process.ts make|read EVENTS FOLDER
 *   node bench/record-process.ts merge|replay REQUESTS FOLDER
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { LogReader } from '../src/collect/logs/index.ts';
import { rbacOfObjects } from '../src/engines/rbac/index.ts';
import { replayRequests } from '../src/changes/requests/replay.ts';
import { Ledger, type UseRecord, readRecordFile, writeRecordFile } from '../src/record/index.ts';
import { DAY, FROM } from '../test/history/event.ts';
import { auditLine } from '../test/history/log-lines.ts';
import { recordOf } from '../test/history/logged.ts';
import { auditEvents, auditRoles } from './generate-audit.ts';
import type { Run } from './measure.ts';

export interface RecordRun extends Run {
  /** Events that were read, or distinct requests that were merged or asked again. */
  readonly count: number;
}

const [task = '', size = '0', folder = '.'] = process.argv.slice(2);
const COUNT = Number(size);
const LOG = join(folder, `audit-${COUNT}.log.gz`);
const DAYS = 90;
/** A log repeats itself: so many make 100,000 distinct requests of a million. */
const LOGGED_NAMES = 6;

const TASKS: Readonly<Record<string, () => Promise<RecordRun>>> = { make, read, merge, replay };
process.stdout.write(JSON.stringify(await TASKS[task]?.()));

async function measured(work: () => number | Promise<number>): Promise<RecordRun> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const count = await work();
  const { user, system } = process.cpuUsage(before);
  // The most that the process ever had, its start included.
  return { count, wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS / 1000 };
}

function make(): Promise<RecordRun> {
  return measured(async () => {
    await pipeline(Readable.from(lines()), createGzip({ level: 1 }), createWriteStream(LOG));
    return COUNT;
  });
}

function* lines(): Generator<string> {
  let id = 0;
  for (const event of auditEvents(COUNT, { seed: 1, names: LOGGED_NAMES })) yield `${auditLine(event, (id += 1))}\n`;
}

/** As `record add` does it: the log into a new record, and that into a file. */
function read(): Promise<RecordRun> {
  return measured(async () => {
    const ledger = new Ledger();
    const { events } = await new LogReader(ledger).read({ path: LOG, stream: 'cp1' });
    writeRecordFile(join(folder, 'read.record'), ledger.record());
    return events;
  });
}

function recorded(count: number, { seed, from, days }: { seed: number; from: number; days: number }): UseRecord {
  return recordOf([...auditEvents(count, { seed, names: 100, from, days })], { from, to: from + days * DAY, servers: 1 });
}

/** The file of 90 days, with one day more, as a file again. */
async function merge(): Promise<RecordRun> {
  const [long, short, whole] = ['long', 'day', 'whole'].map((name) => join(folder, `${name}.record`)) as [string, string, string];
  writeRecordFile(long, recorded(COUNT, { seed: 1, from: FROM, days: DAYS }));
  writeRecordFile(short, recorded(Math.ceil(COUNT / 10), { seed: 2, from: FROM + DAYS * DAY, days: 1 }));
  return measured(() => {
    const ledger = new Ledger();
    for (const path of [long, short]) ledger.merge(readRecordFile(path));
    const record = ledger.record();
    writeRecordFile(whole, record);
    return record.requests.length;
  });
}

/** Everybody loses a right, so that nothing can be passed over. */
async function replay(): Promise<RecordRun> {
  const roles = auditRoles();
  const changed = roles.map((role) => (Array.isArray(role.rules) ? { ...role, rules: role.rules.slice(1) } : role));
  const [before, after] = [rbacOfObjects(roles), rbacOfObjects(changed)];
  const record = recorded(COUNT, { seed: 1, from: FROM, days: DAYS });
  return measured(() => {
    const { replayed, denies } = replayRequests(before, after, { record, users: [], accounts: undefined, rolesKnown: true, servers: 1 });
    if (replayed === 0 || denies.length === 0) throw new Error('nothing was asked again');
    return record.requests.length;
  });
}
