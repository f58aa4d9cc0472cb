/**
 * Runs benchmarks and tells which budgets hold; exit code 1 when one does not, or when a benchmark could not run.
 *
 *   node bench/run.ts [--smoke] [--with-checkov] [--json FILE] [--markdown] [--program FILE] [NAME…]
 */
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from './cache.ts';
import { ETCD_CASES } from './etcd.ts';
import { FIXES_CASES } from './fixes.ts';
import { BenchError } from './measure.ts';
import { NETWORK_CASES } from './network.ts';
import { asMarkdown, asText, type CaseResult } from './result.ts';
import { RECORD_CASES } from './record.ts';
import { SCAN_CASES } from './scan.ts';
import { FULL, type Settings, SMOKE } from './settings.ts';
import { SUBJECTS_CASES } from './subjects.ts';

const CASES: Readonly<Record<string, (settings: Settings) => CaseResult>> = {
  ...SCAN_CASES,
  ...NETWORK_CASES,
  ...ETCD_CASES,
  ...RECORD_CASES,
  ...FIXES_CASES,
  ...SUBJECTS_CASES,
};

interface Outcome {
  results: CaseResult[];
  failures: { name: string; message: string }[];
}

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      smoke: { type: 'boolean', default: false },
      'with-checkov': { type: 'boolean', default: false },
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      program: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(CASES, name));
  if (unknown.length > 0) {
    console.error(`no benchmark named ${unknown.join(', ')}; there are: ${Object.keys(CASES).join(', ')}`);
    return 2;
  }
  const scale = values.smoke ? SMOKE : FULL;
  const settings = { ...scale, withCheckov: values['with-checkov'], program: resolve(values.program ?? scale.program) };
  const names = positionals.length > 0 ? positionals : Object.keys(CASES).filter((name) => !scale.without.includes(name));
  const machine = describeMachine(settings.program);
  const say = (text: string): void => void (values.markdown ? process.stderr : process.stdout).write(text);
  for (const line of machine) say(`${line}\n`);
  const outcome = runAll(names, settings, say);
  if (values.markdown) process.stdout.write(`${[machine.join('\n\n'), ...outcome.results.map(asMarkdown)].join('\n\n')}\n`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ machine, smoke: values.smoke, ...outcome }, undefined, 2)}\n`);
  // Results of large inputs are hundreds of megabytes; after a failure they may explain it.
  if (outcome.failures.length === 0) rmSync(cacheFolder('results'), { recursive: true });
  return verdict(outcome, say);
}

function runAll(names: readonly string[], settings: Settings, say: (text: string) => void): Outcome {
  const outcome: Outcome = { results: [], failures: [] };
  for (const name of names) {
    try {
      const result = CASES[name]?.(settings);
      if (result === undefined) continue;
      outcome.results.push(result);
      say(asText(result));
    } catch (error) {
      if (!(error instanceof BenchError)) throw error;
      outcome.failures.push({ name, message: error.message });
      say(`\n${name}: FAILED: ${error.message}\n`);
    }
  }
  return outcome;
}

function verdict({ results, failures }: Outcome, say: (text: string) => void): number {
  const over = results.flatMap(({ name, budgets }) => budgets.filter((one) => !one.holds).map((one) => `${name}: ${one.figure}`));
  const held = results.reduce((sum, { budgets }) => sum + budgets.length, 0) - over.length;
  say(`\nbudgets: ${held} hold, ${over.length} do not; benchmarks that could not run: ${failures.length}\n`);
  for (const one of over) say(`  over: ${one}\n`);
  const missing = results.flatMap(({ name, notes }) => notes.filter((note) => note.includes('skipped:')).map((note) => `${name}: ${note}`));
  for (const one of missing) say(`  not compared: ${one}\n`);
  return over.length + failures.length > 0 ? 1 : 0;
}

/** The load before the first run: on a busy machine CPU and ratios say more than wall time. */
function describeMachine(program: string): string[] {
  const cores = availableParallelism();
  const load = loadavg()[0] ?? 0;
  const busy = load > cores / 2 ? ' (busy: trust CPU and ratios more than wall time)' : '';
  const lines = [`Node ${process.version} on ${process.platform}-${process.arch}, ${cores} cores, load ${load.toFixed(1)}${busy}`];
  return [...lines, ...describeProgram(program)];
}

/** Figures of something other than a fresh bundle mislead, so it is said. */
function describeProgram(program: string): string[] {
  if (!existsSync(program)) throw new BenchError(`${program} is not there`);
  const source = join(import.meta.dirname, '../src');
  if (program.startsWith(source)) return ['run from source, which starts slower than the bundle: npm run build first'];
  if (program !== FULL.program) return [`measured: ${program}`];
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const built = statSync(program).mtimeMs;
  const newer = files.filter((file) => statSync(join(source, file)).mtimeMs > built).length;
  return newer === 0 ? [] : [`${newer} source files are newer than ${program}: npm run build first`];
}

process.exitCode = main();
