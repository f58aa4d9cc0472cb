/** Durations as Go and kubectl write them. */
import { CastellanError } from './errors.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `30s`, `1m30s`, or of seconds without a unit; undefined where it is zero. */
export function durationOf(text: string, flag: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) === 0 ? undefined : Number(text) * 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new CastellanError('CAS_USAGE', `${flag} takes a duration like 30s or 1m30s, not "${text}"`);
  }
  const sum = parts.reduce((all, [, count, unit = 's']) => all + Number(count) * (UNITS[unit] ?? 0), 0);
  return sum === 0 ? undefined : sum;
}
