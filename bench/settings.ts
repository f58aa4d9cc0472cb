/** How much is measured: everything as it is told of, or as much as every push can wait for. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Pods, and policies for teams or applications for apps, which have 0.6 policies each or a few fewer. */
export type Size = readonly [shape: 'teams' | 'apps', pods: number, count: number];

export interface NetworkSizes {
  /** Where the policies are those of teams. */
  readonly teams: Size;
  /** Ten pods each of applications that policies tell apart. */
  readonly growth: readonly Size[];
  /** Every pod is one of its own. */
  readonly different: readonly Size[];
  readonly changes: readonly Size[];
  readonly compared: Size;
  /** Of the yardstick, each with how long others take. */
  readonly lists: readonly Yardstick[];
}

export interface Yardstick {
  readonly pods: number;
  /** That netpol-analyzer 2 needs of CPU, and how many times faster is asked for. */
  readonly seconds: number;
  readonly times: number;
  /** Rows of the list. */
  readonly rows: number;
}

const LISTS: readonly Yardstick[] = [
  { pods: 300, seconds: 10, times: 200, rows: 13_798 },
  { pods: 1000, seconds: 405, times: 3000, rows: 105_415 },
];

export const NETWORK_FULL: NetworkSizes = {
  teams: ['teams', 10_000, 1000],
  growth: [
    ['apps', 3000, 300],
    ['apps', 10_000, 1000],
    ['apps', 30_000, 3000],
    ['apps', 100_000, 10_000],
  ],
  different: [
    ['apps', 12_500, 12_500],
    ['apps', 25_000, 25_000],
    ['apps', 50_000, 50_000],
    ['apps', 100_000, 100_000],
  ],
  changes: [
    ['teams', 10_000, 1000],
    ['teams', 100_000, 6000],
    ['apps', 100_000, 10_000],
  ],
  compared: ['teams', 3000, 300],
  lists: LISTS,
};

export const NETWORK_SMOKE: NetworkSizes = {
  teams: ['teams', 3000, 300],
  growth: [
    ['apps', 1000, 100],
    ['apps', 3000, 300],
    ['apps', 6000, 600],
    ['apps', 12_000, 1200],
  ],
  different: [
    ['apps', 1500, 1500],
    ['apps', 3000, 3000],
    ['apps', 6000, 6000],
    ['apps', 12_000, 12_000],
  ],
  changes: [['teams', 10_000, 1000]],
  compared: ['teams', 500, 50],
  lists: LISTS.slice(0, 1),
};

export interface Settings {
  /** Runs of each command. */
  runs: number;
  /** Runs of commands that take less than a tenth of a second. */
  shortRuns: number;
  medium: number;
  large: number;
  growth: readonly number[];
  network: NetworkSizes;
  /** Bytes of a snapshot of etcd. */
  database: number;
  /** Events of an audit log, and requests of which records are made; about four of five are distinct. */
  records: { events: number; requests: number };
  /** Pods of a cluster, and grants that lead to its control. */
  fixes: { pods: number; grants: number };
  /** Service accounts of clusters in which ways are searched. */
  subjects: readonly number[];
  /** Budgets are multiplied by this. */
  slack: number;
  /** Added to the exponent's budget; a factor there would let quadratic growth pass. */
  exponentSlack: number;
  /** Peers that are not in the cache are installed. */
  install: boolean;
  withCheckov: boolean;
  /** The program that is measured. */
  program: string;
  /** The benchmarks that are not run when none is named. */
  without: readonly string[];
}

const ROOT = join(import.meta.dirname, '..');
const BUNDLE = join(ROOT, 'dist/launch.cjs');
const SOURCE = join(ROOT, 'src/cli/main.ts');

export const FULL: Settings = {
  runs: 7,
  shortRuns: 21,
  medium: 2000,
  large: 20_000,
  growth: [1000, 3000, 10_000, 30_000],
  network: NETWORK_FULL,
  database: 1e9,
  records: { events: 1_000_000, requests: 130_000 },
  fixes: { pods: 5000, grants: 100 },
  subjects: [3000, 10_000],
  slack: 1,
  exponentSlack: 0,
  install: true,
  withCheckov: false,
  // The bundle, as people run it; the source only as long as nothing was built.
  program: existsSync(BUNDLE) ? BUNDLE : SOURCE,
  without: [],
};

/** Small enough for every push: noisy machines get three times the budget, and a thing that became slow still shows. */
export const SMOKE: Settings = {
  ...FULL,
  runs: 2,
  shortRuns: 5,
  large: 2000,
  growth: [250, 750, 2250, 6750],
  network: NETWORK_SMOKE,
  database: 2e7,
  records: { events: 50_000, requests: 10_000 },
  fixes: { pods: 600, grants: 20 },
  subjects: [3000],
  without: ['real-split', 'large-files'],
  slack: 3,
  exponentSlack: 0.2,
  install: false,
};
