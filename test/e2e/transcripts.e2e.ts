/** The built command as a person sees it: every transcript is run in an empty folder and compared line by line. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, linesOf, parseTranscript, writeTranscript } from './transcript.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUNDLE = join(ROOT, 'dist/castellan.js');
const FOLDER = join(import.meta.dirname, 'transcripts');
const TRANSCRIPTS = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
const UPDATE = process.env.UPDATE_TRANSCRIPTS === '1';
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

let root = '';
beforeAll(() => {
  if (!existsSync(BUNDLE)) throw new Error('dist/castellan.js is missing: build it first with npm run build');
  root = mkdtempSync(join(tmpdir(), 'castellan-e2e-'));
  mkdirSync(join(root, 'bin'));
  const shim = join(root, 'bin', 'castellan');
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${BUNDLE}' "$@"\n`);
  chmodSync(shim, 0o755);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs a line as a shell would, in an environment that says nothing of ours. */
function run(command: string, cwd: string): Ran {
  const env = { PATH: `${join(root, 'bin')}${delimiter}/usr/bin${delimiter}/bin`, HOME: cwd, TERM: 'xterm', LANG: 'C.UTF-8' };
  const { stdout, stderr, status } = spawnSync('bash', ['-c', command], { cwd, env, encoding: 'utf8', input: '' });
  return { stdout: stdout.replaceAll(cwd, '.'), stderr: stderr.replaceAll(cwd, '.'), status: status ?? -1 };
}

describe('transcripts', () => {
  it('are there', () => {
    expect(TRANSCRIPTS.length).toBeGreaterThan(10);
  });

  it.each(TRANSCRIPTS)('%s', (name) => {
    const cwd = join(root, name.replace('.txt', ''));
    mkdirSync(cwd);
    const path = join(FOLDER, name);
    const steps = parseTranscript(readFileSync(path, 'utf8'));
    const happened = steps.map((step) => {
      if (step.kind === 'file') {
        const file = join(cwd, step.name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `${step.lines.join('\n')}\n`);
      }
      return step.kind === 'command' ? { ...step, lines: linesOf(run(step.command, cwd), version) } : step;
    });
    if (UPDATE) writeFileSync(path, writeTranscript(happened));
    else expect(writeTranscript(happened)).toBe(writeTranscript(steps));
  });
});
