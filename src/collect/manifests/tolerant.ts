/** Documents that the fast parser refuses though kubectl reads them, such as a closing bracket at column 1. */
import { usePositionFallback } from '../../snapshot/index.ts';
import type { TolerantParser } from './parse.ts';

/** Loads the second parser only when a document needs it: it takes ten times as long. */
export const parseTolerantly: TolerantParser = async (text) => {
  if (text.length > 4_000_000) return undefined;
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { version: '1.1', merge: true, uniqueKeys: false, logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  // Lines and columns of such a document come from this parser too.
  usePositionFallback((await import('../../lib/positions-fallback.ts')).tolerantYamlOffsets);
  try {
    return { value: document.toJS({ maxAliasCount: 1000 }) as unknown };
  } catch {
    return undefined;
  }
};
