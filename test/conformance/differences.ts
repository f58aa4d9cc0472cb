/** The known disagreements, each with its reason, and what a table of agreement does with them. */
import { readFileSync } from 'node:fs';
import type { Verdict } from './scanner-cases.ts';

export interface Difference {
  tool: string;
  check: string;
  case: string;
  ours: Verdict;
  reason: string;
}

/** One case as it was judged by both. */
export interface Judged {
  tool: string;
  check: string;
  case: string;
  theirs: Verdict;
  ours: Verdict;
  /** Our rules that answer the check. */
  rules: readonly string[];
}

const FILE = new URL('differences.json', import.meta.url);

export function knownDifferences(): Difference[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Difference[];
}

export interface Reckoning {
  /** Disagreements that nobody explained. */
  unlisted: Judged[];
  /** Explained disagreements that are none any more, or name a case that is not judged. */
  stale: Difference[];
  /** Explained ones that hold. */
  listed: Difference[];
}

export function reckon(judged: readonly Judged[], known: readonly Difference[]): Reckoning {
  const differing = new Map(judged.filter(({ theirs, ours }) => theirs !== ours).map((item) => [keyOf(item), item]));
  const keys = new Set(known.map(keyOf));
  return {
    unlisted: [...differing].filter(([key]) => !keys.has(key)).map(([, item]) => item),
    stale: known.filter((item) => differing.get(keyOf(item))?.ours !== item.ours),
    listed: known.filter((item) => differing.get(keyOf(item))?.ours === item.ours),
  };
}

function keyOf(item: Pick<Judged, 'tool' | 'check' | 'case'>): string {
  return `${item.tool}/${item.check}/${item.case}`;
}
