/** A database of etcd, or a snapshot of one, read from its file and checked on the way. */
import { DatabaseFile } from './database-file.ts';
import type { UntoldDoubt } from './doubts.ts';
import { checkFreelist } from './freelist.ts';
import { type Meta, readMeta } from './meta.ts';
import { type StoredObjects, checkObjects, storedObjects } from './objects.ts';
import { type OwnData, emptyOwnData, ownBucketVisit } from './own-buckets.ts';
import { Pages } from './pages.ts';
import { Problems } from './problems.ts';
import { Records } from './records.ts';
import { type Entry, Tree } from './tree.ts';

/** Behind the pages of a snapshot stands the SHA-256 of all before it. */
const CHECKSUM = 32;

export interface EtcdDatabase {
  problems: Problems;
  /** Is it a database of etcd at all? */
  isEtcd: boolean;
  /** Bytes of the file. */
  fileSize: number;
  /** Undefined where nothing says where the data is. */
  meta: Meta | undefined;
  checksum: 'matches' | 'differs' | 'absent';
  pagesInUse: number;
  /** Odd values that may be damage as well as somebody else's. */
  untold: readonly UntoldDoubt[];
  own: OwnData;
  records: Records;
  objects: StoredObjects;
}

/**
 * Never throws for what the file holds; only where it cannot be read at all. `prefix` is under which the API server keeps
 * its objects, found by itself where left out.
 */
export function readEtcdDatabase(path: string, prefix?: string): EtcdDatabase {
  const file = new DatabaseFile(path);
  try {
    return read(file, prefix);
  } finally {
    file.close();
  }
}

function read(file: DatabaseFile, prefix: string | undefined): EtcdDatabase {
  const problems = new Problems();
  const meta = readMeta(file, problems);
  const own = emptyOwnData();
  const nothing = { problems, own, fileSize: file.size, meta, pagesInUse: 0, untold: [] };
  const isDamaged = problems.kept.some(({ code }) => code === 'meta');
  if (meta === undefined) {
    const records = new Records(problems, own);
    return { ...nothing, isEtcd: isDamaged, checksum: 'absent', records, objects: storedObjects(records, prefix) };
  }
  const length = meta.pages * meta.pageSize;
  const checksum = checkLength(file, length, problems);
  const pages = new Pages(file, meta, problems);
  const tree = new Tree(pages, problems);
  const buckets = bucketsOf(tree, meta.root, problems);
  const records = readBuckets(tree, { buckets, own, problems });
  checkFreelist(pages, problems);
  const isEtcd = buckets.has('key') || problems.total > 0;
  if (!buckets.has('key'))
    problems.add('not-etcd', 'it is a database of bbolt without the bucket of keys that etcd has', { page: meta.root });
  const objects = storedObjects(records, prefix);
  checkObjects(records, objects, problems);
  // Where a checksum tells that nothing changed, an odd value is one that was stored so.
  const untold = checksum === 'matches' ? [] : records.doubts.tell(problems);
  return { ...nothing, isEtcd, checksum, objects, pagesInUse: pages.used.size, untold, records };
}

function checkLength(file: DatabaseFile, length: number, problems: Problems): EtcdDatabase['checksum'] {
  if (file.size < length) problems.add('truncated', `the file ends ${length - file.size} bytes before its pages do`, { offset: file.size });
  if (file.size === length + CHECKSUM) return checkSum(file, length, problems);
  // A file that etcd works on is longer than what it holds, by whole pages.
  if (file.size > length && file.size % 512 !== 0)
    problems.add('truncated', `behind the pages stand ${file.size - length} bytes, which are neither pages nor a checksum`, {
      offset: length,
    });
  return 'absent';
}

function checkSum(file: DatabaseFile, length: number, problems: Problems): EtcdDatabase['checksum'] {
  const stored = Buffer.alloc(CHECKSUM);
  file.read(stored, length);
  if (file.sha256(length).equals(stored)) return 'matches';
  problems.add('checksum', 'the checksum at the end of the snapshot does not match what stands before it', { offset: length });
  return 'differs';
}

function bucketsOf(tree: Tree, root: number, problems: Problems): Map<string, Entry> {
  const buckets = new Map<string, Entry>();
  tree.walk(root, (entry) => {
    const { bytes, keyAt, keyEnd, valueEnd, isBucket, place } = entry;
    if (!isBucket) return problems.add('bucket', 'the first page has an entry that is no bucket', place);
    const name = bytes.toString('latin1', keyAt, keyEnd);
    // The page that it stands on is not kept.
    const kept = Buffer.from(bytes.subarray(keyAt, valueEnd));
    buckets.set(name, { ...entry, bytes: kept, keyAt: 0, keyEnd: keyEnd - keyAt, valueEnd: valueEnd - keyAt });
    return undefined;
  });
  return buckets;
}

interface Found {
  buckets: ReadonlyMap<string, Entry>;
  own: OwnData;
  problems: Problems;
}

/** Leases first, as records refer to them, and what etcd says of itself before what it keeps. */
function readBuckets(tree: Tree, { buckets, own, problems }: Found): Records {
  const isEtcd = buckets.has('key');
  for (const [name, entry] of buckets) {
    if (name === 'key') continue;
    const visit = ownBucketVisit(name, own, problems);
    if (visit === undefined && isEtcd) problems.add('bucket', 'there is a bucket that etcd does not make', entry.place);
    tree.walkBucket(entry, visit ?? (() => undefined));
  }
  const records = new Records(problems, own);
  const key = buckets.get('key');
  if (key !== undefined) tree.walkBucket(key, records.visit);
  for (const needed of isEtcd ? ['meta', 'lease'] : [])
    if (!buckets.has(needed)) problems.add('bucket', `there is no bucket ${needed}, which etcd always has`);
  return records;
}
