/**
 * The records of the bucket `key`: one for each change, under the revision that made it. Forms: etcd's
 * server/storage/mvcc/revision.go (17 bytes, and a `t` where the key was deleted) and api/mvccpb/kv.proto.
 */
import type { Entry } from './tree.ts';
import { BYTES, type Field, VARINT, eachField, exactVarint } from './wire.ts';

export interface Revision {
  main: number;
  sub: number;
  isDeletion: boolean;
}

/** Places are in the bytes of the page. */
export interface KeyValue {
  keyAt: number;
  keyEnd: number;
  created: number;
  modified: number;
  version: number;
  valueAt: number;
  valueEnd: number;
  lease: bigint;
}

const REVISION = 17;
const UNDERSCORE = 0x5f;
const DELETED = 0x74;
const TWO_TO_32 = 2 ** 32;

export function revisionAt(bytes: Buffer, start: number, end: number): Revision | undefined {
  const length = end - start;
  if (length !== REVISION && length !== REVISION + 1) return undefined;
  if (bytes[start + 8] !== UNDERSCORE || (length > REVISION && bytes[start + REVISION] !== DELETED)) return undefined;
  const main = numberAt(bytes, start);
  const sub = numberAt(bytes, start + 9);
  if (main === undefined || sub === undefined || main < 1) return undefined;
  return { main, sub, isDeletion: length > REVISION };
}

function numberAt(bytes: Buffer, at: number): number | undefined {
  const value = bytes.readUInt32BE(at) * TWO_TO_32 + bytes.readUInt32BE(at + 4);
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** What `etcdutl snapshot restore --bump-revision` writes: a revision at which nothing changed. */
export function isBump({ keyEnd, valueEnd }: Entry, { isDeletion }: Revision): boolean {
  return keyEnd === valueEnd && !isDeletion;
}

/** What is wrong with it, where it is no record that etcd could have written at this revision. */
export function keyValueOf({ bytes, keyEnd, valueEnd }: Entry, revision: Revision): KeyValue | string {
  const record: KeyValue = { keyAt: 0, keyEnd: 0, created: 0, modified: 0, version: 0, valueAt: 0, valueEnd: 0, lease: 0n };
  let last = 0;
  const whole = eachField(bytes, [keyEnd, valueEnd], (field) => {
    // Fields are written in their order, and those that are zero are left out.
    if (field.number <= last || !take(record, field, bytes)) return false;
    last = field.number;
    return true;
  });
  if (!whole) return 'is no record of etcd';
  return wrong(record, revision) ?? record;
}

function take(record: KeyValue, field: Field, bytes: Buffer): boolean {
  const { number, type, start, end, value } = field;
  if (type !== (number === 1 || number === 5 ? BYTES : VARINT)) return false;
  if (type === BYTES ? start === end : value === 0) return false;
  if (number === 1) {
    record.keyAt = start;
    record.keyEnd = end;
  } else if (number === 2) record.created = value;
  else if (number === 3) record.modified = value;
  else if (number === 4) record.version = value;
  else if (number === 5) {
    record.valueAt = start;
    record.valueEnd = end;
  } else if (number === 6) record.lease = exactVarint(bytes, field);
  else return false;
  return true;
}

function wrong({ keyAt, keyEnd, created, modified, version, valueEnd, lease }: KeyValue, revision: Revision): string | undefined {
  if (keyAt === keyEnd) return 'has no key';
  if (revision.isDeletion)
    return created + modified + version + valueEnd > 0 || lease !== 0n ? 'is of a deletion and has a value' : undefined;
  if (modified !== revision.main) return 'says another revision than the one that it stands under';
  if (created < 1 || created > modified) return 'was created after it was changed';
  if (version < 1 || (version === 1) !== (created === modified)) return 'has a version that does not fit its revisions';
  if (version - 1 > modified - created) return 'has a version that does not fit its revisions';
  return undefined;
}
