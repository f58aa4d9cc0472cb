/** Asking before something is written: at a terminal, or not at all. */
import { CastellanError } from '../lib/errors.ts';

export interface Asking {
  /** `--yes` */
  yes: boolean | undefined;
  /** What is not done without it, to begin the sentence: `net verify writes to the cluster`. */
  what: string;
  /** Ends the question as well. */
  signal?: AbortSignal;
  input?: NodeJS.ReadStream;
  output?: NodeJS.WriteStream;
}

/** Returns when it is agreed to. Nobody who cannot answer is waited for. */
export async function confirm({ yes, what, signal, input = process.stdin, output = process.stderr }: Asking): Promise<void> {
  if (yes === true) return;
  if (!input.isTTY || !output.isTTY) throw new CastellanError('CAS_NOT_CONFIRMED', `${what}, and there is no terminal to ask at`);
  output.write('Go on? [y/N] ');
  const answer = await lineFrom(input, signal);
  if (!/^\s*y(?:es)?\s*$/i.test(answer)) throw new CastellanError('CAS_NOT_CONFIRMED', `${what}, and the answer was not yes`);
}

/** '' when the input ends. */
async function lineFrom(input: NodeJS.ReadStream, signal: AbortSignal | undefined): Promise<string> {
  let text = '';
  signal?.addEventListener('abort', () => input.destroy(signal.reason as Error), { once: true });
  try {
    for await (const bytes of input) {
      text += String(bytes);
      if (text.includes('\n')) break;
    }
  } finally {
    input.pause();
  }
  return text.split('\n', 1)[0] ?? '';
}
