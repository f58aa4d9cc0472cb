/**
 * Edits of a YAML or JSON text that keep all the rest of it: comments, order, quotes, blank lines. The text is parsed for
 * where things stand, and only the lines that change are written anew.
 */
import {
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  stringify,
} from 'yaml';
import { type PatchOperation, pointerSegments, sameJson } from './json-patch.ts';
import { messageOf } from './errors.ts';
import { isRecord } from './record.ts';

/** `document` is the index of the document in the text, and `root` the path to the object in it, for items of a List. */
export interface TextEdit {
  readonly document: number;
  readonly root?: readonly (string | number)[];
  readonly patch: readonly PatchOperation[];
}

/** Why a text cannot be edited: the place is behind an alias, was merged in, or is not there. */
export class TextEditFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TextEditFailure';
  }
}

/** Throws TextEditFailure; then nothing was changed. */
export function editYaml(text: string, { document, root = [], patch }: TextEdit): string {
  let result = text;
  for (const operation of patch) {
    const segments = pointerSegments(operation.path);
    if (segments === undefined) throw new TextEditFailure(`"${operation.path}" is no JSON pointer`);
    result = new Editor(result, document).done([...root.map(String), ...segments], operation);
  }
  return result;
}

type Collection = YAMLMap | YAMLSeq;

class Editor {
  readonly #text: string;
  readonly #document: Document;
  /** How the text ends its lines. */
  readonly #newline: string;

  constructor(text: string, index: number) {
    this.#text = text;
    this.#newline = /\r\n/.test(text) ? '\r\n' : '\n';
    const documents = parseAllDocuments(text, { version: '1.1', keepSourceTokens: false });
    const document = Array.isArray(documents) ? documents[index] : undefined;
    if (document === undefined) throw new TextEditFailure(`there is no document ${index + 1}`);
    const [fault] = document.errors;
    if (fault !== undefined) throw new TextEditFailure(messageOf(fault));
    this.#document = document;
  }

  done(segments: readonly string[], operation: PatchOperation): string {
    const last = segments.at(-1);
    if (last === undefined) throw new TextEditFailure('the whole document cannot be replaced');
    const parent = this.#collection(segments.slice(0, -1));
    const { op, value, path } = operation;
    if (op === 'add') return isSeq(parent) ? this.#addItem(parent, last, value) : this.#addPair(parent, last, value);
    const entry = isSeq(parent) ? parent.items[Number(last)] : parent.items.find(({ key }) => isScalar(key) && String(key.value) === last);
    if (entry === undefined) throw new TextEditFailure(`there is nothing at ${path}`);
    if (op === 'test') {
      const found = isPair(entry) ? entry.value : entry;
      if (!sameJson(isNode(found) ? found.toJS(this.#document) : found, value))
        throw new TextEditFailure(`at ${path} stands another value`);
      return this.#text;
    }
    return op === 'remove' ? this.#remove(parent, entry as Pair | Node) : this.#replace(parent, entry as Pair | Node, value);
  }

  #collection(segments: readonly string[]): Collection {
    let node: unknown = this.#document.contents;
    for (const [depth, segment] of segments.entries()) {
      if (isSeq(node)) node = node.items[Number(segment)];
      else if (isMap(node)) node = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment)?.value;
      else node = undefined;
      if (isAlias(node))
        throw new TextEditFailure(`/${segments.slice(0, depth + 1).join('/')} is an alias: what it stands for is used elsewhere too`);
    }
    if (!isMap(node) && !isSeq(node)) throw new TextEditFailure(`there is nothing at /${segments.join('/')}`);
    return node;
  }

  #addPair(map: YAMLMap, key: string, value: unknown): string {
    const there = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
    if (there !== undefined) return this.#replace(map, there, value);
    if (map.items.length === 0) return this.#fill(map, { [key]: value });
    if (map.flow === true) return this.#addFlow(map, map.items.length, this.#flowPair(key, value));
    const indent = this.#columnOf(map.items[0]);
    return this.#insertAfter(this.#endOf(map), lines(blockText({ [key]: value }), indent));
  }

