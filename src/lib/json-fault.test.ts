import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTimer } from '../../test/cpu-timer.ts';
import { RUNS } from '../../test/runs.ts';
import { jsonFault } from './json-fault.ts';

describe('the fault of a text that is no JSON', () => {
  it.each<[string, number, number, RegExp]>([
    ['', 0, 1, /ends too early/],
    ['{', 1, 1, /ends too early/],
    ['{"a": [1, 2', 11, 1, /ends too early/],
    ['{"password": "hunter2', 21, 1, /ends too early/],
    ['{"password": hunter2}', 13, 1, /value is expected/],
    ['{\n"a": 1\n"b": 2}', 9, 3, /comma or the closing brace/],
    ['[1 2]', 3, 1, /comma or the closing bracket/],
    ['[1,]', 3, 1, /value is expected/],
    ['{"a": 1,}', 8, 1, /name in double quotes/],
    ['{a: 1}', 1, 1, /name in double quotes/],
    ['{"a" 1}', 5, 1, /colon/],
    ['{"a": {"b": {}}} x', 17, 1, /follows the end/],
    ['[{"a": []}, tru]', 12, 1, /value is expected/],
    ['["a\nb"]', 3, 1, /control character/],
    ['["a\\qb"]', 3, 1, /backslash/],
    ['01', 1, 1, /follows the end/],
    ['\uFEFF{}', 0, 1, /value is expected/],
  ])('%j', (text, offset, line, reason) => {
    expect(jsonFault(text)).toEqual({ offset, line, reason: expect.stringMatching(reason) as string });
  });

  it('stands where the text leaves JSON, whatever was cut or put in', () => {
    const property = fc.property(
      fc.json({ maxDepth: 5 }),
      fc.nat(),
      fc.constantFrom('', '}', ']', ',', ':', '"', 'x', '\\', '\n', '{', '['),
      (json, seed, put) => {
        const at = seed % (json.length + 1);
        const text = json.slice(0, at) + put + (put === '' ? '' : json.slice(at));
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        const { reason, offset } = jsonFault(text);
        // A text without a fault is gone through to its end.
        if (isJson) expect(offset).toBe(text.length);
        else if (!/ends too early/.test(reason)) expect(offset).toBeLessThan(text.length);
        // What is before the fault can still become JSON: cutting there leaves a text that only ends too early.
        if (!isJson && offset > 0) expect(jsonFault(text.slice(0, offset)).reason).toMatch(/ends too early/);
      },
    );
    fc.assert(property, { numRuns: RUNS });
  });

  it('is found in linear time, however deep', () => {
    const worked = cpuTimer();
    for (const text of ['['.repeat(1e6), '{"a":'.repeat(2e5), `"${'\\"'.repeat(5e5)}`, ' '.repeat(1e6), `[${'1,'.repeat(5e5)}`])
      jsonFault(text);
    expect(worked()).toBeLessThan(3000);
  });
});
