/**
 * Builds the parts of test clusters that are missing, into the cache:
 *
 *   node test/cluster/build/build.ts [control] [control-1.36.3] [control-1.31.0] [kwok] [node]
 *
 * Without a name it builds the control planes of all releases. Without Go it says so and builds nothing: the tests
 * that need a part then name themselves as skipped.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot, folderToBuild, goVersion, type Part, PARTS } from '../parts.ts';
import { NAMES_OF_KUBEBOX, type Step, stepsOf } from './recipes.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

function main(names: readonly string[]): number {
  const parts = (names.length > 0 ? names : ['control']).flatMap(partsNamed);
  const go = goVersion();
  if (go === undefined) {
    say('Go is not installed; nothing is built');
    return 0;
  }
  for (const part of parts) {
    const folder = folderToBuild(part, go);
    if (existsSync(folder)) continue;
    if (!build(part, folder)) return 1;
  }
  return 0;
}

function partsNamed(name: string): readonly Part[] {
  const found = PARTS.filter((part) => part === name || (name === 'control' && part.startsWith('control-')));
  if (found.length === 0) throw new Error(`there is no part "${name}"; parts: control ${PARTS.join(' ')}`);
  return found;
}

/** The folder gets its name when all is in it, so that nobody ever starts half a build. */
function build(part: Part, folder: string): boolean {
  const began = performance.now();
  say(`building ${part}; with nothing of it in Go's cache this takes minutes`);
  mkdirSync(cacheRoot(), { recursive: true });
  const work = mkdtempSync(join(cacheRoot(), '.building-'));
  try {
    if (!stepsOf(part, `${work}/`).every(runGo)) return false;
    if (part.startsWith('control-')) for (const name of NAMES_OF_KUBEBOX) symlinkSync('kubebox', join(work, name));
    chmodSync(work, 0o755);
    place(work, folder);
    say(`${part}: built in ${Math.round((performance.now() - began) / 1000)} s`);
    return true;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function place(work: string, folder: string): void {
  try {
    renameSync(work, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // otherwise another build was quicker, and is as good
  }
}

function runGo({ folder, args, cgo }: Step): boolean {
  const flags = `-trimpath -buildvcs=false ${process.env.GOFLAGS ?? ''}`;
  const env = { ...process.env, CGO_ENABLED: cgo === true ? '1' : '0', GOFLAGS: flags };
  return spawnSync('go', ['build', ...args], { cwd: join(HERE, folder), env, stdio: ['ignore', 2, 2] }).status === 0;
}

function say(text: string): void {
  process.stderr.write(`castellan: ${text}\n`);
}

process.exitCode = main(process.argv.slice(2));
