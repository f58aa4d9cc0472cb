/** The benchmarks of `castellan scan`: against kube-score on the same files in the same run, and growth over four sizes. */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { runtimeFlags } from '../tools/compile.ts';
import { generatedFile, generatedFiles, generatedSnapshot, type Input, realManifests } from './inputs.ts';
import { alternate, BenchError, type Command, type Measured } from './measure.ts';
import { beginning, findPeers, output, peerCommand } from './peer-commands.ts';
import type { PeerName } from './peers.ts';
import { budget, type Budget, type CaseResult } from './result.ts';
import type { Settings } from './settings.ts';
import { growthExponent, pairedRatio } from './statistics.ts';

/** The budgets of issue 3, at the sizes of the full run. */
const REAL_RATIO = 0.8;
const MEDIUM_RATIO = 0.5;
const MEDIUM_PEAK_MB = 200;
const LARGE_SIZE = 20_000;
const LARGE_CPU_SECONDS = 6;
const LARGE_PEAK_MB = 400;
const SNAPSHOT_SECONDS = 20;
const SNAPSHOT_PEAK_MB = 1000;
const EXPONENT = 1.1;
const VERSION_MS = 100;
const ONE_FILE_MS = 250;

/** kube-score keeps everything that it reads: 20,000 workloads take it 2.5 GB. */
const PEER_BYTES_PER_WORKLOAD = 130_000;

export const SCAN_CASES: Readonly<Record<string, (settings: Settings) => CaseResult>> = {
  start: startUp,
  real: (settings) => real(settings, 'joined'),
  'real-split': (settings) => real(settings, 'split'),
  medium,
  'large-files': (settings) => large(settings, 'files'),
  'large-file': (settings) => large(settings, 'file'),
  snapshot,
  growth,
};

function startUp(settings: Settings): CaseResult {
  const input = generatedFiles(1);
  const { peers, notes } = findPeers(settings, ['kube-score']);
  const commands: Command[] = [
    { name: 'castellan --version', argv: [process.execPath, settings.program, '--version'], cwd: input.folder, stdout: output('version') },
    named('castellan scan, one file', castellan(input, settings)),
    { name: 'node -e 0 (the floor)', argv: [process.execPath, '-e', '0'], cwd: input.folder, stdout: output('floor') },
    ...peers.map((found) => named(`${found.name}, one file`, peerCommand(found, input))),
  ];
  const measured = alternate(commands, settings.shortRuns);
  const [version, oneFile] = measured;
  const budgets = [
    ...milliseconds('--version, wall', version, VERSION_MS * settings.slack),
    ...milliseconds('scan of one file, wall', oneFile, ONE_FILE_MS * settings.slack),
  ];
  return { name: 'start', title: 'Start-up: the version, and one file with one workload', measured, budgets, notes };
}

/** Castellan and its rivals in one run. A rival that fails is left out by name; when Castellan fails, so does the benchmark. */
function versus(own: Command, rivals: readonly Command[], runs: number): { measured: Measured[]; failed: string[] } {
  try {
    return { measured: alternate([own, ...rivals], runs), failed: [] };
  } catch (error) {
    if (!(error instanceof BenchError) || !rivals.some((rival) => rival.name === error.command)) throw error;
    const rest = versus(
      own,
      rivals.filter((rival) => rival.name !== error.command),
      runs,
    );
    return { ...rest, failed: [`skipped: ${error.message}`, ...rest.failed] };
  }
}

function milliseconds(figure: string, measured: Measured | undefined, limit: number): Budget[] {
  return measured === undefined ? [] : [budget(figure, measured.wall * 1000, { limit, unit: 'ms' })];
}

