/** Runs a program to its end. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  env?: Record<string, string>;
  stdin?: string | undefined;
}

/** What it wrote to standard output; an error with all that it wrote when it fails. */
export async function runProgram(command: readonly string[], { env = {}, stdin = '' }: RunOptions = {}): Promise<string> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: { ...process.env, ...env } });
  const status = new Promise<number | string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? String(signal)));
  });
  child.stdin.on('error', () => undefined); // it need not read what it is given
  child.stdin.end(stdin);
  const [out, errors, how] = await Promise.all([text(child.stdout), text(child.stderr), status]);
  if (how !== 0) throw new Error(`${command.join(' ')}: ended with ${how}\n${errors}${out}`);
  return out;
}
