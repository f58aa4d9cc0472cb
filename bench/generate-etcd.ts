/** A snapshot of etcd of any size, as a busy cluster has: many changes of objects, most of them custom, Secrets in between. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { writeDatabase } from '../test/etcd/bbolt-writer.ts';
import { bucketsWith, type Change, encrypted, namespace, protobufObject } from '../test/etcd/contents.ts';

/** Of a record of the database, with its key and what stands around it. */
const RECORD_BYTES = 1650;
const PIECE = 1 << 20;

/** How many records it has. */
export function writeEtcdSnapshot(path: string, bytes: number): number {
  const records = Math.floor(bytes / RECORD_BYTES);
  const file = openSync(path, 'w+');
  // The meta pages come last, and go first.
  let at = 2 * 4096;
  const metas = writeDatabase((pages) => (at += writeSync(file, pages, 0, pages.length, at)), bucketsWith({ changes: changes(records) }));
  writeSync(file, metas, 0, metas.length, 0);
  writeSync(file, digest(file, at), 0, 32, at);
  closeSync(file);
  return records;
}

function digest(file: number, length: number): Buffer {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(PIECE);
  for (let at = 0; at < length; at += PIECE) hash.update(piece.subarray(0, readSync(file, piece, 0, Math.min(PIECE, length - at), at)));
  return hash.digest();
}

/** Every third record changes an object that there is. */
function* changes(records: number): Generator<Change> {
  yield namespace('default');
  const objects = Math.ceil((records * 2) / 3);
  const spec = Buffer.alloc(1200, 'configuration ');
  const secret = encrypted('aescbc', 'key1', Buffer.alloc(1216, 3));
  const custom = { replicas: 3, text: spec.toString('latin1') };
  for (let record = 1; record < records; record += 1) {
    const object = record < objects ? record : (record * 7919) % objects;
    const [team, name] = [`team-${object % 300}`, `object-${object}`];
    if (object % 5 === 0) yield { key: `/registry/secrets/${team}/${name}`, value: secret };
    else if (object % 5 < 3) {
      const value = JSON.stringify({ apiVersion: 'example.com/v1', kind: 'App', metadata: { name, namespace: team }, spec: custom });
      yield { key: `/registry/example.com/apps/${team}/${name}`, value: Buffer.from(value) };
    } else yield { key: `/registry/pods/${team}/${name}`, value: protobufObject({ kind: 'Pod', name, namespace: team, spec }) };
  }
}
