/** The `objects` of a case of `castellan eval`. */
import { unpack } from '../collect/manifests/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../model/index.ts';

/** Those in Lists among them. What is no object is an error: an answer about the others would look like one on all. */
export function objectsOfCase(objects: unknown): Record<string, unknown>[] {
  if (!Array.isArray(objects)) throw new CastellanError('CAS_BAD_CASE', '"objects" is not a list');
  return unpack(objects as unknown[]).flatMap(({ item, prefix, list }) => {
    const [index, ...inside] = prefix;
    // As in a file: an item that is null is no item.
    if (item === null && list !== undefined) return [];
    const place = [`objects[${index}]`, ...inside].join('.');
    if (!isRecord(item)) throw new CastellanError('CAS_BAD_CASE', `${place} is no object`);
    if (typeof item.kind !== 'string' || item.kind === '') throw new CastellanError('CAS_BAD_CASE', `${place} has no kind`);
    return [item];
  });
}
