/** A file that is read piece by piece, wherever the pieces stand. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { CastellanError } from '../../lib/errors.ts';

const PIECE = 1 << 20;

export class DatabaseFile {
  readonly path: string;
  readonly size: number;
  readonly #descriptor: number;

  /** Throws what a person can mend: no such file, no right to read it, no file at all. */
  constructor(path: string) {
    this.path = path;
    try {
      // A pipe without a writer would be waited for, for ever; of a plain file it changes nothing.
      this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      throw unreadable(path, error);
    }
    const stat = fstatSync(this.#descriptor);
    if (stat.isFile()) this.size = stat.size;
    else {
      this.close();
      throw new CastellanError('CAS_UNREADABLE', `${path} is no file`, {
        remedy: 'Name the file of a snapshot, or member/snap/db of a data folder of etcd that does not run.',
      });
    }
  }

  /** Fills the buffer from there on; how many bytes there were. */
  read(into: Uint8Array, offset: number): number {
    let done = 0;
    while (done < into.length) {
      const got = this.#try(() => readSync(this.#descriptor, into, done, into.length - done, offset + done));
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  /** Of so many bytes from the start. */
  sha256(length: number): Buffer {
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(PIECE);
    for (let at = 0; at < length; at += PIECE) {
      const part = piece.subarray(0, Math.min(PIECE, length - at));
      hash.update(part.subarray(0, this.read(part, at)));
    }
    return hash.digest();
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #try<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw unreadable(this.path, error);
    }
  }
}

function unreadable(path: string, error: unknown): CastellanError {
  const code = (error as NodeJS.ErrnoException).code ?? 'error';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new CastellanError('CAS_NOT_FOUND', `there is no file "${path}"`, { cause: error });
  return new CastellanError('CAS_UNREADABLE', `${path} cannot be read (${code})`, { cause: error });
}
