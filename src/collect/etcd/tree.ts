/** A bucket: a B+tree of pages, gone through in the order of its keys. */
import { PAGE_HEADER } from './page-bytes.ts';
import { childOf, elementAt, firstKeyAt, restFault } from './page-layout.ts';
import { BRANCH, FREELIST, LEAF, type Page, type Pages } from './pages.ts';
import type { Place, Problems } from './problems.ts';

/** Of an entry: valid only while it is visited. */
export interface Entry {
  bytes: Buffer;
  keyAt: number;
  keyEnd: number;
  valueEnd: number;
  isBucket: boolean;
  place: Place;
}

export type Visit = (entry: Entry) => void;

/** A tree of bbolt grows to a depth of five or six. */
const DEEPEST = 24;
/** Header of a bucket in the value of its entry: the page of its root, and a sequence. */
const BUCKET_HEADER = 16;

export class Tree {
  readonly #pages: Pages;
  readonly #problems: Problems;
  #last: Buffer = Buffer.alloc(0);

  constructor(pages: Pages, problems: Problems) {
    this.#pages = pages;
    this.#problems = problems;
  }

  walk(root: number, visit: Visit): void {
    this.#last = Buffer.alloc(0);
    this.#page(root, { from: root, level: 0 }, visit);
  }

  /** The bucket that is the value of an entry: in pages of its own, or small and written where it stands. */
  walkBucket({ bytes, keyEnd, valueEnd, place }: Entry, visit: Visit): void {
    const value = Buffer.from(bytes.subarray(keyEnd, valueEnd));
    if (value.length < BUCKET_HEADER) return this.#problems.add('bucket', 'a bucket has no header', place);
    const root = Number(value.readBigUInt64LE(0));
    if (root !== 0 && value.length === BUCKET_HEADER) return this.walk(root, visit);
    if (root !== 0 || value.length < BUCKET_HEADER + PAGE_HEADER)
      return this.#problems.add('bucket', 'the header of a bucket does not fit its length', place);
    this.#inline(value.subarray(BUCKET_HEADER), { ...place, offset: (place.offset ?? 0) + BUCKET_HEADER }, visit);
  }

  #inline(bytes: Buffer, place: Place, visit: Visit): void {
    const flags = bytes.readUInt16LE(8);
    if (bytes.readBigUInt64LE(0) !== 0n || flags !== LEAF || bytes.readUInt32LE(12) !== 0)
      return this.#problems.add('bucket', 'the page of a small bucket has a wrong header', place);
    this.#last = Buffer.alloc(0);
    const end = this.#leaf({ id: place.page ?? 0, flags, count: bytes.readUInt16LE(10), bytes, offset: place.offset ?? 0 }, visit);
    if (end !== undefined && end !== bytes.length)
      this.#problems.add('bucket', 'the page of a small bucket is longer than what it holds', place);
  }

  /** `first` is the key that the page above has for this one. */
  #page(id: number, { from, level, first }: { from: number; level: number; first?: Buffer }, visit: Visit): void {
    if (level > DEEPEST)
      return this.#problems.add('page', `page ${id} stands too deep`, { page: id, offset: id * this.#pages.meta.pageSize });
    const page = this.#pages.read(id, level, from);
    if (page === undefined) return;
    if (page.flags === FREELIST) return this.#fault(page, 'is part of the freelist and not of a bucket');
    if (firstKeyAt(page) > page.bytes.length) return this.#fault(page, `claims to have ${page.count} elements`);
    if (first !== undefined && !startsWith(page, first)) this.#fault(page, 'does not begin with the key that the page above it has for it');
    const end = page.flags === BRANCH ? this.#branch(page, level, visit) : this.#leaf(page, visit);
    const fault = end === undefined ? undefined : restFault(page, end, this.#pages.meta.pageSize);
    if (fault !== undefined) this.#fault(page, fault);
  }

  /** Where the elements end; undefined where that is not known. */
  #branch(page: Page, level: number, visit: Visit): number | undefined {
    let expected = firstKeyAt(page);
    for (let index = 0; index < page.count; index += 1) {
      const element = elementAt(page, index, expected);
      if (typeof element === 'string') return this.#fault(page, element);
      const first = page.bytes.subarray(element.keyAt, element.keyEnd);
      this.#page(childOf(page, index), { from: page.id, level: level + 1, first }, visit);
      expected = element.valueEnd;
    }
    return expected;
  }

  #leaf(page: Page, visit: Visit): number | undefined {
    const { bytes, id, count, offset } = page;
    if (firstKeyAt(page) > bytes.length) return this.#fault(page, `claims to have ${count} elements`);
    let expected = firstKeyAt(page);
    for (let index = 0; index < count; index += 1) {
      const element = elementAt(page, index, expected);
      if (typeof element === 'string') return this.#fault(page, element);
      const { keyAt, keyEnd, valueEnd, flags } = element;
      this.#order(page, keyAt, keyEnd);
      visit({ bytes, keyAt, keyEnd, valueEnd, isBucket: flags === 1, place: { page: id, offset: offset + keyAt } });
      expected = valueEnd;
    }
    return expected;
  }

  #order(page: Page, keyAt: number, keyEnd: number): void {
    const { bytes } = page;
    if (this.#last.length > 0 && this.#last.compare(bytes, keyAt, keyEnd) >= 0)
      this.#problems.add('order', `page ${page.id} has a key that is not behind the one before it`, {
        page: page.id,
        offset: page.offset + keyAt,
      });
    const length = keyEnd - keyAt;
    if (this.#last.length !== length) this.#last = Buffer.allocUnsafe(length);
    bytes.copy(this.#last, 0, keyAt, keyEnd);
  }

  #fault({ id, offset }: Page, fault: string): undefined {
    this.#problems.add('page', `page ${id} ${fault.startsWith('element') ? `is damaged: ${fault}` : fault}`, { page: id, offset });
  }
}

/** Every change of a node writes its first key into the node above. */
function startsWith(page: Page, key: Buffer): boolean {
  if (page.count === 0) return false;
  const element = elementAt(page, 0, firstKeyAt(page));
  return typeof element === 'string' || page.bytes.compare(key, 0, key.length, element.keyAt, element.keyEnd) === 0;
}
