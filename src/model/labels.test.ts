import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import type { LabelSelector } from './index.ts';
import { isEmptySelector, mapMatches, selectorMatches } from './labels.ts';

const LABELS = { app: 'web', tier: 'front' };

describe('selectorMatches', () => {
  it.each<[string, LabelSelector | undefined, boolean]>([
    ['none', undefined, false],
    ['an empty one', {}, true],
    ['empty parts', { matchLabels: {}, matchExpressions: [] }, true],
    ['a label', { matchLabels: { app: 'web' } }, true],
    ['another value', { matchLabels: { app: 'db' } }, false],
    ['one of two labels', { matchLabels: { app: 'web', x: 'y' } }, false],
    ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, true],
    ['In without values', { matchExpressions: [{ key: 'app', operator: 'In' }] }, false],
    ['In of an absent key', { matchExpressions: [{ key: 'x', operator: 'In', values: ['y'] }] }, false],
    ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    ['NotIn of an absent key', { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['y'] }] }, true],
    ['Exists', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    ['Exists of an absent key', { matchExpressions: [{ key: 'x', operator: 'Exists' }] }, false],
    ['DoesNotExist', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    ['DoesNotExist of an absent key', { matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] }, true],
    ['an operator of nodes only', { matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] }, false],
    ['no operator', { matchExpressions: [{ key: 'app' }] }, false],
    ['what every object inherits', { matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, false],
  ])('%s', (_name, selector, expected) => expect(selectorMatches(selector, LABELS)).toBe(expected));
});

describe('label maps', () => {
  it('match what holds every pair', () => {
    const labels = fc.dictionary(fc.constantFrom('a', 'b', 'constructor', '__proto__'), fc.constantFrom('x', 'y'));
    const property = fc.property(labels, labels, (wanted, held) => {
      const expected = Object.entries(wanted).every(([key, value]) =>
        Object.entries(held).some(([other, own]) => other === key && own === value),
      );
      expect(mapMatches(wanted, held)).toBe(expected);
      expect(selectorMatches({ matchLabels: wanted }, held)).toBe(expected);
    });
    fc.assert(property, { numRuns: RUNS });
  });
});

describe('isEmptySelector', () => {
  it.each<[LabelSelector | undefined, boolean]>([
    [undefined, false],
    [{}, true],
    [{ matchLabels: {} }, true],
    [{ matchLabels: { a: 'b' } }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }, false],
  ])('%j', (selector, expected) => expect(isEmptySelector(selector)).toBe(expected));
});