function real(settings: Settings, shape: 'joined' | 'split'): CaseResult {
  const { peers, notes } = findPeers(settings, ['kube-score', ...checkovIf(settings)]);
  const inputs = realManifests(peers.find((found) => found.name === 'kube-score'));
  const input = inputs[shape];
  if (inputs.leftOut.length > 0) {
    notes.push(
      `without ${inputs.leftOut.length} documents, each of which ends kube-score's run without an answer: ${inputs.leftOut.join(', ')}`,
    );
  }
  const rivals = peers.map((found) => peerCommand(found, input));
  const { measured, failed } = versus(castellan(input, settings), [...rivals, parsedOnly(input)], settings.runs);
  const budgets = ratios(measured, REAL_RATIO * settings.slack);
  const form = shape === 'joined' ? `in ${input.files.length} files` : 'one a file';
  const name = shape === 'joined' ? 'real' : 'real-split';
  return {
    name,
    title: `Manifests of ${input.origin}: ${input.documents} documents, ${form}`,
    measured,
    budgets,
    notes: [...notes, ...failed],
  };
}

function medium(settings: Settings): CaseResult {
  const input = generatedFiles(settings.medium);
  const { peers, notes } = findPeers(settings, ['kube-score', ...checkovIf(settings)]);
  const rivals = peers.map((found) => peerCommand(found, input));
  const { measured, failed } = versus(castellan(input, settings), rivals, settings.runs);
  const budgets = [...ratios(measured, MEDIUM_RATIO * settings.slack), ...peak(measured, MEDIUM_PEAK_MB * settings.slack)];
  return { name: 'medium', title: `${settings.medium} generated workloads, one a file`, measured, budgets, notes: [...notes, ...failed] };
}

function large(settings: Settings, shape: 'files' | 'file'): CaseResult {
  const input = shape === 'files' ? generatedFiles(settings.large) : generatedFile(settings.large);
  const { peers, notes } = findPeers(settings, ['kube-score']);
  const fits = totalmem() > settings.large * PEER_BYTES_PER_WORKLOAD * 2;
  if (!fits && peers.length > 0) notes.push('kube-score skipped: it would need more than half of the memory of this machine');
  // kube-score opens all files before it reads the first, and 20,000 are more than most systems allow.
  const asOne = generatedFile(settings.large);
  const rivals = fits ? peers.map((found) => once(named(`${found.name}, one file`, peerCommand(found, asOne)))) : [];
  const { measured, failed } = versus(castellan(input, settings), rivals, Math.min(settings.runs, 3));
  const budgets = [...cpu(measured, settings), ...peak(measured, LARGE_PEAK_MB * settings.slack)];
  notes.push(...measured.slice(1).map((rival) => plainRatio(measured[0], rival)));
  const form = shape === 'files' ? 'one a file' : `one file of ${megabytes(input)} MB`;
  return {
    name: `large-${shape}`,
    title: `${settings.large} generated workloads, ${form}`,
    measured,
    budgets,
    notes: [...notes, ...failed],
  };
}

/** What is judged of a large cluster without asking it: 20,000 workloads are 60,000 pods, and a gigabyte of JSON. */
function snapshot(settings: Settings): CaseResult {
  const input = generatedSnapshot(settings.large);
  const measured = alternate([castellan(input, settings, 'cluster.snapshot')], Math.min(settings.runs, 3));
  const [own] = measured;
  const limit = SNAPSHOT_SECONDS * (settings.large / LARGE_SIZE) * settings.slack;
  const budgets = [
    ...(own === undefined ? [] : [budget('wall', own.wall, { limit, unit: 's' })]),
    ...peak(measured, SNAPSHOT_PEAK_MB * settings.slack),
  ];
  const title = `Snapshot of ${settings.large} workloads and their pods: ${input.documents} objects in ${megabytes(input)} MB`;
  return { name: 'snapshot', title, measured, budgets, notes: [] };
}

function cpu(measured: readonly Measured[], settings: Settings): Budget[] {
  const [own] = measured;
  const limit = LARGE_CPU_SECONDS * (settings.large / LARGE_SIZE) * settings.slack;
  return own === undefined ? [] : [budget('cpu', own.cpu, { limit, unit: 's' })];
}

function peak(measured: readonly Measured[], limit: number): Budget[] {
  const [own] = measured;
  return own === undefined ? [] : [budget('peak memory', own.peak, { limit, unit: 'MB' })];
}

/** Both clocks have to keep the budget: less wall time bought with more cores would not be less work. */
function ratios([own, ...rivals]: readonly Measured[], limit: number): Budget[] {
  const rival = rivals.find((candidate) => candidate.name === 'kube-score');
  if (own === undefined || rival === undefined) return [];
  return (['wall', 'cpu'] as const).map((clock) => {
    const value = pairedRatio(
      own.runs.map((run) => run[clock]),
      rival.runs.map((run) => run[clock]),
    );
    return budget(`${clock} as a part of kube-score's`, value, { limit });
  });
}

