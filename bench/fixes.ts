/** The benchmarks of `castellan fixes`: a large cluster with many changes to choose from, and the first screen of the example. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeFlags } from '../tools/compile.ts';
import { cacheFolder } from './cache.ts';
import { generatedFixes } from './inputs.ts';
import { alternate, type Command } from './measure.ts';
import { budget, type CaseResult } from './result.ts';
import type { Settings } from './settings.ts';

/** The budgets of issue 7, of 5,000 pods with 100 candidates. */
const CPU_SECONDS = 10;
const FIRST_SCREEN_SECONDS = 2;
const MOST_FIXES = 5;
const ROOT = join(import.meta.dirname, '..');
const RECORDED = [
  '--record',
  'examples/shop.record',
  '--audit-policy',
  'examples/shop.audit-policy.yaml',
  '--servers',
  '2',
  '--on',
  '2026-11-03',
];

export const FIXES_CASES: Readonly<Record<string, (settings: Settings) => CaseResult>> = { fixes, 'fixes-example': example };

function fixes(settings: Settings): CaseResult {
  const { pods, grants } = settings.fixes;
  const { folder, files } = generatedFixes(pods, grants);
  const result = join(cacheFolder('results'), 'fixes.json');
  const command = commandOf(settings, { cwd: folder, args: [...files, '-f', 'json', '-o', result], result, verify: () => lacks(result) });
  const [measured] = alternate([command], Math.min(settings.runs, 3));
  return {
    name: 'fixes',
    title: `Five changes for a cluster of ${pods.toLocaleString('en')} pods, with ${grants} grants on ways to its control`,
    measured: measured === undefined ? [] : [measured],
    budgets: measured === undefined ? [] : [budget('cpu', measured.cpu, { limit: CPU_SECONDS * settings.slack, unit: 's' })],
    notes: [],
  };
}

function example(settings: Settings): CaseResult {
  const result = join(cacheFolder('results'), 'fixes-example.txt');
  const verify = (): string | undefined => (/^ 5 {2}/m.test(readFileSync(result, 'utf8')) ? undefined : 'showed no five changes');
  const command = commandOf(settings, { cwd: ROOT, args: ['examples/shop', ...RECORDED, '-o', result], result, verify });
  const [measured] = alternate([command], settings.runs);
  return {
    name: 'fixes-example',
    title: 'The first screen of examples/shop with three weeks of recorded use',
    measured: measured === undefined ? [] : [measured],
    budgets: measured === undefined ? [] : [budget('cpu', measured.cpu, { limit: FIRST_SCREEN_SECONDS * settings.slack, unit: 's' })],
    notes: [],
  };
}

interface Asked extends Pick<Command, 'cwd' | 'verify'> {
  readonly args: readonly string[];
  readonly result: string;
}

function commandOf({ program }: Settings, { cwd, args, result, verify }: Asked): Command {
  return {
    name: 'castellan',
    argv: [process.execPath, ...runtimeFlags(), program, 'fixes', ...args],
    cwd,
    stdout: join(cacheFolder('results'), 'fixes.out'),
    result,
    ...(verify !== undefined && { verify }),
  };
}

/** An answer without changes that close something has chosen from nothing. */
function lacks(result: string): string | undefined {
  const { before, fixes: found } = JSON.parse(readFileSync(result, 'utf8')) as {
    before: { exposed: number; workloads: number };
    fixes: { proof: { closes: { exposed: number; workloads: number } } }[];
  };
  if (before.exposed + before.workloads === 0) return 'found no way';
  if (found.length !== MOST_FIXES) return `found ${found.length} changes`;
  const [first] = found;
  return first !== undefined && first.proof.closes.exposed + first.proof.closes.workloads > 0 ? undefined : 'closed no way';
}
