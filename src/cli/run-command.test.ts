/** The command in the tests' process and as people start it. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runHere, runProcess } from '../../test/run-here.ts';

it.each([
  ['help', ['--help'], 0],
  ['no such command', ['scam'], 2],
  ['no such file', ['scan', 'absent.yaml'], 3],
  ['an answer and a warning', ['rbac', 'lint', 'examples/shop'], 0],
])('says the same in both: %s', async (_what, args, status) => {
  const process = await runProcess(args);
  expect(process.status).toBe(status);
  expect(process.stdout + process.stderr).not.toBe('');
  expect(await runHere(args)).toEqual(process);
});

it('loads whatever a command needs without the help of the tests', () => {
  const modules = readdirSync(import.meta.dirname).filter((name) => !/^(?:main|launch|.*\.test)\.ts$/.test(name));
  expect(modules.length).toBeGreaterThan(80);
  const script = `await Promise.all(${JSON.stringify(modules)}.map((name) => import('./' + name)))`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
