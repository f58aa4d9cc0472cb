/**
 * The benchmarks of the network relation, from parsed objects: growth over four sizes, changes, reasons, the list of all
 * connections, and the tests' brute force on the same questions. Each runs in a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeFlags } from '../tools/compile.ts';
import { cacheFolder } from './cache.ts';
import { alternate, BenchError, findPython, type Measured, type Run, summarize } from './measure.ts';
import type { Built, Changed, Compared, Listed } from './network-process.ts';
import { budget, type Budget, type CaseResult } from './result.ts';
import { NETWORK_FULL, type Settings, type Size } from './settings.ts';
import { growthExponent, median } from './statistics.ts';

/** The budgets of issue 5. */
const TEAMS_SECONDS = 0.5;
const LARGE_SECONDS = 3;
const LARGE_PEAK_MB = 600;
const DIFFERENT_PEAK_MB = 4000;
const CHANGE_MS = 20;
const WHY_MS = 5;
const PROCESS_WALL_SECONDS = 0.4;
const PROCESS_CPU_SECONDS = 1.5;
/** Of a few thousand questions; of all pairs it would be some ten thousandths. */
const BRUTE_FORCE_RATIO = 0.5;
/** Whoever looks at pairs of classes has 2; the summary looks at those that are special. */
const EXPONENT = 1.3;
const DIFFERENT_EXPONENT = 1.3;

export const NETWORK_CASES: Readonly<Record<string, (settings: Settings) => CaseResult>> = {
  'network-build': build,
  'network-growth': (settings) => growth('network-growth', settings, settings.network.growth),
  'network-different': (settings) => growth('network-different', settings, settings.network.different),
  'network-change': change,
  'network-why': reasons,
  'network-list': list,
  'network-brute-force': bruteForce,
};

const PROCESS = join(import.meta.dirname, 'network-process.ts');
const GENERATOR = join(import.meta.dirname, '../../shared/tools/gen_netpol.py');

function child(...args: readonly (string | number)[]): unknown {
  return childWith([], ...args);
}

/** With flags of the engine: those that the command is run with where single pauses count, as they set how much is collected at once. */
function childWith(flags: readonly string[], ...args: readonly (string | number)[]): unknown {
  const done = spawnSync(process.execPath, [...flags, PROCESS, ...args.map(String)], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status === 0) return JSON.parse(done.stdout);
  const line = done.stderr.split('\n').find((one) => /Error/.test(one)) ?? 'nothing on standard error';
  throw new BenchError(`${args.join(' ')} ended with ${done.status}: ${line}`);
}

function built(size: Size, runs: number): { measured: Measured; last: Built } {
  const all = Array.from({ length: runs }, () => child('build', ...size) as Built);
  const last = all.at(-1);
  if (last === undefined) throw new BenchError('nothing was run');
  return { measured: summarize(`${last.pods} pods, ${last.policies} policies, ${last.classes} classes`, all), last };
}

function build(settings: Settings): CaseResult {
  const { measured, last } = built(settings.network.teams, settings.runs);
  const limit = TEAMS_SECONDS * settings.slack;
  return {
    name: 'network-build',
    title: `The relation and the summary of its matrix, policies of teams: ${last.signatures} signatures`,
    measured: [measured],
    budgets: [budget('cpu', measured.cpu, { limit, unit: 's' })],
    notes: [summaryText(last)],
  };
}

function growth(name: 'network-growth' | 'network-different', settings: Settings, sizes: readonly Size[]): CaseResult {
  const all = sizes.map((size) => built(size, Math.min(settings.runs, 3)));
  const points = all.map(({ measured, last }) => ({ size: last.pods, cost: measured.cpu }));
  const largest = all.at(-1);
  if (largest === undefined) throw new BenchError('there are no sizes');
  const different = name === 'network-different';
  const whole = settings.network === NETWORK_FULL;
  const exponent = (different ? DIFFERENT_EXPONENT : EXPONENT) + settings.exponentSlack;
  const budgets = [budget('exponent of cpu over the last step', growthExponent(points.slice(-2)), { limit: exponent })];
  if (whole && !different) budgets.push(budget('cpu of the largest', largest.measured.cpu, { limit: LARGE_SECONDS, unit: 's' }));
  if (whole) {
    const limit = different ? DIFFERENT_PEAK_MB : LARGE_PEAK_MB;
    budgets.push(budget('peak memory of the largest, parsed objects and all', largest.measured.peak, { limit, unit: 'MB' }));
  }
  const what = different ? 'every pod a class of its own' : 'ten pods of each application';
  return {
    name,
    title: `The relation and the summary of its matrix over four sizes, ${what}`,
    measured: all.map(({ measured }) => measured),
    budgets,
    notes: [`exponent over all sizes ${growthExponent(points).toFixed(2)}`, summaryText(largest.last)],
  };
}

function summaryText({ summary, signatures }: Built): string {
  const { open, limited, closed } = summary;
  return `${signatures} signatures; of ${open + limited + closed} pairs of pods ${open} are open, ${limited} limited, ${closed} closed`;
}

