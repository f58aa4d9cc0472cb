/**
 * The benchmark of `castellan paths` over clusters of many subjects. What it is measured against, kubesplaining, was
 * measured once and elsewhere; kube-score, measured there and in this run, tells how fast this machine is beside that one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeFlags } from '../tools/compile.ts';
import { generatedFiles, generatedSubjects } from './inputs.ts';
import { alternate, type Command, type Measured } from './measure.ts';
import { findPeers, output, peerCommand } from './peer-commands.ts';
import { budget, type CaseResult } from './result.ts';
import type { Settings } from './settings.ts';
import { pairedRatio } from './statistics.ts';

/** Seconds of CPU of kubesplaining 1.2.0 for each size, and how many times faster is asked for. */
const YARDSTICK: ReadonlyMap<number, { readonly seconds: number; readonly times: number }> = new Map([
  [3000, { seconds: 5.31, times: 10 }],
  [10_000, { seconds: 82.4, times: 50 }],
]);
/** What kube-score needed there, of CPU, for so many generated workloads. */
const MEASURE = { workloads: 2000, seconds: 1.79 };

export const SUBJECTS_CASES: Readonly<Record<string, (settings: Settings) => CaseResult>> = { subjects };

function subjects(settings: Settings): CaseResult {
  const title = `Ways into clusters of ${settings.subjects.map((count) => count.toLocaleString('en')).join(' and ')} subjects`;
  const inputs = settings.subjects.map((count) => ({ count, file: generatedSubjects(count) }));
  if (inputs.some(({ file }) => file === undefined))
    return {
      name: 'subjects',
      title,
      measured: [],
      budgets: [],
      notes: ['skipped: the script that writes these clusters is not beside the repository'],
    };
  const measure = generatedFiles(MEASURE.workloads);
  const { peers, notes } = findPeers(settings, ['kube-score']);
  const commands = inputs.map(({ count, file = '' }) => pathsOf(settings, count, file));
  const measured = alternate(
    [...commands, ...peers.map((found) => ({ ...peerCommand(found, measure), name: `${found.name}, ${MEASURE.workloads} workloads` }))],
    settings.runs,
  );
  const rival = peers.length > 0 ? measured.at(-1) : undefined;
  const budgets = inputs.flatMap(({ count }, index) => againstYardstick(count, { own: measured[index], rival, slack: settings.slack }));
  return { name: 'subjects', title, measured, budgets, notes };
}

function againstYardstick(count: number, { own, rival, slack }: { own: Measured | undefined; rival: Measured | undefined; slack: number }) {
  const yardstick = YARDSTICK.get(count);
  if (own === undefined || rival === undefined || yardstick === undefined) return [];
  const ratio = pairedRatio(
    own.runs.map(({ cpu }) => cpu),
    rival.runs.map(({ cpu }) => cpu),
  );
  const limit = (yardstick.seconds / yardstick.times) * slack;
  return [budget(`cpu for ${count} subjects, as fast as that machine`, ratio * MEASURE.seconds, { limit, unit: 's' })];
}

function pathsOf({ program }: Settings, count: number, file: string): Command {
  const result = output(`paths-${count}`);
  return {
    name: `castellan, ${count} subjects`,
    argv: [process.execPath, ...runtimeFlags('paths'), program, 'paths', file, '-f', 'json', '-o', result],
    cwd: join(file, '..'),
    stdout: output('paths-stdout'),
    result,
    verify: () => {
      const { footholds, paths } = JSON.parse(readFileSync(result, 'utf8')) as { footholds: { entries: number }[]; paths: unknown[] };
      const entries = footholds.reduce((sum, each) => sum + each.entries, 0);
      return entries < count || paths.length === 0 ? 'found no ways of all subjects' : undefined;
    },
  };
}
