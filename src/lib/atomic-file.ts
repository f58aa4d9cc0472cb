/** A file that appears whole or not at all: written beside its place, then put there in one step. */
import { chmodSync, closeSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeAll } from './write-all.ts';

/** Errors are those of the operating system; whoever uses it says what could not be written. */
export class AtomicFile {
  /** Where it will stand. */
  readonly path: string;
  /** Undefined for what cannot be replaced, such as /dev/null or a named pipe: it is written to as it stands. */
  #temporary: string | undefined;
  /** Undefined once it is closed: the number may by then be that of another file. */
  #descriptor: number | undefined;

  /** `mode` is that of the file, whatever stood there before; else what stood there keeps its own. */
  constructor(path: string, mode?: number) {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    if (there !== undefined && !there.isFile()) {
      this.path = path;
      this.#descriptor = openSync(path, 'w');
      return;
    }
    // A link stays a link: what it leads to is replaced.
    this.path = there === undefined ? path : realpathSync(path);
    const temporary = join(dirname(this.path), `.${basename(this.path)}.${process.pid}.tmp`);
    rmSync(temporary, { force: true });
    this.#descriptor = openSync(temporary, 'wx', mode ?? (there === undefined ? 0o644 : there.mode & 0o777));
    this.#temporary = temporary;
    // The mask of the process may have taken from it, but must not have left more than was asked for.
    if (mode !== undefined) chmodSync(temporary, mode);
  }

  write(bytes: Uint8Array): void {
    if (this.#descriptor === undefined) throw new Error(`${this.path} is closed`);
    writeAll(this.#descriptor, bytes);
  }

  /** A full disk may show itself only now. */
  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }

  /** Makes it visible, once it is closed. */
  place(): void {
    if (this.#temporary === undefined) return;
    renameSync(this.#temporary, this.path);
    this.#temporary = undefined;
  }

  /** Leaves nothing half-written behind. */
  abandon(): void {
    try {
      this.close();
    } catch {
      // What could not be written is not wanted any more.
    }
    if (this.#temporary !== undefined) rmSync(this.#temporary, { force: true });
    this.#temporary = undefined;
  }
}
