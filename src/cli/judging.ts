/** What every command that judges takes, and how it comes to its findings: they are the same in each of them. */
import type { Connection } from '../collect/cluster/index.ts';
import { type ReportTotals, type ScanOptions, scan } from '../report/index.ts';
import type { Finding } from '../rules/index.ts';
import { type Snapshot, parseProbeFacts } from '../snapshot/index.ts';
import { benchmarkNamed, inFramework } from './benchmarks.ts';
import { chooseRules, loadConfig, loadRules } from './inputs.ts';
import { versionOf } from './kubernetes-version.ts';
import { type ClusterFlags, connected } from './live.ts';
import { loadClouds, loadNodeFacts, refuseNodeFacts, withBeside } from './node-facts.ts';
import { readText } from './read-text.ts';
import { nothingIn, readInput } from './reading.ts';
import { VERSION } from './version.ts';

export interface JudgingFlags extends ClusterFlags {
  only?: string[];
  rules?: string[];
  config?: string;
  kubernetesVersion?: string;
  nodeFacts?: string[];
  cloud?: string;
  probe?: string;
  benchmark?: string;
  record?: string;
  audit?: string[];
}

export interface Judging {
  settings: Pick<ScanOptions, 'rules' | 'config' | 'today' | 'version' | 'benchmark' | 'nodeChange' | 'use'>;
  read: (paths: readonly string[]) => Promise<Snapshot>;
  /** What is judged, in the words of the command line: the paths, or the cluster's context. */
  targetsOf: (paths: readonly string[]) => Promise<readonly string[]>;
}

/** Everything that the flags name is loaded and checked before any input is read. */
export async function judgingOf(flags: JudgingFlags): Promise<Judging> {
  const kubernetesVersion = versionOf(flags.kubernetesVersion);
  const rules = chooseRules(await loadRules(flags.rules ?? []), flags.only ?? []);
  const config = loadConfig(flags.config, rules.all);
  const benchmark = flags.benchmark === undefined ? undefined : benchmarkNamed(flags.benchmark);
  const { nodes, paths: more } = loadNodeFacts(flags.nodeFacts ?? []);
  const clouds = loadClouds(flags.cloud);
  const probe = flags.probe === undefined ? undefined : parseProbeFacts(readText(flags.probe), flags.probe);
  const use = await useOf(flags);
  const isBeside = nodes.length + clouds.length > 0 || probe !== undefined;
  // Facts of nodes and ports are an input by themselves: a cluster is read beside them where it is named.
  const isAlone = (paths: readonly string[]): boolean =>
    isBeside && paths.length + more.length === 0 && flags.context === undefined && flags.kubeconfig === undefined;
  return {
    settings: {
      rules: benchmark === undefined ? rules.chosen : inFramework(rules.chosen, benchmark),
      config,
      today: new Date().toISOString().slice(0, 10),
      version: VERSION,
      ...(benchmark !== undefined && { benchmark }),
      ...(use !== undefined && { use }),
      // What edits files is loaded for nodes alone.
      ...(nodes.length > 0 && { nodeChange: (await import('../changes/nodes/index.ts')).changeOnNode }),
    },
    async targetsOf(named) {
      const paths = [...named, ...more];
      const facts = (flags.nodeFacts ?? []).flatMap((file) => (more.includes(file) ? [] : ['--node-facts', file]));
      if (flags.cloud !== undefined) facts.push('--cloud', flags.cloud);
      if (flags.probe !== undefined) facts.push('--probe', flags.probe);
      if (flags.record !== undefined) facts.push('--record', flags.record);
      for (const log of flags.audit ?? []) facts.push('--audit', log);
      if (isAlone(paths)) return facts;
      return [...facts, ...(paths.length > 0 ? paths : targetsOf(await connected(flags), flags))];
    },
    async read(named) {
      const paths = [...named, ...more];
      refuseNodeFacts(paths);
      const objects = isAlone(paths) ? undefined : await readInput(paths, flags);
      const snapshot = objects !== undefined && !isBeside ? objects : withBeside(objects, { nodes, clouds, probe });
      if (snapshot.counts.judged === 0) throw nothingIn(paths, snapshot);
      return kubernetesVersion === undefined ? snapshot : { ...snapshot, header: { ...snapshot.header, kubernetesVersion } };
    },
  };
}

/** What reads logs is loaded where there are any. */
async function useOf(flags: JudgingFlags): Promise<ScanOptions['use']> {
  const { record: path, audit = [] } = flags;
  if (path === undefined && audit.length === 0) return undefined;
  const record = await (await import('./recorded.ts')).readRecorded(path, audit);
  return record && { record, name: [...(path === undefined ? [] : [path]), ...audit].join(', ') };
}

/** As they would be typed, with the context that is meant. */
function targetsOf({ context }: Connection, { namespace = [] }: ClusterFlags): string[] {
  return ['--context', context, ...namespace.flatMap((name) => ['-n', name])];
}

/** What a scan tells, finding by finding, for commands that are no report. With `all` also what passed or is excepted. */
export function eachFinding(
  snapshot: Snapshot,
  { settings, all }: Pick<Judging, 'settings'> & { all: boolean },
  finding: (finding: Finding) => void,
): ReportTotals {
  const options = { ...settings, targets: [], all, clock: () => 0, started: 0 };
  return scan(snapshot, options, [{ begin() {}, finding, end() {} }]).totals;
}
