import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');

it('says where a line stops being JSON, and nothing of what it holds', () => {
  const lines = ['{"password": hunter2}', '{"password": "hunter2', 'hunter2', '{"id": 1} hunter2', '5'];
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, 'eval', 'rules'], { input: lines.join('\n'), encoding: 'utf8' });
  expect(stdout + stderr).not.toContain('hunter');
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { error: { code: string; message: string } });
  expect(answers.map(({ error }) => error.code)).toEqual(lines.map(() => 'CAS_BAD_CASE'));
  expect(answers.map(({ error }) => error.message)).toEqual([
    'the case is no JSON: a value is expected, at character 14',
    'the case is no JSON: the text ends too early, at character 22',
    'the case is no JSON: a value is expected, at character 1',
    'the case is no JSON: something follows the end of the value, at character 11',
    'the case is not a JSON object',
  ]);
  expect(status).toBe(1);
});
