/** The list of free pages, where a file has one: none of them may be in use. Pages in neither are no damage. */
import { PAGE_HEADER, isZero } from './page-bytes.ts';
import { FREELIST, type Pages } from './pages.ts';
import type { Problems } from './problems.ts';

/** From this count on, the number of entries is the first of them. */
const LONG = 0xffff;

/** To be called when all buckets were gone through. */
export function checkFreelist(pages: Pages, problems: Problems): void {
  const { freelist, pages: last } = pages.meta;
  if (freelist === undefined) return;
  const page = pages.read(freelist, 0, 0);
  if (page === undefined) return;
  const { id, offset, bytes } = page;
  if (page.flags !== FREELIST) return problems.add('freelist', `page ${id} should be the freelist and is not`, { page: id, offset });
  const start = page.count === LONG ? PAGE_HEADER + 8 : PAGE_HEADER;
  const count = page.count === LONG ? Number(bytes.readBigUInt64LE(PAGE_HEADER)) : page.count;
  const end = start + count * 8;
  if (end > bytes.length) return problems.add('freelist', `the freelist claims to have ${count} entries`, { page: id, offset });
  let before = 1;
  for (let at = start; at < end; at += 8) {
    const free = Number(bytes.readBigUInt64LE(at));
    const place = { page: id, offset: offset + at };
    if (free <= before || free >= last) problems.add('freelist', `the freelist has page ${free}, which cannot follow ${before}`, place);
    else if (pages.used.has(free)) problems.add('freelist', `page ${free} is free and in use`, place);
    before = free;
  }
  if (!isZero(bytes, end)) problems.add('freelist', `page ${id} has bytes behind the freelist that are not zero`, { page: id, offset });
}
