/** Where text goes: standard output, a file that appears whole or not at all, or memory. */
import { AtomicFile } from './atomic-file.ts';
import { CastellanError } from './errors.ts';
import { writeAll } from './write-all.ts';

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
  #instead: FileSink | undefined;

  /** From here on all of it goes into a file, which is opened at once, and is there whole after `place` or not at all. */
  redirect(path: string): void {
    this.flush();
    this.#instead = new FileSink(path);
  }

  get isRedirected(): boolean {
    return this.#instead !== undefined;
  }

  /** Shows the file, where it was redirected to one. */
  place(): void {
    const file = this.#instead;
    this.#instead = undefined;
    file?.end();
  }

  override write(text: string): void {
    if (this.#instead === undefined) super.write(text);
    else this.#instead.write(text);
  }

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
    this.#instead?.abandon();
    this.#instead = undefined;
  }
}

export const stdout = new StandardOutput();

/** A file that is replaced at the end, in one step. */
export class FileSink extends BufferedSink {
  readonly #path: string;
  readonly #file: AtomicFile;

  constructor(path: string) {
    super();
    this.#path = path;
    this.#file = this.#try(() => new AtomicFile(path));
  }

  protected put(bytes: Buffer): void {
    this.#try(() => this.#file.write(bytes));
  }

  finish(): void {
    this.flush();
    this.#try(() => this.#file.close());
  }

  end(): void {
    this.finish();
    try {
      this.#try(() => this.#file.place());
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  abandon(): void {
    this.#file.abandon();
  }

  #try<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }
}

export function unwritable(path: string, error: unknown): CastellanError {
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
