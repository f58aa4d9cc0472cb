/** What etcd keeps, made for tests: records of keys as an API server writes them, leases, members. */
import type { Buckets, Pair } from './bbolt-writer.ts';

/** A change of a key; without a value a deletion. */
export interface Change {
  key: string;
  value?: Buffer;
  lease?: bigint;
}

export interface Contents {
  changes: Iterable<Change>;
  leases?: readonly bigint[];
  /** Revision of the first change; 2 as in a new cluster. */
  from?: number;
  /** Beside the ones that etcd has: bucket, key, value. */
  more?: readonly (readonly [string, string, Buffer])[];
}

/** All buckets that etcd has, in their order. */
export function* bucketsWith({ changes, leases = [], from = 2, more = [] }: Contents): Buckets {
  const own: Record<string, Pair[]> = {
    alarm: [],
    auth: [[Buffer.from('authRevision'), number(1)]],
    authRoles: [],
    authUsers: [],
    cluster: [[Buffer.from('clusterVersion'), Buffer.from('3.6.0')]],
    key: [],
    lease: leases.map((id): Pair => [number(id), message([1, id], [2, 3600n])]),
    members: [[Buffer.from('8e9e05c52164694d'), Buffer.from(MEMBER)]],
    members_removed: [],
    meta: [
      [Buffer.from('confState'), Buffer.from('{"voters":[10276657743932975437],"auto_leave":false}')],
      [Buffer.from('consistent_index'), number(100)],
      ...(from > 2 ? [[Buffer.from('finishedCompactRev'), revisionKey(from - 1)] as const] : []),
      [Buffer.from('storageVersion'), Buffer.from('3.6.0')],
      [Buffer.from('term'), number(2)],
    ],
  };
  for (const [bucket, key, value] of more) (own[bucket] ??= []).push([Buffer.from(key), value]);
  for (const name of Object.keys(own).sort()) yield [name, name === 'key' ? records(changes, from) : (own[name] ?? [])];
}

const MEMBER = '{"id":10276657743932975437,"peerURLs":["http://127.0.0.1:2380"],"name":"first","clientURLs":["http://127.0.0.1:2379"]}';

function* records(changes: Iterable<Change>, from: number): Generator<Pair> {
  const known = new Map<string, { created: number; version: number }>();
  let revision = from;
  for (const { key, value, lease = 0n } of changes) {
    if (value === undefined) {
      known.delete(key);
      yield [Buffer.concat([revisionKey(revision), Buffer.from('t')]), message([1, Buffer.from(key)])];
    } else {
      const before = known.get(key);
      const [created, version] = before === undefined ? [revision, 1] : [before.created, before.version + 1];
      known.set(key, { created, version });
      yield [
        revisionKey(revision),
        message([1, Buffer.from(key)], [2, BigInt(created)], [3, BigInt(revision)], [4, BigInt(version)], [5, value], [6, lease]),
      ];
    }
    revision += 1;
  }
}

export function revisionKey(main: number): Buffer {
  const key = Buffer.alloc(17);
  key.writeBigUInt64BE(BigInt(main), 0);
  key.write('_', 8);
  return key;
}

export function number(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** A message of protocol buffers; fields that are zero or empty are left out. */
export function message(...fields: readonly (readonly [number, bigint | Buffer])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [field, value] of fields) {
    if (typeof value === 'bigint') {
      if (value !== 0n) parts.push(varint(BigInt(field * 8)), varint(value));
    } else if (value.length > 0) parts.push(varint(BigInt(field * 8 + 2)), varint(BigInt(value.length)), value);
  }
  return Buffer.concat(parts);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

export interface ObjectOptions {
  apiVersion?: string;
  kind: string;
  name: string;
  namespace?: string;
  /** Seconds since 1970. */
  created?: bigint;
  /** The second field of the object, such as its spec. */
  spec?: Buffer;
}

/** As the API server stores what is built in. */
export function protobufObject({
  apiVersion = 'v1',
  kind,
  name,
  namespace = '',
  created = 1_700_000_000n,
  spec = Buffer.alloc(0),
}: ObjectOptions): Buffer {
  const metadata = message([1, Buffer.from(name)], [3, Buffer.from(namespace)], [8, message([1, created])]);
  const raw = message([1, metadata], [2, spec]);
  const frame = message([1, message([1, Buffer.from(apiVersion)], [2, Buffer.from(kind)])], [2, raw]);
  // Two empty texts, which Kubernetes writes all the same.
  return Buffer.concat([Buffer.from('k8s\0'), frame, Buffer.from([0x1a, 0, 0x22, 0])]);
}

export function encrypted(provider: string, key: string, data: Buffer = Buffer.alloc(64, 7)): Buffer {
  const version = provider === 'kms2' ? 'v2' : 'v1';
  return Buffer.concat([Buffer.from(`k8s:enc:${provider.replace('kms2', 'kms')}:${version}:${key}:`), data]);
}

export function secret(name: string, value: Buffer = protobufObject({ kind: 'Secret', name })): Change {
  return { key: `/registry/secrets/shop/${name}`, value };
}

export function namespace(name: string): Change {
  return { key: `/registry/namespaces/${name}`, value: protobufObject({ kind: 'Namespace', name }) };
}
