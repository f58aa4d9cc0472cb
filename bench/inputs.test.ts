import { describe, expect, test } from 'vitest';
import { documentsOf, halve } from './inputs.ts';

describe('documentsOf', () => {
  test('splits at separators, also those with a comment, and keeps the text', () => {
    const documents = documentsOf('app', 'kind: A\n---\nkind: B\n--- # next\nkind: C');
    expect(documents.map((document) => document.text)).toEqual(['kind: A\n', 'kind: B\n', 'kind: C\n']);
    expect(documents.map((document) => document.name)).toEqual(['app-0000.yaml', 'app-0001.yaml', 'app-0002.yaml']);
  });

  test('does not count comments and blank lines as a document', () => {
    expect(documentsOf('app', '# licence\n---\n\n---\nkind: A\n')).toHaveLength(1);
  });

  test('leaves dashes inside of a value alone', () => {
    expect(documentsOf('app', 'data:\n  text: |\n    ---\n    more\n')).toHaveLength(1);
  });
});

describe('halve', () => {
  test('finds exactly the members that fail', () => {
    const members = Array.from({ length: 100 }, (_, index) => `m${index}`);
    const bad = new Set(['m0', 'm41', 'm42', 'm99']);
    let tests = 0;
    const found = halve(members, (some) => {
      tests += 1;
      return !some.some((member) => bad.has(member));
    });
    expect(found).toEqual([...bad]);
    expect(tests).toBeLessThan(60);
  });

  test('is content with one test when all is well', () => {
    let tests = 0;
    expect(halve(['a', 'b', 'c'], () => (tests += 1) > 0)).toEqual([]);
    expect(tests).toBe(1);
  });
});