  #addItem(list: YAMLSeq, at: string, value: unknown): string {
    const index = at === '-' ? list.items.length : Number(at);
    if (!(index >= 0 && index <= list.items.length)) throw new TextEditFailure(`there is no element ${at}`);
    if (list.items.length === 0) return this.#fill(list, [value]);
    if (list.flow === true) return this.#addFlow(list, index, this.#flow(value));
    const indent = this.#dashOf(list.items[0]);
    const text = lines(blockText([value]), indent);
    if (index === list.items.length) return this.#insertAfter(this.#endOf(list), text);
    const start = this.#dashOffset(list.items[index]);
    return this.#spliced(start, start, `${text.join(this.#newline).trimStart()}${this.#newline}${' '.repeat(indent)}`);
  }

  /** An empty collection becomes one with lines of its own, in the style of what is around it. */
  #fill(collection: Collection, value: unknown): string {
    const [start, end] = rangeOf(collection);
    const lineText = this.#text.slice(this.#lineStart(start), start);
    const isInFlow = this.#isJson() || /[{[]/.test(lineText);
    if (isInFlow || !/^\s*(- )*[^\s].*:\s*$/.test(lineText)) return this.#spliced(start, end, this.#flow(value));
    const indent = /^[\s-]*/.exec(lineText)?.[0].length ?? 0;
    const nested = lines(blockText(value), indent + 2);
    return this.#spliced(start - (lineText.length - lineText.trimEnd().length), end, this.#newline + nested.join(this.#newline));
  }

  #addFlow(collection: Collection, index: number, text: string): string {
    const items = collection.items as (Pair | Node)[];
    const before = items[index - 1];
    if (before === undefined) {
      const start = startOf(items[0]);
      return this.#spliced(start, start, `${text},${this.#gapBefore(start)}`);
    }
    const end = this.#endOf(before);
    return this.#spliced(end, end, `,${this.#gapBefore(startOf(before))}${text}`);
  }

  /** Items that stand on lines of their own get company of the same kind. */
  #gapBefore(start: number): string {
    const before = this.#text.slice(this.#lineStart(start), start);
    return before.trim() === '' ? this.#newline + before : ' ';
  }

  #remove(parent: Collection, entry: Pair | Node): string {
    const items = parent.items as unknown[];
    if (items.length === 1) return this.#empty(parent);
    const index = items.indexOf(entry);
    const [start, end] = [startOf(entry), this.#endOf(entry)];
    if (parent.flow === true) {
      const next = items[index + 1];
      if (next !== undefined) return this.#spliced(start, startOf(next), '');
      return this.#spliced(this.#endOf(items[index - 1]), end, '');
    }
    const next = items[index + 1];
    const [first, second] = isMap(parent)
      ? [start, next === undefined ? 0 : startOf(next)]
      : [this.#dashOffset(entry), next === undefined ? 0 : this.#dashOffset(next)];
    // The first entry of what is itself an item shares its line with the dash: the next one takes its place.
    const isBesideDash = this.#text.slice(this.#lineStart(first), first).trim() !== '';
    if (isBesideDash && next !== undefined) return this.#spliced(first, second, '');
    return this.#spliced(this.#lineStart(first), this.#afterLine(end), '');
  }

  /** The last one goes: what is left is empty, and says so. */
  #empty(parent: Collection): string {
    const text = isSeq(parent) ? '[]' : '{}';
    if (parent.flow === true) return this.#spliced(...rangeOf(parent), text);
    const [first] = parent.items as (Pair | Node)[];
    const start = isSeq(parent) ? this.#lineStart(startOf(first)) + this.#dashOf(first) : startOf(first);
    const head = this.#text.slice(0, start).trimEnd();
    const isOwnLine = this.#text.slice(this.#lineStart(start), start).trim() === '';
    // After a dash it stays on its line; after a key it goes up to it, unless a comment stands there.
    const above = head.slice(this.#lineStart(head.length));
    const isBelowKey = isOwnLine && /[:-]$/.test(above) && !/(^|\s)#/.test(above);
    if (isBelowKey) return `${head} ${text}${this.#text.slice(this.#endOf(parent))}`;
    // On its own line it stands deeper than the key, which dashes need not.
    return this.#spliced(start, this.#endOf(parent), isOwnLine && isSeq(parent) ? `  ${text}` : text);
  }

  #replace(parent: Collection, entry: Pair | Node, value: unknown): string {
    const node = isPair(entry) ? entry.value : entry;
    const isPlain = typeof value !== 'object' || value === null;
    if (
      isNode(node) &&
      (isScalar(node) || node.range?.[0] === undefined || (isCollection(node) && node.flow === true)) &&
      isPlain &&
      !isBlockScalar(node)
    ) {
      const [start, end] = rangeOf(node);
      // A key without a value has nothing to replace but the place after its colon.
      const gap = start === end && !/\s$/.test(this.#text.slice(0, start)) ? ' ' : '';
      return this.#spliced(start, end, gap + (parent.flow === true ? this.#flow(value) : scalarText(value)));
    }
    if (isNode(node) && (parent.flow === true || isFlowOfPlain(node, value))) return this.#spliced(...rangeOf(node), this.#flow(value));
    if (isPair(entry)) return this.#rewrite(entry, blockText({ [keyText(entry)]: value }));
    return this.#rewrite(entry, blockText([value]));
  }

  /** An entry of a block with lines of its own. */
  #rewrite(entry: Pair | Node, text: string): string {
    const indent = isPair(entry) ? this.#columnOf(entry) : this.#dashOf(entry);
    const start = isPair(entry) ? startOf(entry) : this.#lineStart(startOf(entry)) + indent;
    return this.#spliced(start, this.#contentEnd(this.#endOf(entry)), lines(text, indent).join(this.#newline).trimStart());
  }

  #insertAfter(offset: number, added: readonly string[]): string {
    const at = this.#afterLine(offset);
    const isLast = at === this.#text.length && !this.#text.endsWith('\n');
    const text = added.join(this.#newline);
    return isLast ? `${this.#text}${this.#newline}${text}` : this.#spliced(at, at, text + this.#newline);
  }

  /** The end of what is said there, without comments and blank lines that follow. */
  #endOf(entry: unknown): number {
    if (isPair(entry)) {
      if (isNode(entry.value) && !isEmptyScalar(entry.value)) return this.#endOf(entry.value);
      return isNode(entry.key) ? this.#colonAfter(rangeOf(entry.key)[1]) : 0;
    }
    if (!isNode(entry)) throw new TextEditFailure('there is nothing to end');
    if (isCollection(entry) && entry.flow !== true && entry.items.length > 0) return this.#endOf(entry.items.at(-1));
    const [start, end] = rangeOf(entry);
    return start === end ? start : this.#contentEnd(end);
  }

  #colonAfter(offset: number): number {
    const colon = this.#text.indexOf(':', offset);
    return colon < 0 ? offset : colon + 1;
  }

  /** A text in a block ends behind its line end. */
  #contentEnd(offset: number): number {
    let end = offset;
    while (end > 0 && /[\r\n]/.test(this.#text[end - 1] ?? '')) end -= 1;
    return end;
  }

  #afterLine(offset: number): number {
    const end = this.#text.indexOf('\n', offset);
    return end < 0 ? this.#text.length : end + 1;
  }

  #lineStart(offset: number): number {
    return this.#text.lastIndexOf('\n', offset - 1) + 1;
  }

  #columnOf(entry: unknown): number {
    const start = startOf(entry);
    return start - this.#lineStart(start);
  }

  /** The column of the dash before an item. */
  #dashOf(item: unknown): number {
    const at = this.#dashOffset(item);
    return at - this.#lineStart(at);
  }

  #dashOffset(item: unknown): number {
    const start = startOf(item);
    const lineStart = this.#lineStart(start);
    const dash = this.#text.slice(lineStart, start).lastIndexOf('-');
    if (dash >= 0) return lineStart + dash;
    throw new TextEditFailure('the item does not stand beside its dash');
  }

  #flowPair(key: string, value: unknown): string {
    return `${this.#flow(key)}: ${this.#flow(value)}`;
  }

  /** On one line, between brackets. */
  #flow(value: unknown): string {
    return this.#isJson() ? JSON.stringify(value) : flowText(value);
  }

  #isJson(): boolean {
    return /^\s*[{[]/.test(this.#text);
  }

  #spliced(start: number, end: number, text: string): string {
    return this.#text.slice(0, start) + text + this.#text.slice(end);
  }
}

