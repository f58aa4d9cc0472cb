/** Where text goes: standard output, a file that appears whole or not at all, or memory. */
import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CastellanError } from './errors.ts';

export interface TextSink {
  write(text: string): void;
  /** Everything was written: get it to where it is kept, without showing it. What can fail has failed after this. */
  finish(): void;
  /** Make it visible; finishes first where nobody did. */
  end(): void;
  /** Something went wrong: leave nothing half-written behind. After an end it does nothing. */
  abandon(): void;
}

const PIECE = 1 << 16;
/** Shared by all sinks, as each is done with it before it returns: a report of a gigabyte makes no garbage. */
const SCRATCH = Buffer.allocUnsafeSlow(PIECE * 4);
/** Takes a third of the time that a buffer's own `write` does. */
const ENCODER = new TextEncoder();

abstract class BufferedSink implements TextSink {
  #text = '';

  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE) this.flush();
  }

  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    // A character of a string takes at most three bytes.
    this.put(
      text.length * 3 <= SCRATCH.length ? SCRATCH.subarray(0, ENCODER.encodeInto(text, SCRATCH).written) : Buffer.from(text, 'utf8'),
    );
  }

  protected abstract put(bytes: Buffer): void;
  abstract finish(): void;
  abstract end(): void;
  abstract abandon(): void;
}

/** Written synchronously, so that nothing is lost when the process ends. */
class StandardOutput extends BufferedSink {
  #gone = false;

  protected put(bytes: Buffer): void {
    if (this.#gone) return;
    try {
      writeAll(1, bytes);
    } catch (error) {
      this.#gone = true;
      // The reader went away (`| head`): nobody is left to tell, but files and the exit code are still wanted.
      if (codeOf(error) !== 'EPIPE') throw unwritable('standard output', error);
    }
  }
  finish(): void {
    this.flush();
  }
  end(): void {
    this.flush();
  }
  abandon(): void {
    this.flush();
  }
}

export const stdout: TextSink = new StandardOutput();

/** A file that is replaced at the end, in one step. */
export class FileSink extends BufferedSink {
  readonly #path: string;
  /** Undefined for what cannot be replaced, such as /dev/null or a named pipe: it is written to as it stands. */
  #temporary: string | undefined;
  /** Undefined once it is closed: the number may by then be that of another file. */
  #descriptor: number | undefined;

  constructor(path: string) {
    super();
    this.#path = path;
    try {
      const there = statSync(path, { throwIfNoEntry: false });
      if (there?.isDirectory() === true) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
      if (there === undefined || there.isFile()) {
        // A link stays a link: what it leads to is replaced.
        this.#path = there === undefined ? path : realpathSync(path);
        const temporary = join(dirname(this.#path), `.${basename(this.#path)}.${process.pid}.tmp`);
        rmSync(temporary, { force: true });
        this.#descriptor = openSync(temporary, 'wx', there === undefined ? 0o644 : there.mode & 0o777);
        this.#temporary = temporary;
      } else this.#descriptor = openSync(path, 'w');
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  protected put(bytes: Buffer): void {
    if (this.#descriptor === undefined) throw new Error(`${this.#path} is closed`);
    try {
      writeAll(this.#descriptor, bytes);
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  finish(): void {
    this.flush();
    try {
      this.#close();
    } catch (error) {
      // A full disk may show itself only now.
      throw unwritable(this.#path, error);
    }
  }

  end(): void {
    this.finish();
    if (this.#temporary === undefined) return;
    try {
      renameSync(this.#temporary, this.#path);
      this.#temporary = undefined;
    } catch (error) {
      this.abandon();
      throw unwritable(this.#path, error);
    }
  }

  abandon(): void {
    try {
      this.#close();
    } catch {
      // What could not be written is not wanted any more.
    }
    if (this.#temporary !== undefined) rmSync(this.#temporary, { force: true });
    this.#temporary = undefined;
  }

  #close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function unwritable(path: string, error: unknown): CastellanError {
  return new CastellanError('CAS_WRITE', `${path} cannot be written (${codeOf(error)})`, { cause: error });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'error';
}

export class MemorySink implements TextSink {
  text = '';
  write(text: string): void {
    this.text += text;
  }
  finish(): void {}
  end(): void {}
  abandon(): void {}
}

function writeAll(descriptor: number, bytes: Buffer): void {
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      // A pipe that is full: its reader is slower than we are.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
