/** What etcd keeps beside the keys: leases, members, how far it came. Forms: etcd's server/storage/schema. */
import { revisionAt } from './key-value.ts';
import type { Problems } from './problems.ts';
import type { Entry, Visit } from './tree.ts';
import { BYTES, VARINT, eachField, exactVarint } from './wire.ts';

/** A server that belongs to the cluster. */
export interface Member {
  /** Hexadecimal, as etcdctl has it. */
  id: string;
  name: string;
  peerURLs: string[];
  clientURLs: string[];
  isLearner: boolean;
}

export interface OwnData {
  /** Numbers from 1 by id. */
  leases: Map<bigint, number>;
  members: Member[];
  /** Changes that were applied to the database. */
  consistentIndex: number | undefined;
  term: number | undefined;
  /** Since etcd 3.6. */
  storageVersion: string | undefined;
  clusterVersion: string | undefined;
  /** Up to this revision old records were removed. */
  compacted: number;
  /** Up to this one they are being removed. */
  compacting: number;
  authEnabled: boolean;
}

export function emptyOwnData(): OwnData {
  return {
    leases: new Map(),
    members: [],
    consistentIndex: undefined,
    term: undefined,
    storageVersion: undefined,
    clusterVersion: undefined,
    compacted: 0,
    compacting: 0,
    authEnabled: false,
  };
}

/** Every bucket that etcd has made since 3.0, but for the keys; `test` is one of its own tests. */
const READERS: Readonly<Record<string, (data: OwnData, entry: Whole) => boolean>> = {
  meta: readMetaEntry,
  lease: readLease,
  members: readMember,
  members_removed: (_, { key }) => isId(key),
  cluster: readCluster,
  alarm: (_, { key, value }) => isMessage(key) && value.length === 0,
  auth: readAuth,
  authUsers: (_, { value }) => isMessage(value),
  authRoles: (_, { value }) => isMessage(value),
  test: () => true,
};

interface Whole {
  key: Buffer;
  value: Buffer;
}

/** Undefined for a bucket that etcd has not. */
export function ownBucketVisit(name: string, data: OwnData, problems: Problems): Visit | undefined {
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (read === undefined) return undefined;
  return ({ bytes, keyAt, keyEnd, valueEnd, isBucket, place }: Entry) => {
    const entry = { key: Buffer.from(bytes.subarray(keyAt, keyEnd)), value: Buffer.from(bytes.subarray(keyEnd, valueEnd)) };
    if (isBucket || !read(data, entry)) problems.add('member', `an entry of the bucket ${name} is not as etcd writes it`, place);
  };
}

function readMetaEntry(data: OwnData, { key, value }: Whole): boolean {
  switch (key.toString('latin1')) {
    case 'consistent_index':
      data.consistentIndex = numberOf(value);
      return data.consistentIndex !== undefined;
    case 'term':
      data.term = numberOf(value);
      return data.term !== undefined;
    case 'confState':
      return jsonOf(value) !== undefined;
    case 'storageVersion':
      data.storageVersion = value.toString('utf8');
      return isVersion(data.storageVersion);
    case 'scheduledCompactRev':
      data.compacting = revisionAt(value, 0, value.length)?.main ?? 0;
      return data.compacting > 0;
    case 'finishedCompactRev':
      data.compacted = revisionAt(value, 0, value.length)?.main ?? 0;
      return data.compacted > 0;
    default:
      // A later release may keep more.
      return data.storageVersion !== undefined && !/^3\.[0-6]\./.test(data.storageVersion);
  }
}

function readLease({ leases }: OwnData, { key, value }: Whole): boolean {
  let id: bigint | undefined;
  const whole = eachField(value, [0, value.length], (field) => {
    if (field.number === 1) id = exactVarint(value, field);
    return field.type === VARINT && field.number <= 3;
  });
  if (!whole || id === undefined || key.length !== 8 || key.readBigUInt64BE(0) !== id) return false;
  leases.set(id, leases.size + 1);
  return true;
}

function readMember({ members }: OwnData, { key, value }: Whole): boolean {
  const member = jsonOf(value);
  // The id is longer than the numbers of JavaScript.
  const id = /"id":(\d{1,20})[,}]/i.exec(value.toString('utf8'))?.[1];
  if (!isId(key) || member === undefined || id === undefined || BigInt(id) !== BigInt(`0x${key.toString('latin1')}`)) return false;
  const { name, peerURLs, clientURLs, isLearner } = member;
  members.push({
    id: key.toString('latin1'),
    name: typeof name === 'string' ? name : '',
    peerURLs: textsOf(peerURLs),
    clientURLs: textsOf(clientURLs),
    isLearner: isLearner === true,
  });
  return true;
}

function readCluster(data: OwnData, { key, value }: Whole): boolean {
  const name = key.toString('latin1');
  if (name === 'downgrade') return jsonOf(value) !== undefined;
  if (name !== 'clusterVersion') return false;
  data.clusterVersion = value.toString('utf8');
  return isVersion(data.clusterVersion);
}

function readAuth(data: OwnData, { key, value }: Whole): boolean {
  const name = key.toString('latin1');
  if (name === 'authRevision') return numberOf(value) !== undefined;
  data.authEnabled = value[0] === 1;
  return name === 'authEnabled' && value.length === 1 && (value[0] ?? 2) <= 1;
}

function numberOf(value: Buffer): number | undefined {
  if (value.length !== 8) return undefined;
  const number = value.readBigUInt64BE(0);
  return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : undefined;
}

function jsonOf(value: Buffer): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(value.toString('utf8'));
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function isId(key: Buffer): boolean {
  return /^[0-9a-f]{1,16}$/.test(key.toString('latin1'));
}

function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+(-[\w.+-]+)?$/.test(text);
}

function isMessage(bytes: Buffer): boolean {
  return bytes.length > 0 && eachField(bytes, [0, bytes.length], ({ type }) => type === BYTES || type === VARINT);
}
