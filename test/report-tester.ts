/** Runs the whole pipeline into memory: what a format makes of a folder, or of objects given in a test. */
import { collectManifests } from '../src/collect/manifests/index.ts';
import { MemorySink } from '../src/lib/sink.ts';
import {
  FORMATS,
  type ReportTotals,
  type ReportWriter,
  type ScanOptions,
  type ScanResult,
  type WriterFactory,
  scan,
} from '../src/report/index.ts';
import { EMPTY_CONFIG, type Finding, RULES, type Rule, Tally, defineRule } from '../src/rules/index.ts';
import type { Origin, Snapshot } from '../src/snapshot/index.ts';
import { clusterOf } from './rule-tester.ts';

export interface Report extends ScanResult {
  /** By format. */
  texts: Record<string, string>;
  /** What was handed to the writers. */
  findings: Finding[];
}

export function snapshotOfShop(): Promise<Snapshot> {
  return collectManifests(['examples/shop']);
}

/** Objects as if a server had sent them, or with their text as if they stood in one file each. */
export function snapshotOf(objects: readonly Record<string, unknown>[], source?: string): Snapshot {
  const text = (object: unknown): object is object => source !== undefined && object !== undefined;
  return {
    header: { kind: source === undefined ? 'cluster' : 'manifests', complete: false },
    objects: objects.map((object) => ({
      object,
      origin: {
        source: source ?? '',
        line: 1,
        format: 'json',
        prefix: [],
        ...(text(object) && { text: JSON.stringify(object, undefined, 2) }),
      },
    })),
    counts: { files: objects.length, documents: objects.length, judged: objects.length, foreign: 0 },
    gaps: [],
  };
}

/** Every writer that is asked for gets the same run. `started` is what differs from one run to the next. */
export async function report(snapshot: Snapshot, formats: readonly string[], options: Partial<ScanOptions> = {}): Promise<Report> {
  const findings: Finding[] = [];
  const sinks = new Map<string, MemorySink>();
  const writers: ReportWriter[] = [{ begin() {}, finding: (finding) => void findings.push(finding), end() {} }];
  for (const format of formats) {
    const sink = new MemorySink();
    sinks.set(format, sink);
    const factory = FORMATS[format];
    if (factory === undefined) throw new Error(`no format ${format}`);
    writers.push(factory(sink, { color: false, width: 120 }));
  }
  const settled: ScanOptions = {
    rules: RULES,
    config: EMPTY_CONFIG,
    today: '2026-11-21',
    version: '1.2.3',
    targets: ['examples/shop'],
    all: false,
    clock: () => performance.now(),
    started: 0,
    ...options,
  };
  const result = scan(snapshot, settled, writers);
  return { ...result, findings, texts: Object.fromEntries([...sinks].map(([format, sink]) => [format, sink.text])) };
}

export const RULE: Rule = defineRule({
  id: 'test-rule',
  title: 'Something is wrong',
  severity: 'high',
  area: 'pod-security',
  rationale: 'It breaks.',
  remedy: 'Mend it.',
  controls: [
    { framework: 'cis-1.12', id: '5.2.2' },
    { framework: 'mitre-attack', id: 'T1611' },
  ],
  scope: 'cluster',
  check: () => undefined,
  examples: () => ({ good: [], bad: [] }),
});

/** A finding of `RULE` about line 2 of a file, changed as the test needs it. */
export function findingOf(changes: Partial<Finding> & { source?: string; text?: string | undefined } = {}): Finding {
  const { source = 'deploy/web.yaml', ...rest } = changes;
  const text = 'text' in changes ? changes.text : 'kind: Deployment\nspec: {replicas: 1}\n';
  const origin: Origin = { source, line: 1, format: 'yaml', prefix: [], ...(text !== undefined && { text }) };
  const [object] = clusterOf([{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } }]).objects;
  if (object === undefined) throw new Error('no object');
  return {
    rule: RULE,
    status: 'fail',
    severity: 'high',
    subject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', container: 'app' },
    object: { ...object, origin },
    message: 'container "app" is wrong',
    evidence: [{ origin, path: 'spec.replicas', value: 1, masked: false }],
    fingerprint: '0123456789abcdef',
    also: [],
    covered: [],
    isNew: undefined,
    reason: undefined,
    change: undefined,
    key: undefined,
    addOn: undefined,
    ...rest,
  };
}

/** What a writer makes of these findings, in a run about nothing else. */
export function written(factory: WriterFactory, findings: readonly Finding[], totals: Partial<ReportTotals> = {}): string {
  const sink = new MemorySink();
  const writer = factory(sink, { color: false, width: 120 });
  const tally = new Tally();
  writer.begin({
    version: '1.2.3',
    source: { kind: 'manifests', objects: 0, files: 1, kubernetesVersion: null },
    targets: ['deploy'],
    cluster: clusterOf([]),
    rules: [RULE],
  });
  for (const finding of findings) {
    tally.add(finding);
    writer.finding(finding);
  }
  writer.end({
    byStatus: tally.byStatus,
    bySeverity: tally.bySeverity,
    byFramework: {},
    byComponent: tally.byComponent,
    coverage: { ratio: 1, unit: 'documents', files: 1, documents: 1, judged: 1, foreign: 0, skipped: 0 },
    gaps: [],
    exceptions: { used: 0, unused: [], expired: [], disabled: [] },
    seconds: 0.1,
    ...totals,
  });
  return sink.text;
}
