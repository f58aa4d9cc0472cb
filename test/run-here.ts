/** Runs the command from its sources and waits for its end. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../src/cli/main.ts');

export interface RanHere {
  status: number | null;
  stdout: string;
  stderr: string;
}

export function runHere(args: readonly string[], cwd?: string): RanHere {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(cwd !== undefined && { cwd }),
  });
  return { status, stdout, stderr };
}
