/** Pages of a bbolt file: read where they stand, each once, with all that a page must be. */
import type { DatabaseFile } from './database-file.ts';
import type { Meta } from './meta.ts';
import { PageSet } from './page-set.ts';
import type { Problems } from './problems.ts';

export const BRANCH = 1;
export const LEAF = 2;
export const FREELIST = 16;
export const ELEMENT = 16;

/** Longer runs cannot be right: a leaf holds few values, and etcd takes requests of megabytes at most. */
const LONGEST: Readonly<Record<number, number>> = { [BRANCH]: 1 << 20, [LEAF]: 1 << 28, [FREELIST]: 1 << 28 };

export interface Page {
  id: number;
  flags: number;
  count: number;
  /** All of it, with what it overflows into; used again by the next page of the same level. */
  bytes: Buffer;
  /** In the file. */
  offset: number;
}

export class Pages {
  readonly meta: Meta;
  readonly used = new PageSet();
  readonly #file: DatabaseFile;
  readonly #problems: Problems;
  readonly #buffers: Buffer[] = [];

  constructor(file: DatabaseFile, meta: Meta, problems: Problems) {
    this.#file = file;
    this.meta = meta;
    this.#problems = problems;
    this.used.add(0);
    this.used.add(1);
  }

  /** Undefined, with the problem told, where there is no such page. */
  read(id: number, level: number, from: number): Page | undefined {
    const { pageSize, pages } = this.meta;
    const offset = id * pageSize;
    if (id < 2 || id >= pages) {
      this.#problems.add('page', `page ${from} refers to page ${id}, which is no page of data`, { page: from, offset: from * pageSize });
      return undefined;
    }
    const start = this.#buffer(level, pageSize);
    if (this.#file.read(start, offset) < pageSize) return this.#fault(id, 'goes on behind the end of the file', 'truncated');
    const flags = start.readUInt16LE(8);
    if (start.readBigUInt64LE(0) !== BigInt(id)) return this.#fault(id, 'is marked with another number');
    if (flags !== BRANCH && flags !== LEAF && flags !== FREELIST) return this.#fault(id, `has flags ${flags}, which no page of data has`);
    const overflow = start.readUInt32LE(12);
    if (id + overflow >= pages) return this.#fault(id, `claims to go on for ${overflow} pages, beyond the last one`);
    const length = (overflow + 1) * pageSize;
    if (length > (LONGEST[flags] ?? 0)) return this.#fault(id, `claims to be ${length} bytes long`, 'too-large');
    if (!this.#take(id, overflow)) return undefined;
    const bytes = overflow === 0 ? start : this.#whole(start, { level, length, offset });
    if (bytes === undefined) return this.#fault(id, 'goes on behind the end of the file', 'truncated');
    return { id, flags, count: bytes.readUInt16LE(10), bytes, offset };
  }

  /** With the pages that it overflows into; undefined where the file ends before they do. */
  #whole(start: Buffer, { level, length, offset }: { level: number; length: number; offset: number }): Buffer | undefined {
    const bytes = this.#buffer(level, length);
    bytes.set(start);
    return this.#file.read(bytes.subarray(start.length), offset + start.length) < length - start.length ? undefined : bytes;
  }

  #take(id: number, overflow: number): boolean {
    for (let page = id; page <= id + overflow; page += 1) {
      if (this.used.add(page)) continue;
      this.#fault(page, 'is used twice', 'used-twice');
      return false;
    }
    return true;
  }

  /** Large ones are not kept: a level would hold on to the largest value of the database. */
  #buffer(level: number, length: number): Buffer {
    const kept = this.#buffers[level];
    if (kept !== undefined && kept.length >= length) return kept.subarray(0, length);
    const buffer = Buffer.allocUnsafeSlow(length);
    if (length <= 1 << 20) this.#buffers[level] = buffer;
    return buffer;
  }

  #fault(id: number, fault: string, code: 'page' | 'truncated' | 'used-twice' | 'too-large' = 'page'): undefined {
    this.#problems.add(code, `page ${id} ${fault}`, { page: id, offset: id * this.meta.pageSize });
  }
}
