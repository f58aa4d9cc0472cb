/**
 * Lets the built programs run, and keeps what the engine compiled of each, the one that holds all for those of its commands
 * that ask the graph and the network. See src/cli/launch.ts.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAMS, type ProgramName } from '../src/cli/compiled.ts';

const ROOT = join(import.meta.dirname, '..');

/** `nameOf` gives the name of the file for each program. */
export async function keepCompiled(dist: string, nameOf: (name: ProgramName) => string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-build-'));
  try {
    await writeExamples(folder);
    for (const name of PROGRAMS) {
      const env = {
        ...process.env,
        CASTELLAN_PROGRAM: join(dist, `${name}.cjs`),
        CASTELLAN_COMPILED: join(dist, nameOf(name)),
        CASTELLAN_RUNS: JSON.stringify(runsFor(name, folder)),
      };
      const argv = [...runtimeFlags(name), join(ROOT, 'tools/warm.ts')];
      const { status } = spawnSync(process.execPath, argv, { env, stdio: 'ignore' });
      // A slower start is no reason to have no build.
      if (status === null || status > 1) process.stderr.write(`build: nothing was compiled in advance of ${name} (exit code ${status})\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runsFor(program: ProgramName, folder: string): string[][] {
  const report = join(folder, 'report.out');
  if (program === 'scan') return [['scan', folder, '-f', 'json', '-o', report, '-q']];
  const shop = join(ROOT, 'examples/shop');
  const record = [
    '--record',
    join(ROOT, 'examples/shop.record'),
    '--audit-policy',
    join(ROOT, 'examples/shop.audit-policy.yaml'),
    '--on',
    '2026-11-03',
  ];
  if (program === 'paths')
    return [
      ['paths', shop],
      ['paths', shop, '-f', 'json', '-o', report],
    ];
  return [
    ['fixes', shop, ...record],
    ['net', 'list', shop],
  ];
}

/** They lead through nearly everything that rules do; what real manifests hold beside that is in the folder `warm`. */
async function writeExamples(folder: string): Promise<void> {
  cpSync(join(import.meta.dirname, 'warm'), folder, { recursive: true });
  const { RULES } = await import('../src/rules/index.ts');
  for (const { id, examples } of RULES) {
    const { good, bad } = examples();
    writeFileSync(join(folder, `${id}.yaml`), [...good, ...bad.map(({ yaml }) => yaml)].map((text) => `---\n${text}\n`).join(''));
  }
}

/** Compiled code is only good for the flags that it was made with: those of bin/castellan for a command. */
export function runtimeFlags(command?: string): string[] {
  const script = join(ROOT, 'bin/castellan');
  // Where the package is packed there is no such script, and nobody takes what is compiled.
  const text = existsSync(script) ? readFileSync(script, 'utf8') : '';
  const lines = [/^frugal='(.*)'$/m.exec(text), new RegExp(`^${command}\\) frugal="\\$frugal (.*)" ;;$`, 'm').exec(text)];
  const flags = lines.flatMap((line) => (line?.[1] ?? '').split(' ')).filter((flag) => flag !== '');
  // The script runs the pinned runtime only; what builds and measures may be an older one.
  return Number.parseInt(process.versions.v8, 10) >= 12 ? flags : flags.filter((flag) => !flag.startsWith('--invocation-'));
}
