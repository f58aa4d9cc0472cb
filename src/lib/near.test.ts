import { describe, expect, it } from 'vitest';
import { nearestOf } from './near.ts';

describe('nearestOf', () => {
  it.each([
    ['catlog', 'catalog'],
    ['fronted', 'frontend'],
    ['chekcout', 'checkout'],
    ['Frontend', 'frontend'],
  ])('%s is %s', (word, meant) => expect(nearestOf(word, ['web', meant, 'payments'])).toBe(meant));

  it.each([
    ['web', ['wep']],
    ['worker-1', ['worker-2']],
    ['frontend', ['backend']],
    ['cart', ['catalog', 'cart']],
  ])('%s is none of %s', (word, known) => expect(nearestOf(word, known)).toBeUndefined());

  it('takes the nearest, and of several the first by name', () => {
    expect(nearestOf('checkouts', ['checkers', 'checkout'])).toBe('checkout');
    expect(nearestOf('carts', ['cards', 'carte'])).toBe('cards');
  });
});
