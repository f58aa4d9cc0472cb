/** What a GET without a name asks for, from its query: k8s.io/apimachinery/pkg/apis/meta/internalversion. */
import { parseFieldSelector } from './field-selector.ts';
import { isInt64, isLabelSelector } from './label-selector.ts';
import type { RequestTarget } from './request-target.ts';

type Query = RequestTarget['query'];

/**
 * A list whose field selector asks for one name is about that name, unless some parameter cannot be read: then all of
 * them are dropped but `watch`.
 */
export function listOptions(query: Query): { watch: boolean; name: string } {
  const watch = query.get('watch')?.[0];
  const fields = parseFieldSelector(query.get('fieldSelector')?.[0] ?? '');
  if (fields === undefined || !isReadable(query)) return { watch: isTrue(watch, /^(?:0|false)$/i), name: '' };
  const name = fields.find(({ field, equal }) => field === 'metadata.name' && equal)?.value ?? '';
  // The fold is Unicode's here, as in Go's EqualFold, and not above.
  return { watch: isTrue(watch, /^(?:0|false)$/iu), name: isPathSegment(name) ? name : '' };
}

function isReadable(query: Query): boolean {
  const numbers = ['timeoutSeconds', 'limit'].flatMap((key) => query.get(key)?.slice(0, 1) ?? []);
  return numbers.every(isInt64) && isLabelSelector(query.get('labelSelector')?.[0] ?? '');
}

/** Everything is true that is not told to be false, even an empty text. */
function isTrue(value: string | undefined, falsehood: RegExp): boolean {
  return value !== undefined && !falsehood.test(value);
}

function isPathSegment(name: string): boolean {
  return name !== '.' && name !== '..' && !/[/%]/.test(name);
}
