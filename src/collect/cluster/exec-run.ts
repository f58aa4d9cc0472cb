/** One run of a sign-in plugin: what it printed, unless it fails, takes too long, or nobody waits any more. */
import { spawn } from 'node:child_process';
import { PluginFault } from './exec-answer.ts';

export interface Run {
  command: string;
  args: readonly string[];
  environment: NodeJS.ProcessEnv;
  /** Whether it may ask at the terminal. */
  interactive: boolean;
  /** Milliseconds. */
  limit: number;
}

/** A credential has a few kilobytes. */
const LARGEST = 4 * 1024 * 1024;
/** Milliseconds between asking it to end and ending it. */
const GRACE = 1000;

export async function outputOf({ command, args, environment, interactive, limit }: Run, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    // What it says to people goes straight to them: a code to type in, or why it fails.
    const child = spawn(command, args, {
      env: environment,
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
      windowsHide: true,
    });
    const { stdout } = child;
    const chunks: Buffer[] = [];
    let size = 0;
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancelled);
    }
    /** Nobody waits for it any more, whether it ends or not. */
    function end(reason: Error): void {
      done();
      stdout?.destroy();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill();
        const killer = setTimeout(() => child.kill('SIGKILL'), GRACE);
        child.once('exit', () => clearTimeout(killer));
      }
      reject(reason);
    }
    const cancelled = (): void => end(signal?.reason as Error);
    const timer = setTimeout(() => end(new PluginFault(`gave no answer within ${limit / 1000} s`)), limit);
    signal?.addEventListener('abort', cancelled, { once: true });
    child.on('error', (error: NodeJS.ErrnoException) => {
      done();
      const isMissing = error.code === 'ENOENT';
      reject(new PluginFault(isMissing ? 'is not there' : `could not be started (${error.code ?? error.name})`, isMissing));
    });
    stdout?.on('data', (bytes: Buffer) => {
      size += bytes.length;
      if (size > LARGEST) end(new PluginFault('printed more than a credential can have'));
      else chunks.push(bytes);
    });
    child.on('close', (code, killedBy) => {
      done();
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(new PluginFault(code === null ? `was ended by ${killedBy ?? 'a signal'}` : `failed with exit code ${code}`));
    });
  });
}
