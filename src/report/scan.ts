/** The pipeline: build the model, judge, except, compare with the baseline, hand on to the writers. */
import { type Cluster, buildCluster } from '../model/index.ts';
import {
  type Baseline,
  type Config,
  ControlAttestations,
  Exceptions,
  type Finding,
  type Framework,
  type GivenUse,
  type NodeChanger,
  type Rule,
  SEVERITIES,
  type Severity,
  Tally,
  answersOf,
  benchmarkFor,
  findingsOfUnanswered,
  frameworksFor,
  isShown,
  judgeAll,
  statusOfUnanswered,
} from '../rules/index.ts';
import type { Snapshot } from '../snapshot/index.ts';
import type { ReportFrame, ReportTotals, ReportWriter } from './report.ts';

export interface ScanOptions {
  rules: readonly Rule[];
  config: Config;
  /** The day on which exceptions are compared: 2026-11-21. */
  today: string;
  version: string;
  targets: readonly string[];
  /** Also write what passed, did not apply or is excepted. */
  all: boolean;
  /** Least severity that is written; the totals hold everything. */
  leastSeverity?: Severity;
  baseline?: Baseline;
  /** What was really done, as far as it was recorded. */
  use?: GivenUse;
  /** Makes the changes that settle findings on nodes. */
  nodeChange?: NodeChanger;
  /** Every control of it gets a status; where nodes are judged and none is named, the newest that fits. */
  benchmark?: Framework;
  /** Milliseconds since some moment. */
  clock: () => number;
  started: number;
}

export interface ScanResult {
  totals: ReportTotals;
  /** Failing findings by severity that count for a gate: all, or with a baseline the new ones. */
  gating: Record<Severity, number>;
}

export function scan(snapshot: Snapshot, options: ScanOptions, writers: readonly ReportWriter[]): ScanResult {
  const { config, baseline } = options;
  const disabled = new Set(config.disabled.map(({ rule }) => rule));
  const rules = options.rules.filter((rule) => !disabled.has(rule.id));
  const cluster = buildCluster(snapshot);
  const frame = {
    version: options.version,
    source: sourceOf(snapshot, cluster),
    targets: options.targets,
    cluster,
    rules,
  };
  for (const writer of writers) writer.begin(frame);

  const tally = new Tally();
  const exceptions = new Exceptions(config.exceptions, options.today);
  const attestations = new ControlAttestations(config.controlAttestations, options.today);
  const gating = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;
  const shows = severityFilter(options.leastSeverity);
  const decided = (finding: Finding): void => {
    exceptions.apply(finding);
    attestations.apply(finding);
  };
  const tell = (finding: Finding): void => {
    tally.add(finding);
    if (finding.status === 'fail') {
      if (baseline !== undefined) finding.isNew = baseline.isNew(finding);
      if (finding.isNew !== false) gating[finding.severity] += 1;
    }
    if ((options.all || isShown(finding.status)) && shows(finding)) for (const writer of writers) writer.finding(finding);
  };
  const { gaps, evaluated, untold } = judgeAll(
    cluster,
    {
      rules,
      ruleOptions: config.ruleOptions,
      all: options.all,
      ...(options.use !== undefined && { use: options.use }),
      ...(options.nodeChange !== undefined && { nodeChange: options.nodeChange }),
      ...(!(exceptions.isEmpty && attestations.isEmpty) && { except: decided }),
    },
    tell,
  );

  tally.addUntold(untold);
  const benchmark = options.benchmark ?? (cluster.nodes.length + cluster.clouds.length > 0 ? benchmarkFor(cluster) : undefined);
  if (benchmark !== undefined) {
    const unanswered = [...answersOf(options.rules, benchmark).values()].filter((answers) =>
      answers.every(({ id }) => !tally.hasSaid(id) && !evaluated.has(id) && !disabled.has(id)),
    );
    for (const finding of findingsOfUnanswered(unanswered, cluster)) {
      decided(finding);
      tell(finding);
    }
  }
  const ofNodes = (snapshot.nodes ?? []).flatMap(({ node, gaps: own }) => own.map((gap) => ({ ...gap, scope: `${node}:${gap.scope}` })));
  const totals: ReportTotals = {
    byStatus: tally.byStatus,
    bySeverity: tally.bySeverity,
    byFramework: tally.byFramework(options.rules, options.benchmark === undefined ? frameworksFor(cluster) : [options.benchmark], {
      evaluated,
      off: disabled,
      unanswered: statusOfUnanswered(cluster),
    }),
    byComponent: tally.byComponent,
    coverage: coverageOf(snapshot),
    gaps: [...snapshot.gaps, ...ofNodes, ...cluster.gaps, ...gaps],
    exceptions: { ...exceptions.summary(new Set(rules.map(({ id }) => id))), disabled: config.disabled.map(({ rule }) => rule) },
    seconds: (options.clock() - options.started) / 1000,
    ...(!attestations.isEmpty && { attestations: attestations.summary() }),
    ...(benchmark !== undefined && { benchmark: benchmark.id }),
    ...(baseline !== undefined && { baseline: baseline.summary() }),
  };
  for (const writer of writers) writer.end(totals);
  return { totals, gating };
}

function sourceOf({ header, counts }: Snapshot, { objects, nodes }: Cluster): ReportFrame['source'] {
  return {
    kind: header.kind,
    objects: objects.length,
    files: counts.files,
    ...(nodes.length > 0 && { nodes: nodes.length }),
    kubernetesVersion: header.kubernetesVersion ?? null,
    ...(header.cluster !== undefined && { cluster: header.cluster }),
    ...(header.takenAt !== undefined && { takenAt: header.takenAt }),
  };
}

function coverageOf({ header: { kind, kinds }, counts }: Snapshot): ReportTotals['coverage'] {
  const skipped = Math.max(0, counts.documents - counts.judged - counts.foreign);
  return {
    // Of a cluster whole kinds are missing, with nobody knows how many objects: they are what is counted.
    ratio: kinds === undefined ? ratioOf(counts.judged, skipped) : ratioOf(kinds - skipped, skipped),
    unit: OF_FILES.has(kind) ? 'documents' : 'objects',
    ...counts,
    skipped,
  };
}

/** Read from files, of which it is known how many there are. */
const OF_FILES: ReadonlySet<Snapshot['header']['kind']> = new Set(['manifests', 'nodes', 'cloud', 'ports']);

/** Share of the documents with objects that were judged, rounded down to three places: 1 means all of them. */
function ratioOf(judged: number, skipped: number): number {
  return judged + skipped === 0 ? 0 : Math.floor((judged / (judged + skipped)) * 1000) / 1000;
}

function severityFilter(least: Severity | undefined): (finding: Finding) => boolean {
  if (least === undefined) return () => true;
  const shown = new Set<string>(SEVERITIES.slice(0, SEVERITIES.indexOf(least) + 1));
  return (finding) => shown.has(finding.severity);
}
