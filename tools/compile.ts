/**
 * Lets the built program run, and keeps what the engine compiled for it: once for scans and once for the commands that
 * ask the graph, as code that is not needed takes time to load too. See src/cli/launch.ts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompiledFor } from '../src/cli/compiled.ts';

const ROOT = join(import.meta.dirname, '..');

/** `nameOf` gives the name of the file for each kind of run. */
export async function keepCompiled(dist: string, nameOf: (kind: CompiledFor) => string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-build-'));
  try {
    await writeExamples(folder);
    for (const kind of ['scan', 'graph'] as const) {
      const env = {
        ...process.env,
        CASTELLAN_PROGRAM: join(dist, 'program.cjs'),
        CASTELLAN_COMPILED: join(dist, nameOf(kind)),
        CASTELLAN_RUNS: JSON.stringify(runsFor(kind, folder)),
      };
      const argv = [...runtimeFlags(), join(ROOT, 'tools/warm.ts')];
      const { status } = spawnSync(process.execPath, argv, { env, stdio: 'ignore' });
      // A slower start is no reason to have no build.
      if (status === null || status > 1) process.stderr.write(`build: nothing was compiled in advance for ${kind} (exit code ${status})\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runsFor(kind: CompiledFor, folder: string): string[][] {
  const report = join(folder, 'report.out');
  if (kind === 'scan') return [['scan', folder, '-f', 'json', '-o', report, '-q']];
  const shop = join(ROOT, 'examples/shop');
  const record = ['--record', join(ROOT, 'examples/shop.record'), '--audit-policy', join(ROOT, 'examples/shop.audit-policy.yaml')];
  return [
    ['paths', shop],
    ['paths', shop, '-f', 'json', '-o', report],
    ['fixes', shop, ...record],
    ['net', 'list', shop],
  ];
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
