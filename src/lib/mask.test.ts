import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { maskSecret, withoutCredentials } from './mask.ts';

describe('maskSecret', () => {
  it.each([
    ['hunter2', '*** (7 characters)'],
    ['correct-horse-battery', 'cor*** (21 characters)'],
    [42, '*** (2 characters)'],
    [{ a: 'b' }, '*** (9 characters)'],
    [undefined, '*** (0 characters)'],
  ])('shows little of %j', (value, shown) => {
    expect(maskSecret(value)).toBe(shown);
  });

  it('never shows more than three characters', () => {
    const property = fc.property(fc.string({ minLength: 1 }), (text) => {
      const shown = maskSecret(text).replace(/\*{3} \(\d+ characters\)$/, '');
      expect(shown.length).toBeLessThanOrEqual(3);
      expect(text.startsWith(shown)).toBe(true);
    });
    fc.assert(property, { numRuns: RUNS });
  });
});

describe('withoutCredentials', () => {
  it.each([
    [
      ['kube-apiserver', '--token=x8Kq2mPz7Lw9Rt4VbN', '--profiling=false'],
      ['kube-apiserver', '--token=x8K*** (18 characters)', '--profiling=false'],
    ],
    [
      ['app', '--password', 'x8Kq2mPz7Lw9Rt4VbN'],
      ['app', '--password', 'x8K*** (18 characters)'],
    ],
    [
      { name: 'DB_PASSWORD', value: 'x8Kq2mPz7Lw9Rt4VbN' },
      { name: 'DB_PASSWORD', value: 'x8K*** (18 characters)' },
    ],
    [{ env: [{ name: 'A', value: 'AKIAIOSFODNN7EXAMPLQ' }] }, { env: [{ name: 'A', value: 'AKI*** (20 characters)' }] }],
    ['postgres://shop:x8Kq2mPz7Lw9@db:5432/shop', 'pos*** (41 characters)'],
  ])('masks what is in %j', (value, shown) => {
    expect(withoutCredentials(value)).toEqual(shown);
  });

  it.each([
    [true],
    [undefined],
    [8080],
    ['registry.example.com/shop/web:1.4.2'],
    [['drop', 'ALL']],
    [{ name: 'LOG_LEVEL', value: 'debug' }],
    [['--audit-log-path=/var/log/audit.log']],
  ])('gives back %j itself', (value) => {
    expect(withoutCredentials(value)).toBe(value);
  });
});
