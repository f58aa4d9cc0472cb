/** The benchmark of `castellan etcd verify`: a snapshot as it is written, read and checked to its last byte. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeFlags } from '../tools/compile.ts';
import { cacheFolder } from './cache.ts';
import { generatedDatabase } from './inputs.ts';
import { alternate, type Command } from './measure.ts';
import { budget, type CaseResult } from './result.ts';
import type { Settings } from './settings.ts';

/** The budgets of issue 8, of a gigabyte. */
const CPU_SECONDS = 30;
const PEAK_MB = 300;
const GIGABYTE = 1e9;

export const ETCD_CASES: Readonly<Record<string, (settings: Settings) => CaseResult>> = { etcd };

function etcd(settings: Settings): CaseResult {
  const { folder, file, records } = generatedDatabase(settings.database);
  const result = join(cacheFolder('results'), 'etcd.json');
  const command: Command = {
    name: 'castellan',
    argv: [process.execPath, ...runtimeFlags(), settings.program, 'etcd', 'verify', file, '-f', 'json', '-o', result],
    cwd: folder,
    stdout: join(cacheFolder('results'), 'etcd.out'),
    result,
    verify: () => lacks(result, records),
  };
  const measured = alternate([command], Math.min(settings.runs, 3));
  const [own] = measured;
  const limit = CPU_SECONDS * Math.max(0.1, settings.database / GIGABYTE) * settings.slack;
  const budgets =
    own === undefined
      ? []
      : [budget('cpu', own.cpu, { limit, unit: 's' }), budget('peak memory', own.peak, { limit: PEAK_MB, unit: 'MB' })];
  const title = `A snapshot of etcd of ${Math.round(settings.database / 1e6)} MB with ${records} records`;
  return { name: 'etcd', title, measured, budgets, notes: [] };
}

/** An answer that read less than all is none. */
function lacks(result: string, records: number): string | undefined {
  const { intact, etcd } = JSON.parse(readFileSync(result, 'utf8')) as { intact: boolean; etcd: { records: number } };
  if (!intact) return 'the snapshot is said to be damaged';
  return etcd.records === records ? undefined : `read ${etcd.records} records of ${records}`;
}
