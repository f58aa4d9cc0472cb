/** Lets the built program scan the examples of all rules, and keeps what the engine compiled for it: see src/cli/launch.ts. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

export async function keepCompiled(dist: string, name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-build-'));
  try {
    await writeExamples(folder);
    const env = { ...process.env, CASTELLAN_PROGRAM: join(dist, 'program.cjs'), CASTELLAN_COMPILED: join(dist, name) };
    const scan = ['scan', folder, '-f', 'json', '-o', join(folder, 'report.out'), '-q'];
    const argv = [...runtimeFlags(), join(ROOT, 'tools/warm.ts'), ...scan];
    const { status } = spawnSync(process.execPath, argv, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    // A slower start is no reason to have no build.
    if (status !== 0) process.stderr.write(`build: nothing was compiled in advance (exit code ${status})\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** They lead through nearly everything that rules do. */
async function writeExamples(folder: string): Promise<void> {
  const { RULES } = await import('../src/rules/index.ts');
  for (const { id, examples } of RULES) {
    const { good, bad } = examples();
    writeFileSync(join(folder, `${id}.yaml`), [...good, ...bad.map(({ yaml }) => yaml)].map((text) => `---\n${text}\n`).join(''));
  }
}

/** Compiled code is only good for the flags that it was made with: those of bin/castellan. */
export function runtimeFlags(): string[] {
  const script = join(ROOT, 'bin/castellan');
  // Where the package is packed there is no such script, and nobody takes what is compiled.
  const line = existsSync(script) ? /^frugal='(.*)'$/m.exec(readFileSync(script, 'utf8')) : null;
  const flags = (line?.[1] ?? '').split(' ').filter((flag) => flag !== '');
  // The script runs the pinned runtime only; what builds and measures may be an older one.
  return Number.parseInt(process.versions.v8, 10) >= 12 ? flags : flags.filter((flag) => !flag.startsWith('--invocation-'));
}
