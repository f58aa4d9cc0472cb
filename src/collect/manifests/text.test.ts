import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { type DocumentText, type Problem, documentsOf, split } from './text.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-text-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: Buffer | string, limits?: { longest: number; chunk: number }): (DocumentText | Problem)[] {
  const path = join(folder, 'file.yaml');
  writeFileSync(path, content);
  const parts = [...documentsOf(path, limits)];
  // A regular file holds the same when its end is told by a read that gives less than was asked for.
  expect([...documentsOf(path, limits, true)]).toEqual(parts);
  return parts;
}

const texts = (parts: readonly (DocumentText | Problem)[]): string => parts.map((part) => ('text' in part ? part.text : '')).join('');
const small = (chunk: number): { longest: number; chunk: number } => ({ longest: 1_000_000, chunk });

const line = fc.constantFrom(
  '---',
  '--- ',
  '---\t',
  '--- # x',
  '----',
  ' ---',
  '--',
  '',
  'a: 1',
  '  ---',
  'é: 日本😀',
  '...',
  '# x',
  '---x',
  '%YAML 1.1',
);
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, last]) => lines.join(end) + (last ? end : ''));

describe('split', () => {
  it('loses nothing, and counts lines', () => {
    const property = fc.property(text, (given) => {
      const parts = [...split(given, 5)];
      expect(texts(parts)).toBe(given);
      let at = 0;
      for (const part of parts) {
        expect(part.line).toBe(5 + given.slice(0, at).split('\n').length - 1);
        expect(part.text).not.toBe('');
        at += part.text.length;
      }
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it.each<[string, string, string[]]>([
    ['at markers', 'a: 1\n---\nb: 2\n', ['a: 1\n', '---\nb: 2\n']],
    ['at a marker with a comment', 'a: 1\n--- # two\nb: 2', ['a: 1\n', '--- # two\nb: 2']],
    ['at a marker at the end', 'a: 1\n---', ['a: 1\n', '---']],
    ['with carriage returns', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', '---\r\nb: 2\r\n']],
    ['not in the indentation of a block scalar', 'a: |\n  ---\n  b\n', ['a: |\n  ---\n  b\n']],
    ['not at a longer line', 'a: 1\n----\n---b\n', ['a: 1\n----\n---b\n']],
    ['not after a directive', '%YAML 1.1\n# x\n---\na: 1\n---\nb: 2\n', ['%YAML 1.1\n# x\n---\na: 1\n', '---\nb: 2\n']],
    ['nothing', '', []],
  ])('%s', (_name, given, expected) => expect([...split(given, 1)].map((part) => part.text)).toEqual(expected));
});

describe('documentsOf', () => {
  it('gives the same documents whatever pieces a file is read in', () => {
    const property = fc.property(text, fc.integer({ min: 1, max: 9 }), (given, chunk) => {
      expect(read(given, small(chunk))).toEqual([...split(given, 1)]);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('reads files larger than its first buffer', () => {
    const given = Array.from({ length: 9000 }, (_, index) => `---\nkey-${index}: ${'é'.repeat(index % 40)}\n`).join('');
    for (const chunk of [100_000, 65_536, 65_537, 1_200_000]) expect(texts(read(given, { longest: 10_000_000, chunk }))).toBe(given);
    expect(read(given)).toHaveLength(9000);
  });

  it.each<[string, Buffer]>([
    ['UTF-8 with a mark', Buffer.from('\uFEFFa: é\n')],
    ['UTF-16, little end first', Buffer.from('\uFEFFa: é\n', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\uFEFFa: é\n', 'utf16le').swap16()],
  ])('%s', (_name, bytes) => {
    expect(read(bytes)).toEqual([{ text: 'a: é\n', line: 1 }]);
    for (const chunk of [2, 3, 5]) expect(texts(read(bytes, small(chunk)))).toBe('a: é\n');
  });

  it('tells what is no text, and what is no UTF-8', () => {
    expect(read(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).toEqual([{ problem: 'binary', line: 1 }]);
    expect(read(Buffer.from('a: caf\u00e9\n', 'latin1'))).toEqual([
      { problem: 'encoding', line: 1 },
      { text: 'a: caf\uFFFD\n', line: 1 },
    ]);
    expect(read('a: \uFFFD\n')).toEqual([{ text: 'a: \uFFFD\n', line: 1 }]);
    // A character that ends with the file.
    expect(read(Buffer.from([0x61, 0xc3]))).toContainEqual({ problem: 'encoding', line: 1 });
  });

  it.each([7, 40, 100, 1000])('refuses a document that is too long and reads the others, in pieces of %i', (chunk) => {
    const given = `a: 1\n---\n${'x: y\n'.repeat(100)}---\nb: 2\n`;
    expect(read(given, { longest: 200, chunk })).toEqual([
      { text: 'a: 1\n', line: 1 },
      { problem: 'too-large', line: 2 },
      { text: '---\nb: 2\n', line: 103 },
    ]);
  });

  it('gives nothing for an empty file', () => expect(read('')).toEqual([]));

  it('throws what the system says of a file that is not there', () => {
    expect(() => [...documentsOf(join(folder, 'absent'))]).toThrow('ENOENT');
  });
});
