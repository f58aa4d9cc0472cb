/** The benchmarks of records of use: reading an audit log, merging a day into three months, asking all of it again. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runtimeFlags } from '../tools/compile.ts';
import { cacheFolder } from './cache.ts';
import { BenchError, summarize } from './measure.ts';
import type { RecordRun } from './record-process.ts';
import { type CaseResult, budget } from './result.ts';
import type { Settings } from './settings.ts';

/** The budgets of issue 7, for 1,000,000 events and 100,000 distinct requests. */
const READ_SECONDS = 15;
const READ_PEAK_MB = 512;
const MERGE_SECONDS = 2;
const REPLAY_SECONDS = 1;

const PROCESS = join(import.meta.dirname, 'record-process.ts');

export const RECORD_CASES: Readonly<Record<string, (settings: Settings) => CaseResult>> = {
  'record-read': read,
  'record-merge': (settings) =>
    distinct(settings, { name: 'record-merge', task: 'merge', what: 'one day merged into a record of 90', limit: MERGE_SECONDS }),
  'record-replay': (settings) =>
    distinct(settings, {
      name: 'record-replay',
      task: 'replay',
      what: 'asked again of a cluster in which 500 accounts lose a right',
      limit: REPLAY_SECONDS,
    }),
};

function child(task: string, size: number): RecordRun {
  // Those of bin/castellan for `record`.
  const flags = runtimeFlags().filter((flag) => flag.startsWith('--initial-old-space-size'));
  const done = spawnSync(process.execPath, [...flags, PROCESS, task, String(size), cacheFolder('record')], { encoding: 'utf8' });
  if (done.status === 0) return JSON.parse(done.stdout) as RecordRun;
  const line = done.stderr.split('\n').find((one) => /Error/.test(one)) ?? 'nothing on standard error';
  throw new BenchError(`${task} ${size} ended with ${done.status}: ${line}`);
}

function runsOf(task: string, size: number, runs: number): RecordRun[] {
  return Array.from({ length: runs }, () => child(task, size));
}

function read({ records, runs, slack }: Settings): CaseResult {
  child('make', records.events);
  const all = runsOf('read', records.events, Math.min(runs, 3));
  const measured = summarize(`${records.events.toLocaleString('en')} events, gzip`, all);
  return {
    name: 'record-read',
    title: 'An audit log of up to 100,000 distinct requests into a record file',
    measured: [measured],
    budgets: [
      budget('CPU', measured.cpu, { limit: READ_SECONDS * slack, unit: 's' }),
      budget('peak', measured.peak, { limit: READ_PEAK_MB, unit: 'MB' }),
    ],
    notes: all.every(({ count }) => count === records.events) ? [] : ['some events were not read'],
  };
}

function distinct(
  { records, runs, slack }: Settings,
  { name, task, what, limit }: { name: string; task: string; what: string; limit: number },
): CaseResult {
  const all = runsOf(task, records.requests, Math.min(runs, 3));
  const measured = summarize(`${(all[0]?.count ?? 0).toLocaleString('en')} distinct requests`, all);
  return {
    name,
    title: `Recorded requests, ${what}`,
    measured: [measured],
    budgets: [budget('CPU', measured.cpu, { limit: limit * slack, unit: 's' })],
    notes: [],
  };
}
