import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { alternate, type Command, findPython, runOnce } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'castellan-measure-'));
afterAll(() => rmSync(folder, { recursive: true }));

function node(script: string): Command {
  return { name: 'script', argv: [process.execPath, '-e', script], cwd: folder, stdout: join(folder, 'out') };
}

describe.skipIf(findPython() === undefined)('runOnce', () => {
  test('sees time that passes and time that is worked', () => {
    const waiting = runOnce(node('setTimeout(() => {}, 400)'));
    expect(waiting.wall).toBeGreaterThan(0.4);
    expect(waiting.cpu).toBeLessThan(0.35);
    const working = runOnce(node('const end = Date.now() + 400; while (Date.now() < end);'));
    expect(working.cpu).toBeGreaterThan(waiting.cpu);
  });

  test('sees memory that was held, also when it is free again', () => {
    const small = runOnce(node('0'));
    const large = runOnce(node('{ Buffer.alloc(200e6, 1) }'));
    expect(large.peak - small.peak).toBeGreaterThan(150);
    expect(large.peak - small.peak).toBeLessThan(300);
  });

  test('a failure is no time', () => {
    expect(() => runOnce(node('process.exit(3)'))).toThrow(/script ended with 3/);
    expect(() => runOnce(node('console.error("no such flag"); process.exit(1)'))).toThrow(/no such flag/);
    expect(() => runOnce({ ...node('0'), argv: ['no-such-program-anywhere'] })).toThrow(/could not be started/);
  });

  test('an exit code that means findings is an answer', () => {
    expect(runOnce({ ...node('process.exit(1)'), answers: [0, 1] }).wall).toBeGreaterThan(0);
  });

  test('the answer of an earlier run is gone before the command starts', () => {
    const result = join(folder, 'result.json');
    writeFileSync(result, 'old');
    runOnce({ ...node(`if (require('node:fs').existsSync(${JSON.stringify(result)})) process.exit(9)`), result });
  });
});

describe.skipIf(findPython() === undefined)('alternate', () => {
  test('runs each command the same number of times after a warm-up, those with a bound less often', () => {
    const log = join(folder, 'log');
    const noting = (name: string, most?: number): Command => ({
      ...node(`require('node:fs').appendFileSync(${JSON.stringify(log)}, '${name}')`),
      name,
      ...(most === undefined ? {} : { most }),
    });
    const measured = alternate([noting('a'), noting('b'), noting('c', 1)], 2);
    expect(measured.map((one) => [one.name, one.runs.length])).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 1],
    ]);
    const written = runOnce({
      ...node(`process.exit(require('node:fs').readFileSync(${JSON.stringify(log)}, 'utf8') === 'ababcab' ? 0 : 4)`),
    });
    expect(written.wall).toBeGreaterThan(0);
  });
});
