import { expect, it } from 'vitest';
import { absolutePath } from './absolute-path.ts';

it.each([
  ['/a/b', '/a/b'],
  ['//a/./b//', '/a/b'],
  ['/a/../../b', '/b'],
  ['/', '/'],
  ['a/b', undefined],
  ['', undefined],
  ['/a\0b', undefined],
  [`/${'a'.repeat(5000)}`, undefined],
])('%j is %j', (given, expected) => {
  expect(absolutePath(given)).toBe(expected);
});