function isCollection(node: unknown): node is Collection {
  return isMap(node) || isSeq(node);
}

function isBlockScalar(node: unknown): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

/** A list between brackets, of words or numbers, stays one. */
function isFlowOfPlain(node: Node, value: unknown): boolean {
  const isPlain = (one: unknown): boolean => typeof one !== 'object' || one === null;
  return isSeq(node) && node.flow === true && node.items.length > 0 && Array.isArray(value) && value.length > 0 && value.every(isPlain);
}

function isEmptyScalar(node: Node): boolean {
  const [start, end] = rangeOf(node);
  return isScalar(node) && start === end;
}

function rangeOf(node: unknown): [start: number, end: number] {
  const range = isNode(node) ? node.range : undefined;
  if (range === undefined || range === null) throw new TextEditFailure('the place cannot be found in the text');
  return [range[0], range[1]];
}

function startOf(entry: unknown): number {
  return rangeOf(isPair(entry) ? entry.key : entry)[0];
}

function keyText({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function lines(text: string, indent: number): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
}

const STYLE = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;

function blockText(value: unknown): string {
  return stringify(value, STYLE);
}

function scalarText(value: unknown): string {
  return stringify(value, STYLE).trimEnd();
}

/** Words stand without quotes where nothing in them means something between brackets. */
function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (isRecord(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${flowText(key)}: ${flowText(inner)}`);
    return `{${pairs.join(', ')}}`;
  }
  return typeof value === 'string' && /[,[\]{}:#\n]|^\s|\s$/.test(value) ? JSON.stringify(value) : scalarText(value);
}
