/**
 * What is known of each key: as little as can be, as there may be millions. Names are kept as bytes, what stands before
 * the last slash only once.
 */

/** Rows are numbers; columns are arrays that grow. */
export class KeyTable {
  size = 0;
  /** Of the last record: revision that created it, and version; 0 where it was a deletion. */
  created = new Float64Array(1024);
  version = new Float64Array(1024);
  /** How the last value is stored, a number of Forms; 0 for a deletion. */
  form = new Uint16Array(1024);
  /** Number of the lease of the last record from 1; 0 for none. */
  lease = new Int32Array(1024);
  /** 1 where an earlier record that is still there was plain. */
  wasPlain = new Uint8Array(1024);
  #folder = new Uint32Array(1024);
  #nameAt = new Float64Array(1024);
  #slots = new Int32Array(4096);
  readonly #names = new Arena();
  readonly #folders: string[] = [];
  readonly #folderIds = new Map<string, number>();
  #lastFolder = { bytes: Buffer.alloc(0), id: -1 };

  /** The row of a key that stands in these bytes; a new one has version -1. */
  rowOf(bytes: Buffer, start: number, end: number): number {
    const slash = bytes.lastIndexOf(47, end - 1);
    const nameStart = slash < start ? start : slash + 1;
    const folder = this.#folderOf(bytes, start, nameStart);
    const mask = this.#slots.length - 1;
    let slot = hash(bytes.subarray(nameStart, end), folder) & mask;
    for (;;) {
      const row = (this.#slots[slot] ?? 0) - 1;
      if (row < 0) return this.#add(bytes, { nameStart, end, folder, slot });
      if (this.#folder[row] === folder && this.#names.equals(this.#nameAt[row] ?? 0, bytes.subarray(nameStart, end))) return row;
      slot = (slot + 1) & mask;
    }
  }

  folderNames(): readonly string[] {
    return this.#folders;
  }

  folder(row: number): number {
    return this.#folder[row] ?? 0;
  }

  /** Without what stands before the last slash. */
  name(row: number): string {
    return this.#names.text(this.#nameAt[row] ?? 0);
  }

  #folderOf(bytes: Buffer, start: number, end: number): number {
    // Changes of one kind often follow each other.
    const last = this.#lastFolder;
    if (last.id >= 0 && last.bytes.compare(bytes, start, end) === 0) return last.id;
    const text = bytes.toString('latin1', start, end);
    let id = this.#folderIds.get(text);
    if (id === undefined) {
      id = this.#folders.length;
      this.#folderIds.set(text, id);
      const name = bytes.toString('utf8', start, end);
      // Nearly all are the same text, which is then kept once.
      this.#folders.push(name === text ? text : name);
    }
    this.#lastFolder = { bytes: Buffer.from(bytes.subarray(start, end)), id };
    return id;
  }

  #add(bytes: Buffer, { nameStart, end, folder, slot }: { nameStart: number; end: number; folder: number; slot: number }): number {
    const row = this.size;
    if (row === this.created.length) this.#grow();
    this.size += 1;
    this.#folder[row] = folder;
    this.#nameAt[row] = this.#names.add(bytes.subarray(nameStart, end));
    this.version[row] = -1;
    this.#slots[slot] = row + 1;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return row;
  }

  #grow(): void {
    const size = Math.ceil(this.created.length * 1.5);
    this.created = grown(this.created, new Float64Array(size));
    this.version = grown(this.version, new Float64Array(size));
    this.form = grown(this.form, new Uint16Array(size));
    this.lease = grown(this.lease, new Int32Array(size));
    this.wasPlain = grown(this.wasPlain, new Uint8Array(size));
    this.#folder = grown(this.#folder, new Uint32Array(size));
    this.#nameAt = grown(this.#nameAt, new Float64Array(size));
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    for (let row = 0; row < this.size; row += 1) {
      const name = this.#names.bytes(this.#nameAt[row] ?? 0);
      let slot = hash(name, this.#folder[row] ?? 0) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = row + 1;
    }
    this.#slots = slots;
  }
}

function grown<T extends Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Keyed anew in each process, so that nobody can write names that collide. */
const SEED = Math.floor(Math.random() * 2 ** 32);

function hash(name: Uint8Array, folder: number): number {
  let value = SEED ^ Math.imul(folder + 1, 0x9e3779b1);
  for (let at = 0; at < name.length; at += 1) {
    value = Math.imul(value ^ (name[at] ?? 0), 0x01000193);
    value = (value << 5) | (value >>> 27);
  }
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}

const CHUNK = 1 << 20;

/** Names behind each other, each after its length. */
class Arena {
  readonly #chunks: Buffer[] = [];
  #next = CHUNK;

  add(name: Uint8Array): number {
    const needed = name.length + 4;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || this.#next + needed > chunk.length) {
      chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK, needed));
      this.#chunks.push(chunk);
      this.#next = 0;
    }
    const at = this.#next;
    chunk.writeUInt32LE(name.length, at);
    chunk.set(name, at + 4);
    this.#next += needed;
    return (this.#chunks.length - 1) * CHUNK + at;
  }

  bytes(place: number): Buffer {
    const chunk = this.#chunks[Math.floor(place / CHUNK)] ?? Buffer.alloc(4);
    const at = place % CHUNK;
    return chunk.subarray(at + 4, at + 4 + chunk.readUInt32LE(at));
  }

  equals(place: number, name: Buffer): boolean {
    return this.bytes(place).equals(name);
  }

  text(place: number): string {
    return this.bytes(place).toString('utf8');
  }
}
