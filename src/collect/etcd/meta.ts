/**
 * The two meta pages with which a bbolt file begins; each commit writes one of them. The form is that of
 * go.etcd.io/bbolt, internal/common/meta.go: 64 bytes after the page header, the last eight a checksum (FNV-1a).
 */
import type { DatabaseFile } from './database-file.ts';
import { PAGE_HEADER, isZero } from './page-bytes.ts';
import type { Problems } from './problems.ts';

const META_END = PAGE_HEADER + 64;
const MAGIC = 0xed0cdaed;
const VERSION = 2;
const META_FLAG = 4;
/** bbolt looks for the second meta page at these offsets when the first one tells nothing. */
const PAGE_SIZES = Array.from({ length: 16 }, (_, power) => 1024 << power);

export interface Meta {
  pageSize: number;
  /** Page of the bucket that holds all buckets. */
  root: number;
  /** Undefined where the file has none, as that of etcd. */
  freelist: number | undefined;
  /** Pages that are in use or were; the file is at least as long. */
  pages: number;
  transaction: number;
}

type Read = { meta: Meta } | { fault: string; looksLike: boolean };

/** The newer of those that are whole; undefined when there is none. */
export function readMeta(file: DatabaseFile, problems: Problems): Meta | undefined {
  const first = readAt(file, 0);
  const sizes = 'meta' in first ? [first.meta.pageSize] : PAGE_SIZES;
  const second = sizes
    .map((size) => ({ size, read: readAt(file, size) }))
    .find(({ size, read }) => ('meta' in read ? read.meta.pageSize === size : 'meta' in first));
  if (!('meta' in first) && second === undefined) {
    tellNone(first, file, problems);
    return undefined;
  }
  if (!('meta' in first)) problems.add('meta', `meta page 0 is damaged: ${first.fault}`, { page: 0, offset: 0 });
  if (second !== undefined && !('meta' in second.read))
    problems.add('meta', `meta page 1 is damaged: ${second.read.fault}`, { page: 1, offset: second.size });
  const metas = [first, second?.read].flatMap((read) => (read !== undefined && 'meta' in read ? [read.meta] : []));
  const [newest, other] = metas.sort((a, b) => b.transaction - a.transaction);
  if (newest !== undefined && other !== undefined) compare(newest, other, problems);
  if (newest !== undefined) for (const id of [0, 1]) checkRest(file, { id, pageSize: newest.pageSize }, problems);
  return newest;
}

function tellNone(first: Read, file: DatabaseFile, problems: Problems): void {
  if (file.size === 0) problems.add('not-bbolt', 'the file is empty', { offset: 0 });
  else if ('fault' in first && first.looksLike)
    problems.add('meta', `neither meta page is whole, so nothing says where the data is: ${first.fault}`, { page: 0, offset: 0 });
  else problems.add('not-bbolt', `the file does not begin as a database of etcd does${lookalike(file)}`, { offset: 0 });
}

/** What people have instead. */
function lookalike(file: DatabaseFile): string {
  const start = Buffer.alloc(16);
  file.read(start, 0);
  if (start.readUInt16BE(0) === 0x1f8b || start.readUInt32BE(0) === 0x28b52ffd) return ': it is compressed, so unpack it first';
  if (start.toString('latin1', 0, 15) === 'SQLite format 3') return ': it is a database of SQLite, as k3s keeps one where it has no etcd';
  return '';
}

/** Each commit writes the page of the other, so they are one transaction apart. */
function compare(newest: Meta, other: Meta, problems: Problems): void {
  if (newest.pageSize !== other.pageSize) problems.add('meta', 'the meta pages tell different page sizes', { page: 1, offset: 0 });
  const apart = newest.transaction - other.transaction;
  if (apart !== 1) problems.add('meta', `the meta pages are ${apart} transactions apart, not one`, { page: 1, offset: newest.pageSize });
}

/** bbolt leaves the rest of a page zero. */
function checkRest(file: DatabaseFile, { id, pageSize }: { id: number; pageSize: number }, problems: Problems): void {
  const offset = id * pageSize + META_END;
  const rest = Buffer.alloc(pageSize - META_END);
  file.read(rest, offset);
  if (!isZero(rest, 0)) problems.add('meta', `meta page ${id} has bytes behind what it says that are not zero`, { page: id, offset });
}

function readAt(file: DatabaseFile, offset: number): Read {
  const bytes = Buffer.alloc(META_END);
  const got = file.read(bytes, offset);
  const looksLike = got >= 20 && (bytes.readUInt32LE(16) === MAGIC || bytes.readUInt16LE(8) === META_FLAG);
  const fault = got < META_END ? 'it is cut short' : faultOf(bytes, offset);
  return fault === undefined ? { meta: decode(bytes) } : { fault, looksLike };
}

function faultOf(bytes: Buffer, offset: number): string | undefined {
  if (bytes.readUInt32LE(16) !== MAGIC) return 'its magic number is wrong';
  if (bytes.readUInt32LE(20) !== VERSION) return 'its version is not 2';
  if (fnv1a(bytes.subarray(PAGE_HEADER, META_END - 8)) !== bytes.readBigUInt64LE(META_END - 8)) return 'its checksum does not match';
  if (bytes.readUInt16LE(8) !== META_FLAG) return 'its page has not the flags of a meta page';
  if (bytes.readBigUInt64LE(0) !== (offset === 0 ? 0n : 1n)) return 'its page has another number';
  if (bytes.readUInt16LE(10) !== 0 || bytes.readUInt32LE(12) !== 0) return 'its page claims to have elements';
  const pageSize = bytes.readUInt32LE(24);
  if (!PAGE_SIZES.includes(pageSize) && pageSize !== 512) return `a page size of ${pageSize} is none`;
  for (const at of [32, 56, 64]) if (bytes.readBigUInt64LE(at) > BigInt(Number.MAX_SAFE_INTEGER)) return 'its numbers are too large';
  return undefined;
}

function decode(bytes: Buffer): Meta {
  const freelist = bytes.readBigUInt64LE(48);
  return {
    pageSize: bytes.readUInt32LE(24),
    root: Number(bytes.readBigUInt64LE(32)),
    freelist: freelist === 0xffff_ffff_ffff_ffffn ? undefined : Number(freelist),
    pages: Number(bytes.readBigUInt64LE(56)),
    transaction: Number(bytes.readBigUInt64LE(64)),
  };
}

function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
