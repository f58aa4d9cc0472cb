import type { Assertions } from './assertion.ts';
import { readLines } from './read-lines.ts';
import { readNetassert } from './read-netassert.ts';

/**
 * A file of assertions, in lines (see read-lines.ts) or as netassert has them. No line begins with a dash, a bracket or
 * a key, so that the first word tells them apart.
 * @throws CAS_ASSERTIONS
 */
export function readAssertions(text: string, file: string): Assertions {
  const plain = text.replace(/^\ufeff/, '');
  const first = plain.split(/\r?\n/).find((line) => line.trim() !== '' && !line.trimStart().startsWith('#')) ?? '';
  return /^\s*(-|\[|\{|[\w.]+:(\s|$))/.test(first) ? readNetassert(plain, file) : readLines(plain, file);
}
