/** All objects of one kind, compressed: JSON, one object a line, in the order of their names. */
import { isRecord } from '../lib/record.ts';
import { type Blocks, BlockWriter, damaged, linesOf } from './blocks.ts';
import { managedFieldsIn } from './managed-fields.ts';

export interface SegmentId {
  apiVersion: string;
  kind: string;
  /** As in addresses of the API: `deployments`. */
  resource: string;
}

export interface Segment extends SegmentId {
  count: number;
  /** Of the objects as JSON, one a line. */
  bytes: number;
  /** Of the same: equal where the objects are, whatever compressed them. */
  sha256: string;
  data: Buffer;
}

interface Line {
  /** Namespace and name, as the API server orders its lists. */
  key: string;
  text: string;
}

/** Lines that are in order among themselves. */
interface Run {
  keys: string[];
  blocks: Blocks;
}

/** Held until they are sorted, once it turned out that objects do not come in order. */
const MOST_UNSORTED = 8 << 20;

/** Takes objects in any order and holds little more than their compressed form. */
export class SegmentWriter {
  readonly #id: SegmentId;
  #sorted = new BlockWriter();
  #keys: string[] = [];
  /** Whether an object came after one that it belongs before. */
  #mixed = false;
  readonly #runs: Run[] = [];
  #unsorted: Line[] = [];
  #unsortedSize = 0;

  constructor(id: SegmentId) {
    this.#id = id;
  }

  add(object: Readonly<Record<string, unknown>>): void {
    const { apiVersion, kind } = this.#id;
    // The items of a list need not say what they are.
    const whole = typeof object.kind === 'string' && typeof object.apiVersion === 'string' ? object : { ...object, apiVersion, kind };
    const line = { key: keyOf(object), text: JSON.stringify(whole) };
    const last = this.#keys.at(-1);
    if (!this.#mixed && (last === undefined || last <= line.key)) this.#append(line);
    else this.#hold(line);
  }

  end(): Segment {
    if (!this.#mixed) return this.#segmentOf(this.#sorted.end());
    this.#sort();
    const merged = new BlockWriter();
    for (const line of merge(this.#runs)) merged.add(line);
    return this.#segmentOf(merged.end());
  }

  #append({ key, text }: Line): void {
    this.#keys.push(key);
    this.#sorted.add(text);
  }

  #hold(line: Line): void {
    if (!this.#mixed) {
      this.#mixed = true;
      this.#closeRun();
    }
    this.#unsorted.push(line);
    this.#unsortedSize += line.text.length;
    if (this.#unsortedSize >= MOST_UNSORTED) this.#sort();
  }

  #sort(): void {
    for (const line of this.#unsorted.sort((a, b) => compare(a.key, b.key) || compare(a.text, b.text))) this.#append(line);
    this.#unsorted = [];
    this.#unsortedSize = 0;
    this.#closeRun();
  }

  #closeRun(): void {
    if (this.#keys.length > 0) this.#runs.push({ keys: this.#keys, blocks: this.#sorted.end() });
    this.#keys = [];
    this.#sorted = new BlockWriter();
  }

  #segmentOf({ data, lines, bytes, sha256 }: Blocks): Segment {
    return { ...this.#id, count: lines, bytes, sha256, data };
  }
}

/** Reads block by block; what is not as the segment says is an error, at the latest after the last object. */
export function* objectsOf(segment: Segment): Generator<Record<string, unknown>> {
  for (const line of linesOf(blocksOf(segment), { hashed: true })) yield objectIn(line.toString('utf8'));
}

/**
 * The same for judging, which is done often and at once: with who set which field as text, a third of what a server
 * says and seldom looked at, and without the hash, as the checksum of the file was compared already.
 */
export function* judgedObjectsOf(segment: Segment): Generator<{ object: Record<string, unknown>; managedFields: string | undefined }> {
  for (const line of linesOf(blocksOf(segment), { hashed: false })) {
    const { start, end } = managedFieldsIn(line);
    const object = objectIn(end === 0 ? line.toString('utf8') : line.toString('utf8', 0, start) + line.toString('utf8', end));
    // What a controller made it also wrote, and of such objects there are most.
    const isKept = end > 0 && !isMade(object);
    yield {
      object,
      managedFields: isKept ? line.toString('utf8', line.indexOf('[', start), line.lastIndexOf(']', end - 1) + 1) : undefined,
    };
  }
}

function isMade({ metadata }: Record<string, unknown>): boolean {
  const owners: readonly unknown[] = isRecord(metadata) && Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  return owners.some((owner) => isRecord(owner) && owner.controller === true);
}

function blocksOf(segment: Segment): Blocks {
  return { ...segment, lines: segment.count };
}

/** By group, kind and version: the order does not depend on which list the server answered first. */
export function inOrder(segments: readonly Segment[]): Segment[] {
  const key = ({ apiVersion, kind }: Segment): string => {
    const slash = apiVersion.indexOf('/');
    return `${slash < 0 ? '' : apiVersion.slice(0, slash)}/${kind}/${apiVersion}`;
  };
  return [...segments].sort((a, b) => compare(key(a), key(b)) || compare(a.resource, b.resource));
}

function objectIn(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged('a line is no JSON', error);
  }
  if (!isRecord(value)) throw damaged('a line holds no object');
  return value;
}

/** `NAMESPACE/NAME`, or the name alone: the key under which the server keeps the object. */
function keyOf(object: Readonly<Record<string, unknown>>): string {
  const { namespace, name }: Record<string, unknown> = isRecord(object.metadata) ? object.metadata : {};
  const own = typeof name === 'string' ? name : '';
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${own}` : own;
}

/** Several ordered runs as one. There are few of them: each but the first holds megabytes. */
function* merge(runs: readonly Run[]): Generator<string> {
  const heads = runs.flatMap(({ keys, blocks }) => {
    const lines = linesOf(blocks, { hashed: false });
    const first = lines.next();
    return first.done === true ? [] : [{ keys, lines, at: 0, text: first.value.toString('utf8') }];
  });
  for (;;) {
    let least: (typeof heads)[number] | undefined;
    for (const head of heads) if (least === undefined || comesBefore(head, least)) least = head;
    if (least === undefined) return;
    yield least.text;
    const next = least.lines.next();
    if (next.done === true) heads.splice(heads.indexOf(least), 1);
    else {
      least.text = next.value.toString('utf8');
      least.at += 1;
    }
  }
}

interface Head {
  keys: readonly string[];
  at: number;
  text: string;
}

function comesBefore(one: Head, other: Head): boolean {
  return (compare(one.keys[one.at] ?? '', other.keys[other.at] ?? '') || compare(one.text, other.text)) < 0;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
