/**
 * Offsets of fields in YAML that the fast parser refuses, from the syntax tree of the tolerant one. Whoever has
 * loaded that parser anyway registers this; nobody else imports it, since loading it takes longer than a scan.
 */
import { type Document, type Node, type YAMLMap, isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { PathSegment } from './field-path.ts';
import type { Offset, OffsetFinder } from './positions-finder.ts';
import { parseTolerant } from './yaml-tolerant.ts';

/** A field: the node that marks it in the text, and the node of its value. */
interface Place {
  readonly mark: Node;
  readonly value: unknown;
}

/** Throws when the text is no YAML for this parser either. */
export function tolerantYamlOffsets(text: string): OffsetFinder {
  const document = parseTolerant(text);
  return { find: (path) => find(document, path) };
}

function find(document: Document, path: readonly PathSegment[]): Offset {
  if (document.contents === null) return { offset: 0, exact: path.length === 0 };
  let place: Place = { mark: document.contents, value: document.contents };
  for (const segment of path) {
    const next = child(document, place.value, segment);
    if (next === undefined) return { offset: offsetOf(place.mark), exact: false };
    place = next;
  }
  return { offset: offsetOf(place.mark), exact: true };
}

function child(document: Document, value: unknown, segment: PathSegment): Place | undefined {
  const waiting: unknown[] = [value];
  const seen = new Set<unknown>();
  while (waiting.length > 0) {
    const node = resolved(document, waiting.pop());
    if (seen.has(node)) continue;
    seen.add(node);
    if (isMap(node)) {
      const own = entry(document, node, String(segment));
      if (own !== undefined) return own;
      waiting.push(...merges(document, node));
    } else if (isSeq(node)) {
      // Elements of a sequence that was not merged but asked for itself.
      if (seen.size > 1) waiting.push(...[...node.items].reverse());
      else if (typeof segment === 'number') return elementOf(node.items[segment]);
    }
  }
  return undefined;
}

function elementOf(item: unknown): Place | undefined {
  return isNode(item) ? { mark: item, value: item } : undefined;
}

/** The last of two equal keys wins. */
function entry(document: Document, map: YAMLMap, name: string): Place | undefined {
  const pair = map.items.findLast(({ key }) => {
    const scalar = resolved(document, key);
    return isScalar(scalar) && (String(scalar.value) === name || scalar.source === name);
  });
  return pair !== undefined && isNode(pair.key) ? { mark: pair.key, value: pair.value } : undefined;
}

/** Values of merge keys, the last first, as a stack wants them. */
function merges(document: Document, map: YAMLMap): unknown[] {
  return map.items
    .filter(({ key }) => isScalar(key) && key.source === '<<' && key.type === 'PLAIN')
    .map(({ value }) => resolved(document, value))
    .reverse();
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