function plainRatio(own: Measured | undefined, rival: Measured): string {
  if (own === undefined) return '';
  const [wall, work, memory] = [own.wall / rival.wall, own.cpu / rival.cpu, own.peak / rival.peak].map((ratio) => ratio.toFixed(2));
  return `as a part of ${rival.name}, one run: wall ${wall}, cpu ${work}, memory ${memory}`;
}

function growth(settings: Settings): CaseResult {
  const inputs = settings.growth.map(generatedFiles);
  const commands = inputs.map((input) => named(`castellan, ${input.documents}`, castellan(input, settings)));
  const measured = alternate(commands, Math.min(settings.runs, 3));
  const points = measured.map((one, index) => ({ size: inputs[index]?.documents ?? Number.NaN, cost: one.cpu }));
  const steps = points.slice(1).map((point, index) => {
    const before = points[index] ?? point;
    return `${before.size} to ${point.size}: ${growthExponent([before, point]).toFixed(2)}`;
  });
  const limit = EXPONENT + settings.exponentSlack;
  const budgets = [
    budget('exponent of cpu in workloads', growthExponent(points), { limit }),
    // Start-up flattens the small sizes; what the largest step shows is nearly free of it.
    budget('the same over the last step', growthExponent(points.slice(-2)), { limit }),
  ];
  const notes = [`exponent of each step, of which start-up makes the first ones small: ${steps.join(', ')}`];
  return { name: 'growth', title: `Growth over ${settings.growth.join(', ')} workloads, one a file`, measured, budgets, notes };
}

function castellan(input: Input, { program }: Settings, path = '.'): Command {
  const result = output('castellan');
  return {
    name: 'castellan',
    argv: [process.execPath, ...runtimeFlags('scan'), program, 'scan', path, '-f', 'json', '-o', result],
    cwd: input.folder,
    stdout: output('castellan-stdout'),
    result,
    verify: () => verifyScan(result, input.documents),
  };
}

/**
 * A yardstick for `real`: the documents are read, parsed with js-yaml and written as JSON by a program that does nothing else,
 * and judges nothing. js-yaml refuses a few of them, which are left out as far as `verify` allows.
 */
function parsedOnly({ folder, files, documents }: Input): Command {
  const code = `
    const { readFileSync, writeFileSync } = require('node:fs');
    const { load } = require(process.argv[1]);
    const written = [];
    for (const file of process.argv.slice(3))
      for (const text of readFileSync(file, 'utf8').split(/^---\\n/m))
        try { written.push(JSON.stringify(load(text) ?? null)); } catch {}
    writeFileSync(process.argv[2], written.join('\\n'));`;
  const result = output('parsed');
  const argv = [process.execPath, '-e', code, createRequire(import.meta.url).resolve('js-yaml'), result, ...files];
  const verify = (): string | undefined => {
    const parsed = readFileSync(result, 'utf8').split('\n').length;
    return parsed < documents * 0.95 ? `parsed ${parsed} of ${documents} documents` : undefined;
  };
  return { name: 'js-yaml alone', argv, cwd: folder, stdout: output('parsed-stdout'), result, verify };
}

/** The document says at its beginning how many objects were read; some real documents hold none, and Lists hold several. */
function verifyScan(result: string, documents: number): string | undefined {
  const objects = Number(/"objects":\s*(\d+)/.exec(beginning(result))?.[1] ?? 0);
  return objects < documents * 0.95 ? `read ${objects} objects of ${documents} documents` : undefined;
}

function named(name: string, command: Command): Command {
  return { ...command, name };
}

function once(command: Command): Command {
  return { ...command, most: 1 };
}

function megabytes(input: Input): string {
  return (input.files.reduce((sum, file) => sum + statSync(join(input.folder, file)).size, 0) / 1e6).toFixed(0);
}

function checkovIf(settings: Settings): PeerName[] {
  return settings.withCheckov ? ['checkov'] : [];
}
