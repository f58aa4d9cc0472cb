/** Where text goes: standard output, a file that appears whole or not at all, or memory. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CastellanError } from './errors.ts';

export interface TextSink {
  write(text: string): void;
  /** Everything was written: make it visible. */
  end(): void;
  /** Something went wrong: leave nothing half-written behind. */
  abandon(): void;
}

const PIECE = 1 << 16;

abstract class BufferedSink implements TextSink {
  #text = '';

  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE) this.flush();
  }

  flush(): void {
    if (this.#text === '') return;
    const bytes = Buffer.from(this.#text, 'utf8');
    this.#text = '';
    this.put(bytes);
  }

  protected abstract put(bytes: Buffer): void;
  abstract end(): void;
  abstract abandon(): void;
}

/** Written synchronously, so that nothing is lost when the process ends. */
class StandardOutput extends BufferedSink {
  protected put(bytes: Buffer): void {
    writeAll(1, bytes);
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
  readonly #temporary: string;
  readonly #descriptor: number;

  constructor(path: string) {
    super();
    this.#path = path;
    this.#temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
    try {
      this.#descriptor = openSync(this.#temporary, 'w', 0o644);
    } catch (error) {
      throw new CastellanError('CAS_WRITE', `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'error'})`, { cause: error });
    }
  }

  protected put(bytes: Buffer): void {
    writeAll(this.#descriptor, bytes);
  }

  end(): void {
    this.flush();
    closeSync(this.#descriptor);
    try {
      renameSync(this.#temporary, this.#path);
    } catch (error) {
      rmSync(this.#temporary, { force: true });
      throw new CastellanError('CAS_WRITE', `${this.#path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'error'})`, { cause: error });
    }
  }

  abandon(): void {
    closeSync(this.#descriptor);
    rmSync(this.#temporary, { force: true });
  }
}

export class MemorySink implements TextSink {
  text = '';
  write(text: string): void {
    this.text += text;
  }
  end(): void {}
  abandon(): void {}
}

function writeAll(descriptor: number, bytes: Buffer): void {
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe that is full: its reader is slower than we are.
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      // The reader went away (`| head`): there is nobody left to tell.
      else if (code === 'EPIPE') process.exit(0);
      else throw error;
    }
  }
}
