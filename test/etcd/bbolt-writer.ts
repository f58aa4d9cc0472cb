/** Writes files of bbolt, as etcd would have: for tests of what reads them, and for benchmarks, where they are large. */
import { createHash } from 'node:crypto';

export type Pair = readonly [key: Buffer, value: Buffer];

/** In the order of their names and keys. */
export type Buckets = Iterable<readonly [name: string, pairs: Iterable<Pair>]>;

export interface WriterOptions {
  pageSize?: number;
  /** Free pages at the end, which a list tells; etcd itself keeps no list. */
  free?: number;
  /** Small buckets are written where they stand. */
  inline?: boolean;
}

const HEADER = 16;
const BRANCH = 1;
const LEAF = 2;
const NO_FREELIST = 0xffff_ffff_ffff_ffffn;

interface Item {
  key: Buffer;
  /** Of a leaf. */
  value?: Buffer;
  /** Of a branch. */
  child?: number;
  flags?: number;
}

/** A file in memory. */
export function databaseFile(buckets: Buckets, options: WriterOptions = {}): Buffer {
  const parts: Buffer[] = [];
  const metas = writeDatabase((bytes) => parts.push(bytes), buckets, options);
  return Buffer.concat([metas, ...parts]);
}

/** What `etcdctl snapshot save` makes of it. */
export function snapshotOf(database: Buffer): Buffer {
  return Buffer.concat([database, createHash('sha256').update(database).digest()]);
}

/** Hands out all pages from the third on, in their order; the answer is the first two. */
export function writeDatabase(put: (bytes: Buffer) => void, buckets: Buckets, options: WriterOptions = {}): Buffer {
  const writer = new Writer(put, options);
  return writer.write(buckets);
}

class Writer {
  readonly #put: (bytes: Buffer) => void;
  readonly #options: Required<WriterOptions>;
  #next = 2;

  constructor(put: (bytes: Buffer) => void, { pageSize = 4096, free = -1, inline = true }: WriterOptions) {
    this.#put = put;
    this.#options = { pageSize, free, inline };
  }

