import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { hashAfter, hashState, shortHash } from './hash.ts';

describe('shortHash', () => {
  // From the test vectors that Noll publishes with FNV.
  it.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['b', 'af63df4c8601f1a5'],
    ['foo', 'dcb27518fed9d577'],
    ['foobar', '85944171f73967e8'],
    ['chongo was here!\n', '46810940eff5f915'],
  ])('%j', (text, hash) => expect(shortHash(text)).toBe(hash));

  it('agrees with arithmetic on large integers', () => {
    const exact = (text: string): string => {
      let hash = 0xcbf29ce484222325n;
      for (let at = 0; at < text.length; at += 1) hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n) % 2n ** 64n;
      return hash.toString(16).padStart(16, '0');
    };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shortHash(text)).toBe(exact(text));
      }),
      { numRuns: RUNS },
    );
  });

  it('may be continued', () => {
    const property = fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
      expect(hashAfter(hashState(a), b)).toBe(shortHash(a + b));
      expect(hashAfter(hashState(a), b, c)).toBe(shortHash(a + b + c));
    });
    fc.assert(property, { numRuns: RUNS });
  });
});
