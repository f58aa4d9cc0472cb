/** Standard output in large pieces, written synchronously: nothing is lost when the process ends. */
import { writeSync } from 'node:fs';

const PIECE = 1 << 16;

class Output {
  #parts: string[] = [];
  #length = 0;

  write(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length >= PIECE) this.flush();
  }

  flush(): void {
    const text = this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    if (text !== '') writeAll(1, text);
  }
}

/** Writes all of a text to a descriptor; a pipe that is full is waited for. */
export function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      // The reader went away (`| head`): there is nobody left to tell.
      else if (code === 'EPIPE') process.exit(0);
      else throw error;
    }
  }
}

export const out = new Output();