  write(buckets: Buckets): Buffer {
    const entries: Item[] = [];
    for (const [name, pairs] of buckets) entries.push({ key: Buffer.from(name), value: this.#bucket(pairs), flags: 1 });
    const root = this.#levels(this.#leaves(entries));
    const { free } = this.#options;
    const freelist = free < 0 ? undefined : this.#freelist(free);
    return this.#metas(root, freelist);
  }

  #bucket(pairs: Iterable<Pair>): Buffer {
    const header = Buffer.alloc(16);
    const { inline, pageSize } = this.#options;
    const first: Item[] = [];
    let size = HEADER;
    const source = pairs[Symbol.iterator]();
    let next = source.next();
    const most = inline ? pageSize / 4 : 0;
    for (; next.done !== true && size <= most; next = source.next()) {
      const [key, value] = next.value;
      first.push({ key, value });
      size += 16 + key.length + value.length;
    }
    if (next.done === true && size <= most) return Buffer.concat([header, page(0, LEAF, first).subarray(0, size)]);
    const rest = function* (): Generator<Item> {
      yield* first;
      for (; next.done !== true; next = source.next()) yield { key: next.value[0], value: next.value[1] };
    };
    header.writeBigUInt64LE(BigInt(this.#levels(this.#leaves(rest()))), 0);
    return header;
  }

  #leaves(items: Iterable<Item>): Item[] {
    const above = this.#nodes(items, LEAF);
    return above.length > 0 ? above : [this.#page(LEAF, [])];
  }

  /** Branches until there is one root. */
  #levels(items: Item[]): number {
    let level = items;
    while (level.length > 1) level = this.#nodes(level, BRANCH);
    return level[0]?.child ?? 0;
  }

  #nodes(items: Iterable<Item>, flags: number): Item[] {
    const above: Item[] = [];
    let node: Item[] = [];
    let size = HEADER;
    for (const item of items) {
      const needed = 16 + item.key.length + (item.value?.length ?? 0);
      if (node.length >= 2 && size + needed > this.#options.pageSize) {
        above.push(this.#page(flags, node));
        node = [];
        size = HEADER;
      }
      node.push(item);
      size += needed;
    }
    if (node.length > 0) above.push(this.#page(flags, node));
    return above;
  }

  #page(flags: number, items: readonly Item[]): Item {
    const id = this.#next;
    const { pageSize } = this.#options;
    const content = page(id, flags, items);
    const pages = Math.ceil(content.length / pageSize);
    content.writeUInt32LE(pages - 1, 12);
    this.#put(Buffer.concat([content], pages * pageSize));
    this.#next += pages;
    return { key: items[0]?.key ?? Buffer.alloc(0), child: id };
  }

  #freelist(free: number): number {
    const id = this.#next;
    const { pageSize } = this.#options;
    const bytes = Buffer.alloc(pageSize);
    bytes.writeBigUInt64LE(BigInt(id), 0);
    bytes.writeUInt16LE(16, 8);
    bytes.writeUInt16LE(free, 10);
    for (let index = 0; index < free; index += 1) bytes.writeBigUInt64LE(BigInt(id + 1 + index), HEADER + index * 8);
    this.#put(bytes);
    if (free > 0) this.#put(Buffer.alloc(free * pageSize, 0xab));
    this.#next += 1 + free;
    return id;
  }

  #metas(root: number, freelist: number | undefined): Buffer {
    const { pageSize } = this.#options;
    const bytes = Buffer.alloc(2 * pageSize);
    for (const id of [0, 1]) {
      const meta = bytes.subarray(id * pageSize);
      meta.writeBigUInt64LE(BigInt(id), 0);
      meta.writeUInt16LE(4, 8);
      meta.writeUInt32LE(0xed0cdaed, 16);
      meta.writeUInt32LE(2, 20);
      meta.writeUInt32LE(pageSize, 24);
      meta.writeBigUInt64LE(BigInt(root), 32);
      meta.writeBigUInt64LE(freelist === undefined ? NO_FREELIST : BigInt(freelist), 48);
      meta.writeBigUInt64LE(BigInt(this.#next), 56);
      meta.writeBigUInt64LE(BigInt(10 - id), 64);
      seal(meta);
    }
    return bytes;
  }
}

/** Writes the checksum of a meta page anew. */
export function seal(meta: Buffer): void {
  let hash = 0xcbf29ce484222325n;
  for (const byte of meta.subarray(16, 72)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  meta.writeBigUInt64LE(hash, 72);
}

function page(id: number, flags: number, items: readonly Item[]): Buffer {
  const size = items.reduce((sum, { key, value }) => sum + 16 + key.length + (value?.length ?? 0), HEADER);
  const bytes = Buffer.alloc(size);
  bytes.writeBigUInt64LE(BigInt(id), 0);
  bytes.writeUInt16LE(flags, 8);
  bytes.writeUInt16LE(items.length, 10);
  let at = HEADER + items.length * 16;
  for (const [index, { key, value, child, flags: itemFlags = 0 }] of items.entries()) {
    const element = HEADER + index * 16;
    if (flags === LEAF) {
      bytes.writeUInt32LE(itemFlags, element);
      bytes.writeUInt32LE(at - element, element + 4);
      bytes.writeUInt32LE(key.length, element + 8);
      bytes.writeUInt32LE(value?.length ?? 0, element + 12);
    } else {
      bytes.writeUInt32LE(at - element, element);
      bytes.writeUInt32LE(key.length, element + 4);
      bytes.writeBigUInt64LE(BigInt(child ?? 0), element + 8);
    }
    at += key.copy(bytes, at);
    at += value?.copy(bytes, at) ?? 0;
  }
  return bytes;
}
