import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { Pseudonyms } from './pseudonyms.ts';

it.each([1, 32, 64, 65, 200])('is HMAC-SHA-256 with a key of %i bytes', (length) => {
  const key = Buffer.alloc(length, 7);
  expect(new Pseudonyms(key).hex('a'.repeat(64))).toBe(
    createHmac('sha256', key)
      .update(`hex ${'a'.repeat(64)}`)
      .digest('hex'),
  );
});

it('gives different words different names, and the same the same', () => {
  const pseudonyms = new Pseudonyms(Buffer.from('key'));
  const words = Array.from({ length: 50_000 }, (_, index) => `word${index}`);
  const names = words.map((word) => pseudonyms.word(word));
  expect(new Set(names).size).toBe(words.length);
  expect(words.map((word) => pseudonyms.word(word))).toEqual(names);
  expect(names.every((name) => /^[a-z]{6,10}$/.test(name))).toBe(true);
});

it('keeps the case and the number of digits', () => {
  const pseudonyms = new Pseudonyms(Buffer.from('key'));
  expect(pseudonyms.word('SHOP')).toBe(pseudonyms.word('shop').toUpperCase());
  expect(pseudonyms.word('Shop')).toMatch(/^[A-Z][a-z]+$/);
  expect(pseudonyms.digits('123456789012')).toMatch(/^[1-9]\d{11}$/);
  expect(pseudonyms.digits('0123')).toMatch(/^0\d{3}$/);
});
