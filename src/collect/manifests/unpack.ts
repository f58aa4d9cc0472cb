/** A value that may hold several objects: a List, Lists in it, a plain sequence of objects. */
import type { PathSegment } from '../../lib/field-path.ts';
import { isRecord } from '../../lib/record.ts';

export interface Unpacked {
  item: unknown;
  /** Where it stands in the value; empty for the value itself. */
  prefix: readonly PathSegment[];
  /** The List that it is an item of. */
  list: Record<string, unknown> | undefined;
}

/** What is judged one by one, however deep Lists nest: the parsers set the limit. */
export function unpack(value: unknown): Unpacked[] {
  const unpacked: Unpacked[] = [];
  const add = (item: unknown, prefix: readonly PathSegment[], list: Record<string, unknown> | undefined): void => {
    if (!isRecord(item) || typeof item.kind !== 'string' || !item.kind.endsWith('List') || !Array.isArray(item.items)) {
      unpacked.push({ item, prefix, list });
      return;
    }
    item.items.forEach((element: unknown, index) => {
      add(isRecord(element) ? typedAs(element, item) : element, prefix.length === 0 ? ['items', index] : [...prefix, 'items', index], item);
    });
  };
  if (Array.isArray(value)) value.forEach((element: unknown, index) => add(element, [index], undefined));
  else add(value, [], undefined);
  return unpacked;
}

/** The items of a PodList need not say that they are Pods. */
function typedAs(item: Record<string, unknown>, list: Record<string, unknown>): Record<string, unknown> {
  if (typeof item.kind === 'string' || list.kind === 'List') return item;
  const kind = String(list.kind).slice(0, -'List'.length);
  return { apiVersion: list.apiVersion, ...item, kind };
}
