import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { type PatchOperation, applyPatch } from './json-patch.ts';
import { TextEditFailure, editYaml } from './yaml-edit.ts';

// JSON has no negative zero.
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const key = fc.constantFrom('name', 'image', 'a b', 'on', '1', 'key: x', '#c', 'kind');
const tree: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant('two\nlines\n'), fc.constant('yes')),
    fc.dictionary(key, tie('node'), { maxKeys: 4 }),
    fc.array(tie('node'), { maxLength: 4 }),
  ),
})).node;
const object = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 });

const style = fc.constantFrom(
  (value: unknown) => stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }),
  (value: unknown) => stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false, indentSeq: false }),
  (value: unknown) => stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false, indent: 4 }),
  (value: unknown) =>
    `# before\n${stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }).replaceAll(/: (\w+)$/gm, ': $1 # why')}\n# after\n`,
  (value: unknown) => stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false, collectionStyle: 'flow' }),
  (value: unknown) => JSON.stringify(value),
  (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`,
);

function places(value: unknown, at = ''): { path: string; isItem: boolean; isRoot: boolean }[] {
  const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const path = `${at}/${escaped(name)}`;
    return [{ path, isItem: Array.isArray(value), isRoot: at === '' }, ...places(child, path)];
  });
}

function read(text: string, index = 0): unknown {
  const documents = parseAllDocuments(text, { version: '1.1' });
  const document = Array.isArray(documents) ? documents[index] : undefined;
  expect(document?.errors).toEqual([]);
  return document?.toJS() as unknown;
}

describe('an edit of a text', () => {
  test('gives what the patch gives', () => {
    fc.assert(
      fc.property(
        object,
        style,
        fc.nat(),
        json,
        fc.constantFrom('add', 'remove', 'replace', 'append', 'insert'),
        (value, write, pick, fresh, kind) => {
          const text = write(value);
          const before = read(text);
          const all = places(before);
          const place = all[pick % all.length];
          if (place === undefined) return;
          const operations: Record<typeof kind, PatchOperation> = {
            add: { op: 'add', path: place.isItem ? place.path : `${place.path}x`, value: fresh },
            remove: { op: 'remove', path: place.path },
            replace: { op: 'replace', path: place.path, value: fresh },
            append: { op: 'add', path: place.isItem ? place.path.replace(/[^/]*$/, '-') : `${place.path} new`, value: fresh },
            insert: { op: 'add', path: place.path, value: fresh },
          };
          const operation = operations[kind];
          const after = editYaml(text, { document: 0, patch: [operation] });
          expect(read(after)).toEqual(applyPatch(before, [operation]));
        },
      ),
      { numRuns: RUNS * 5 },
    );
  });

  const BEFORE = `# head
kind: Pod # what
spec:
  containers:
  - name: a # first
    image: "b"

    # about the port
    ports: [80, 81]
  - image: c
    name: d

# tail
`;

  const edit = (...patch: PatchOperation[]): string => editYaml(BEFORE, { document: 0, patch });

  test('keeps comments, order, quotes and blank lines', () => {
    expect(edit({ op: 'add', path: '/spec/containers/0/tty', value: false })).toBe(
      BEFORE.replace('ports: [80, 81]\n', 'ports: [80, 81]\n    tty: false\n'),
    );
    expect(edit({ op: 'replace', path: '/spec/containers/0/image', value: 'e' })).toBe(BEFORE.replace('"b"', 'e'));
    expect(edit({ op: 'remove', path: '/spec/containers/0/ports/0' })).toBe(BEFORE.replace('[80, 81]', '[81]'));
    expect(edit({ op: 'replace', path: '/spec/containers/0/ports', value: [8080] })).toBe(BEFORE.replace('[80, 81]', '[8080]'));
    expect(edit({ op: 'remove', path: '/spec/containers/1/image' })).toBe(BEFORE.replace('- image: c\n    name: d', '- name: d'));
    expect(edit({ op: 'remove', path: '/spec/containers/1' })).toBe(BEFORE.replace('  - image: c\n    name: d\n', ''));
    expect(edit({ op: 'add', path: '/spec/hostPID', value: { a: [1] } })).toBe(
      BEFORE.replace('name: d\n', 'name: d\n  hostPID:\n    a:\n      - 1\n'),
    );
  });

  test('leaves an empty list where the last element goes, below a comment too', () => {
    const gone = (text: string): string => editYaml(text, { document: 0, patch: [{ op: 'remove', path: '/a/0' }] });
    expect(gone('a:\n- 1\nb: 2\n')).toBe('a: []\nb: 2\n');
    expect(gone('a: # why\n- 1\nb: 2\n')).toBe('a: # why\n  []\nb: 2\n');
  });

  test('tests before it edits', () => {
    expect(edit({ op: 'test', path: '/spec/containers/1/name', value: 'd' })).toBe(BEFORE);
    expect(() => edit({ op: 'test', path: '/spec/containers/1/name', value: 'x' })).toThrow(TextEditFailure);
    expect(() => edit({ op: 'replace', path: '/spec/nothing', value: 1 })).toThrow(/nothing at/);
  });

  test('finds its document, and the item of a list', () => {
    const text = 'kind: A\n---\nkind: List\nitems:\n- kind: B\n- kind: C\n';
    expect(editYaml(text, { document: 1, root: ['items', 1], patch: [{ op: 'replace', path: '/kind', value: 'D' }] })).toBe(
      text.replace('kind: C', 'kind: D'),
    );
    expect(() => editYaml(text, { document: 2, patch: [{ op: 'remove', path: '/kind' }] })).toThrow(/no document 3/);
  });

  test('leaves alone what is used elsewhere too', () => {
    const text = 'a: &x\n  b: 1\nc: *x\n';
    expect(() => editYaml(text, { document: 0, patch: [{ op: 'replace', path: '/c/b', value: 2 }] })).toThrow(/alias/);
  });

  test('keeps the line ends of the text', () => {
    expect(editYaml('a: 1\r\nb:\r\n  c: 2\r\n', { document: 0, patch: [{ op: 'add', path: '/b/d', value: 3 }] })).toBe(
      'a: 1\r\nb:\r\n  c: 2\r\n  d: 3\r\n',
    );
  });
});
