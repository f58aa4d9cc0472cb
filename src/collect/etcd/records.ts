/** The bucket `key`: every record judged on its own, against the one before it of the same key, and kept as its last state. */
import { Doubts } from './doubts.ts';
import { ENCRYPTED, readEncrypted } from './encrypted-value.ts';
import { type EncryptedForm, Forms } from './forms.ts';
import { KeyTable } from './key-table.ts';
import { type KeyValue, type Revision, isBump, keyValueOf, revisionAt } from './key-value.ts';
import type { OwnData } from './own-buckets.ts';
import { readPlain } from './plain-value.ts';
import type { Place, Problems } from './problems.ts';
import type { Entry } from './tree.ts';

export interface NewestTime {
  /** Seconds since 1970. */
  seconds: number;
  /** Row of the key that has it, and which time of it that is. */
  row: number;
  of: 'creation' | 'renewal';
}

/** What an earlier record of a key was, as bits. */
export const PAST_PLAIN = 1;
export const PAST_UNKNOWN = 2;

/** Lease of a record that no lease of the database has. */
export const NO_LEASE = -1;

export class Records {
  readonly table = new KeyTable();
  readonly forms = new Forms();
  /** Of the last record. */
  revision = 0;
  /** Records, and those of them that are deletions. */
  count = 0;
  deletions = 0;
  newest: NewestTime | undefined;
  readonly doubts = new Doubts();
  readonly #problems: Problems;
  readonly #leases: ReadonlyMap<bigint, number>;
  /** Up to here records may have been removed. */
  readonly #compacted: number;
  #sub = 0;

  /** `own` is what the other buckets say, so they have to be read before. */
  constructor(problems: Problems, { leases, compacted, compacting }: OwnData) {
    this.#problems = problems;
    this.#leases = leases;
    this.#compacted = Math.max(1, compacted, compacting);
  }

  readonly visit = (entry: Entry): void => {
    const { bytes, keyAt, keyEnd, place, isBucket } = entry;
    if (isBucket) return this.#problems.add('record', 'a bucket stands where a record should', place);
    const revision = revisionAt(bytes, keyAt, keyEnd);
    if (revision === undefined) return this.#problems.add('revision', 'a record stands under what is no revision', place);
    this.count += 1;
    if (!this.#isNext(revision)) this.#problems.add('revision', `before revision ${revision.main} something is missing`, place);
    this.revision = revision.main;
    this.#sub = revision.sub;
    if (isBump(entry, revision)) return undefined;
    const record = keyValueOf(entry, revision);
    if (typeof record === 'string') return this.#problems.add('record', `the record of revision ${revision.main} ${record}`, place);
    const row = this.table.rowOf(bytes, record.keyAt, record.keyEnd);
    this.#history(row, { record, revision, entry });
    return this.#keep(row, { record, revision, entry });
  };

  /** Each transaction that changes anything is one revision more, and its changes are counted from 0. */
  #isNext({ main, sub }: Revision): boolean {
    if (main <= this.#compacted) return true;
    if (main === this.revision) return sub === this.#sub + 1;
    return main === Math.max(this.revision, this.#compacted) + 1 && sub === 0;
  }

  /** Between two records of a key nothing is missing: only the oldest ones are ever removed. */
  #history(row: number, { record, revision, entry }: Known): void {
    const { version, created } = this.table;
    const before = version[row] ?? -1;
    // A new key, of which earlier records may have been removed.
    if (before < 0) return;
    if (revision.isDeletion ? before > 0 : before === 0 ? record.version === 1 : isNext(record, [before, created[row] ?? 0])) return;
    this.#problems.add('history', `the record of revision ${revision.main} does not follow the one before it of its key`, entry.place);
  }

  #keep(row: number, { record, revision, entry }: Known): void {
    const { table } = this;
    const { wasPlain, form } = table;
    const past = this.forms.get(form[row] ?? 0);
    if (past?.encrypted === false) wasPlain[row] = (wasPlain[row] ?? 0) | PAST_PLAIN | (past.as === 'unknown' ? PAST_UNKNOWN : 0);
    table.version[row] = record.version;
    table.created[row] = record.created;
    table.lease[row] = record.lease === 0n ? 0 : (this.#leases.get(record.lease) ?? NO_LEASE);
    if (revision.isDeletion) this.deletions += 1;
    form[row] = revision.isDeletion ? 0 : this.#form(row, record, entry);
  }

  #form(row: number, record: KeyValue, { bytes, keyAt, place }: Entry): number {
    const { valueAt, valueEnd } = record;
    const value = bytes.subarray(valueAt, valueEnd);
    const offset = (place.offset ?? 0) + valueAt - keyAt;
    const encrypted = startsWith(value, ENCRYPTED);
    const id = encrypted ? this.#encrypted(value, { ...place, offset }) : this.#plain(value, { row, place: { ...place, offset } });
    if (id !== undefined) return id;
    this.#problems.add('value', 'there are more different keys of encryption than there can be', { ...place, offset });
    return this.forms.idOf({ encrypted: false, as: 'unknown' }) ?? 0;
  }

  #encrypted(value: Buffer, place: Place): number | undefined {
    const read = readEncrypted(value);
    if (read === undefined) this.doubts.wrong('ciphertext', 'an encrypted value does not say by which provider and key', place);
    else if (read.fault !== undefined) this.doubts.wrong('ciphertext', `a value encrypted by ${nameOf(read.form)} ${read.fault}`, place);
    else this.doubts.right('ciphertext');
    return this.forms.idOf(read?.form ?? { encrypted: true, provider: 'unknown', version: '', key: 'unknown' });
  }

  #plain(value: Buffer, { row, place }: { row: number; place: Place }): number | undefined {
    const { as, name, created, renewed } = readPlain(value);
    if (created !== undefined && created > (this.newest?.seconds ?? 0)) this.newest = { seconds: created, row, of: 'creation' };
    if (renewed !== undefined && renewed > (this.newest?.seconds ?? 0)) this.newest = { seconds: renewed, row, of: 'renewal' };
    if (name !== undefined && name !== '') {
      if (name === this.table.name(row)) this.doubts.right('name');
      else this.doubts.wrong('name', 'the object of a record has another name than its key', place);
    }
    return this.forms.idOf({ encrypted: false, as });
  }
}

interface Known {
  record: KeyValue;
  revision: Revision;
  entry: Entry;
}

function isNext(record: KeyValue, [version, created]: readonly [number, number]): boolean {
  return record.version === version + 1 && record.created === created;
}

/** Provider and key as they are named everywhere. */
export function nameOf({ provider, key }: EncryptedForm): string {
  return `${provider}/${key}`;
}

function startsWith(value: Buffer, start: Buffer): boolean {
  return value.length >= start.length && value.compare(start, 0, start.length, 0, start.length) === 0;
}
