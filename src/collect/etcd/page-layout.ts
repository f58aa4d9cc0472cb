/**
 * Where the elements of a page stand. bbolt writes them without a gap and leaves the rest of the page zero
 * (internal/common/inode.go, db.go), so every byte of a page is either told by its elements or zero.
 */
import { PAGE_HEADER, isZero } from './page-bytes.ts';
import { BRANCH, ELEMENT, LEAF, type Page } from './pages.ts';

/** Of each element where its key begins and ends, and its value; in bytes of the page. */
export interface Layout {
  keyAt: number;
  keyEnd: number;
  valueEnd: number;
  /** Of a leaf: 1 for a bucket. */
  flags: number;
}

/** The element, or what is wrong with it. `expected` is where its key must begin. */
export function elementAt(
  { bytes, flags: pageFlags, count }: Omit<Page, 'id' | 'offset'>,
  index: number,
  expected: number,
): Layout | string {
  const at = PAGE_HEADER + index * ELEMENT;
  const isLeaf = pageFlags === LEAF;
  const flags = isLeaf ? bytes.readUInt32LE(at) : 0;
  const keyAt = at + bytes.readUInt32LE(isLeaf ? at + 4 : at);
  const keyEnd = keyAt + bytes.readUInt32LE(isLeaf ? at + 8 : at + 4);
  const valueEnd = keyEnd + (isLeaf ? bytes.readUInt32LE(at + 12) : 0);
  const name = `element ${index} of ${count}`;
  if (keyAt !== expected) return `${name} does not stand where the one before it ends`;
  if (keyEnd === keyAt) return `${name} has no key`;
  if (valueEnd > bytes.length) return `${name} goes on behind the end of its page`;
  if (flags > 1) return `${name} has flags ${flags}`;
  return { keyAt, keyEnd, valueEnd, flags };
}

export function childOf({ bytes }: Page, index: number): number {
  return Number(bytes.readBigUInt64LE(PAGE_HEADER + index * ELEMENT + 8));
}

export function firstKeyAt({ count }: Pick<Page, 'count'>): number {
  return PAGE_HEADER + count * ELEMENT;
}

/** What is wrong behind the last element, which ends there. */
export function restFault({ bytes, flags }: Pick<Page, 'bytes' | 'flags'>, end: number, pageSize: number): string | undefined {
  const pages = bytes.length / pageSize;
  // Older releases of bolt took one page more where a node filled its pages exactly.
  if (pages !== Math.max(1, Math.ceil(end / pageSize)) && pages !== Math.floor(end / pageSize) + 1)
    return `takes ${pages} pages for ${end} bytes`;
  if (flags === BRANCH && end === PAGE_HEADER) return 'is a branch without children';
  return isZero(bytes, end) ? undefined : 'has bytes behind its last element that are not zero';
}
