/** Documents that the fast parser refuses though kubectl reads them, such as a closing bracket at column 1. */
import { usePositionFallback } from '../../snapshot/index.ts';
import type { TolerantParser } from './parse.ts';

const LONGEST = 4_000_000;
/** Keys that `<<` may copy; the fast parser has a limit of its own. */
const MOST_MERGED = 20_000_000;

/** At most so many keys are copied by merges: each `<<` copies no more keys than the text can hold. */
function mergesWork(text: string): number {
  return (text.split('<<').length - 1) * (text.length / 3);
}

/**
 * Loads the second parser only when a document needs it: it takes ten times as long. It is loaded by way of a module of
 * ours, as a bundle gives a package that is loaded by itself other names than Node does.
 */
export const parseTolerantly: TolerantParser = async (text) => {
  if (text.length > LONGEST || mergesWork(text) > MOST_MERGED) return undefined;
  const { parseAsKubectl } = await import('./tolerant-yaml.ts');
  try {
    const document = parseAsKubectl(text);
    if (document === undefined) return undefined;
    // Lines and columns of such a document come from this parser too.
    usePositionFallback((await import('../../lib/positions-fallback.ts')).tolerantYamlOffsets);
    return { value: document.toJS({ maxAliasCount: 1000 }) as unknown };
  } catch {
    return undefined;
  }
};
