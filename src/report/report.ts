/** What a writer gets: the frame first, each finding as it is found, the totals last. */
import type { Cluster } from '../model/index.ts';
import type { AttestationSummary, Finding, Rule, Severity, Status } from '../rules/index.ts';
import type { ClusterIdentity, Gap, ReadCounts, Snapshot } from '../snapshot/index.ts';
import type { TextSink } from '../lib/sink.ts';

/** Known before anything is judged. */
export interface ReportFrame {
  version: string;
  source: {
    kind: Snapshot['header']['kind'];
    objects: number;
    files: number;
    /** How many nodes facts were given of, where any were. */
    nodes?: number;
    kubernetesVersion: string | null;
    /** Of a cluster or a snapshot: which one, and when it was read. */
    cluster?: ClusterIdentity;
    takenAt?: string;
  };
  /** The paths as the user gave them, for titles and for the commands that are proposed. */
  targets: readonly string[];
  cluster: Cluster;
  rules: readonly Rule[];
}

export type ControlCounts = Record<Status, number>;

/** Known when everything was judged. */
export interface ReportTotals {
  byStatus: Record<Status, number>;
  /** Findings with status fail. */
  bySeverity: Record<Severity, number>;
  /** Every control of a framework counted once, by what its rules said. */
  byFramework: Record<string, ControlCounts>;
  /** Of each component what was said of it, on nodes and of objects: the same whatever is shown. */
  byComponent: Record<string, ControlCounts>;
  /** `unit` is what is counted: documents of files, or the objects of a cluster, of which whole kinds may be missing. */
  coverage: { ratio: number; unit: 'documents' | 'objects' } & ReadCounts & { skipped: number };
  gaps: readonly Gap[];
  /** `disabled` are the rules that the configuration switches off. */
  exceptions: { used: number; unused: readonly string[]; expired: readonly string[]; disabled: readonly string[] };
  /** Where .castellan.yaml has any. */
  attestations?: AttestationSummary;
  /** The newest benchmark for this release, or the one that was asked for; where one was, or nodes are judged. */
  benchmark?: string;
  /** With a baseline: findings that are not in it, and entries of it that are gone. */
  baseline?: { new: number; known: number; gone: number };
  seconds: number;
}

export interface ReportWriter {
  begin(frame: ReportFrame): void;
  finding(finding: Finding): void;
  end(totals: ReportTotals): void;
}

export interface WriterOptions {
  color: boolean;
  /** Columns of the terminal. */
  width: number;
}

export type WriterFactory = (sink: TextSink, options: WriterOptions) => ReportWriter;