function change(settings: Settings): CaseResult {
  const measured: Measured[] = [];
  const budgets: Budget[] = [];
  const notes: string[] = [];
  for (const size of settings.network.changes) {
    const { kinds, anew, live, fresh } = child('change', ...size) as Changed;
    if (JSON.stringify(live) !== JSON.stringify(fresh))
      throw new BenchError(`after the changes of ${size.join(' ')} the relation is another than one made anew`);
    const where = `${size[1]} pods (${size[0]})`;
    measured.push(...kinds.map(({ name, runs }) => summarize(`${where}: ${name}`, runs)), summarize(`${where}: everything anew`, [anew]));
    for (const changed of ['pod', 'policy'] as const) {
      const medians = kinds
        .filter((kind) => kind.of === changed)
        .map(({ name, runs }) => ({ name, cpu: median(runs.map(({ cpu }) => cpu)) * 1000 }));
      const slowest = medians.reduce((worst, one) => (one.cpu > worst.cpu ? one : worst));
      budgets.push(budget(`${where}: a changed ${changed}, slowest kind`, slowest.cpu, { limit: CHANGE_MS * settings.slack, unit: 'ms' }));
      notes.push(`${where}: the slowest kind of a changed ${changed} is ${slowest.name}`);
    }
  }
  return {
    name: 'network-change',
    title: 'A changed pod, policy or namespace, up to the last row of the relation; afterwards it is compared with one that is made anew',
    measured,
    budgets,
    notes,
  };
}

function reasons(settings: Settings): CaseResult {
  const size = settings.network.growth.at(-1) ?? settings.network.teams;
  const runs = childWith(runtimeFlags(), 'why', ...size) as Run[];
  const worst = Math.max(...runs.slice(runs.length / 10).map(({ cpu }) => cpu * 1000));
  return {
    name: 'network-why',
    title: `Why two pods may talk or not, among ${size[1]} pods of ${size[2]} applications`,
    measured: [summarize('one pair of pods', runs)],
    budgets: [budget('cpu of the slowest, after a tenth for warming up', worst, { limit: WHY_MS * settings.slack, unit: 'ms' })],
    notes: [
      'the slowest are those during which the engine collects what reading the cluster left in the young generation: asked again they take less than 0.2 ms',
    ],
  };
}

function list(settings: Settings): CaseResult {
  const measured: Measured[] = [];
  const budgets: Budget[] = [];
  const notes: string[] = [];
  const title = 'The list of all connections, on the inputs of the yardstick';
  const python = findPython();
  if (!existsSync(GENERATOR) || python === undefined)
    return {
      name: 'network-list',
      title,
      measured,
      budgets,
      notes: ['skipped: the script that makes the inputs stands beside a development checkout'],
    };
  for (const { pods, seconds, times, rows } of settings.network.lists) {
    const folder = cacheFolder('inputs', `yardstick-${pods}`);
    const made = spawnSync(python, [GENERATOR, String(pods), folder], { encoding: 'utf8' });
    if (made.status !== 0) throw new BenchError(`the inputs of the yardstick could not be made: ${made.stderr.trim()}`);
    const listed = child('list', folder, settings.shortRuns) as Listed;
    if (listed.rows !== rows) throw new BenchError(`the list of ${pods} pods has ${listed.rows} rows and not ${rows}`);
    const result = join(cacheFolder('results'), `net-list-${pods}.out`);
    const argv = [process.execPath, ...runtimeFlags(), settings.program, 'net', 'list', '.', '-f', 'json'];
    const verify = (): string | undefined => (rowsIn(result) === rows ? undefined : `wrote ${rowsIn(result)} rows and not ${rows}`);
    const [whole] = alternate(
      [{ name: `${pods} pods, whole process`, argv, cwd: folder, stdout: result, verify }],
      Math.min(settings.runs, 5),
    );
    const inMemory = summarize(`${pods} pods, from parsed objects`, listed.runs);
    measured.push(inMemory, ...(whole === undefined ? [] : [whole]));
    const limit = (seconds / times) * 1000 * settings.slack;
    budgets.push(budget(`${pods} pods, from parsed objects, cpu`, inMemory.cpu * 1000, { limit, unit: 'ms' }));
    notes.push(
      `${rows} rows; netpol-analyzer needs ${seconds} s of cpu for ${pods} pods: ${Math.round(seconds / inMemory.cpu)} times as much`,
    );
    if (pods < 1000 || whole === undefined) continue;
    budgets.push(budget(`${pods} pods, whole process, wall`, whole.wall, { limit: PROCESS_WALL_SECONDS * settings.slack, unit: 's' }));
    budgets.push(budget(`${pods} pods, whole process, cpu`, whole.cpu, { limit: PROCESS_CPU_SECONDS * settings.slack, unit: 's' }));
  }
  return { name: 'network-list', title, measured, budgets, notes };
}

function rowsIn(file: string): number {
  return readFileSync(file, 'utf8').split('{"src":').length - 1;
}

function bruteForce(settings: Settings): CaseResult {
  const [shape, pods, policies] = settings.network.compared;
  const { engine, brute, questions, alike } = child('compare', shape, pods, policies) as Compared;
  if (alike !== questions) throw new BenchError(`${questions - alike} of ${questions} answers are not those of the brute force`);
  const whole = (brute.cpu / questions) * pods * pods;
  return {
    name: 'network-brute-force',
    title: `${questions} connections among ${pods} pods with ${policies} policies, asked one by one; the answers are the same`,
    measured: [summarize('castellan, with all that it builds before', [engine]), summarize("the tests' brute force", [brute])],
    budgets: [budget("cpu as a part of the brute force's", engine.cpu / brute.cpu, { limit: BRUTE_FORCE_RATIO * settings.slack })],
    notes: [`each pair of pods once at one port would take the brute force ${whole.toFixed(0)} s`],
  };
}
