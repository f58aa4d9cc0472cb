/** What chosen fixes do together, in lines for standard error. */
import { UNKNOWN_CODES, weightOf } from '../changes/index.ts';
import { plural } from '../lib/terminal.ts';
import type { Chosen } from './chosen-fixes.ts';

const MOST_TOLD = 5;

export function proofLines({ fixes, proof, evidence: { day } }: Chosen): string[] {
  const { closes, verdict, denies, unknownBecause, replayed } = proof;
  const codes = [...new Set(unknownBecause.map(({ code }) => code))];
  const lines = [
    ...fixes.map(({ title }) => title),
    `closes ${plural(closes.exposed, 'foothold')} of outsiders and ${plural(closes.workloads, 'workload')}; ${verdict}, ${plural(replayed, 'recorded use')} asked again${day === undefined ? '' : `, as on ${day}`}`,
    ...denies.slice(0, MOST_TOLD).map((denial) => `would refuse ${denial.who}: ${denial.what}, ${weightOf(denial)}`),
    ...codes.slice(0, MOST_TOLD).map((code) => `not known: ${UNKNOWN_CODES[code]} (${code})`),
  ];
  if (denies.length > MOST_TOLD) lines.push(`and ${denies.length - MOST_TOLD} more would be refused`);
  return lines;
}
