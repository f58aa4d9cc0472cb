/** A mistake in a file of assertions, shown where it stands: a gate must not open because a word was misspelt. */
import { CastellanError, ERRORS } from '../../lib/errors.ts';

/** All count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters are wrong. */
  readonly length?: number;
}

/** `source` is the line as it is written. */
export function fault({ file, line, column, length = 1 }: Place, what: string, source: string): CastellanError {
  const remedy = ERRORS.CAS_ASSERTIONS.remedy;
  const caret = ' '.repeat(column - 1) + '^'.repeat(Math.max(1, length));
  return new CastellanError('CAS_ASSERTIONS', `${file}:${line}:${column}: ${what}`, {
    remedy: `    ${source.replaceAll('\t', ' ')}\n    ${caret}\n${remedy}`,
  });
}
