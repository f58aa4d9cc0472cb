/** Ctrl-C and its like while a cluster is asked: what runs ends in order; whoever asks twice does not want to wait for it. */
import { CastellanError } from '../lib/errors.ts';

/** As a shell counts a command that Ctrl-C ended. */
const INTERRUPTED = 130;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruptible {
  /** Told when it was interrupted. */
  message: string;
  /** What to do then; that of the code where left out. */
  remedy?: string;
  /** Called before the process ends at once. */
  onSecond?: () => void;
}

export async function interruptible<T>(
  { message, remedy, onSecond }: Interruptible,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => {
    if (!stop.signal.aborted) return stop.abort(new CastellanError('CAS_INTERRUPTED', message, remedy === undefined ? {} : { remedy }));
    onSecond?.();
    process.exit(INTERRUPTED);
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}
