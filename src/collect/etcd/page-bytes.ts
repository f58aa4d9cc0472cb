/** What all pages have in common. */

/** Number, flags, count of elements, and how many pages it goes on for. */
export const PAGE_HEADER = 16;

const ZERO = Buffer.alloc(1 << 16);

export function isZero(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at += ZERO.length) {
    const end = Math.min(bytes.length, at + ZERO.length);
    if (bytes.compare(ZERO, 0, end - at, at, end) !== 0) return false;
  }
  return true;
}
