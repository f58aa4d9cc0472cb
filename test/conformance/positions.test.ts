/** Lines and columns against the syntax tree of yaml 2, which keeps ranges: real manifests and generated styles. */
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Document, LineCounter, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import type { PathSegment } from '../../src/lib/field-path.ts';
import { tolerantYamlOffsets } from '../../src/lib/positions-fallback.ts';
import { yamlOffsets } from '../../src/lib/positions-yaml.ts';
import { DocumentPositions } from '../../src/lib/positions.ts';
import { readPlainDocument } from '../../src/lib/yaml-plain.ts';
import { generally, plainly } from '../general-yaml.ts';
import { isHere, readText, shared } from './corpora.ts';
import { RUNS } from '../runs.ts';

const CORPUS = 'corpora/posture/real-manifests/';

interface Expected {
  path: PathSegment[];
  offset: number;
}

/** Every field with the offset that yaml 2 gives to its key or element; through aliases into what they stand for. */
function fieldsOf(document: Document): Expected[] {
  const fields: Expected[] = [];
  const add = (path: PathSegment[], node: unknown): void => {
    if (isNode(node) && node.range != null) fields.push({ path, offset: node.range[0] });
  };
  const walk = (node: unknown, path: PathSegment[], open: readonly unknown[]): void => {
    const target = isAlias(node) ? node.resolve(document) : node;
    if (open.includes(target)) return;
    const inside = [...open, target];
    if (isMap(target)) {
      const last = new Map(target.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
      for (const [name, pair] of last) {
        add([...path, name], pair.key);
        walk(pair.value, [...path, name], inside);
      }
    } else if (isSeq(target)) {
      target.items.forEach((item, index) => {
        add([...path, index], item);
        walk(item, [...path, index], inside);
      });
    }
  };
  add([], document.contents);
  walk(document.contents, [], []);
  return fields;
}

/** Fields whose position differs from that of yaml 2, in words. */
function differences(text: string): { fields: number; wrong: string[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, logLevel: 'silent' });
  const positions = new DocumentPositions(text, 'yaml', { fallback: tolerantYamlOffsets });
  const fields = fieldsOf(document);
  const wrong: string[] = [];
  for (const { path, offset } of fields) {
    const { line, column, exact } = positions.locate(path);
    const want = lineCounter.linePos(offset);
    if (line !== want.line || column !== want.col || !exact) {
      wrong.push(`${JSON.stringify(path)}: ${line}:${column} exact ${exact}, yaml 2 says ${want.line}:${want.col}`);
    }
  }
  return { fields: fields.length, wrong };
}

describe.skipIf(!isHere(CORPUS))('real manifests (needs ../shared/corpora)', () => {
  const files = isHere(CORPUS) ? readdirSync(shared(CORPUS)).filter((name) => name.endsWith('.yaml')) : [];
  const textsOf = (file: string): string[] => readText(CORPUS + file).split(/^---[ \t\r]*$/m);

  test.each(files)('every field of every document of %s', (file) => {
    let fields = 0;
    const wrong: string[] = [];
    for (const text of textsOf(file)) {
      const result = differences(text);
      fields += result.fields;
      wrong.push(...result.wrong);
    }
    expect(wrong).toEqual([]);
    expect(fields).toBeGreaterThan(100);
  });

  test('nearly every document is read by the reader of plain YAML, and as the general parser reads it', () => {
    const texts = files.flatMap(textsOf);
    let read = 0;
    for (const text of texts) {
      const plain = readPlainDocument(text);
      if (plain === undefined) continue;
      read += 1;
      // The general parser refuses keys that stand twice, and a closing bracket at the column of its parent.
      if (isReadGenerally(text)) expect(plainly(plain)).toEqual(generally(text));
    }
    expect(read / texts.length).toBeGreaterThan(0.98);
  });
});

function isReadGenerally(text: string): boolean {
  try {
    generally(text);
    return true;
  } catch {
    return false;
  }
}

type Value = string | null | Value[] | { [key: string]: Value };

const SCALARS = ['plain', "'single ''q'", '"double \\" # q"', '12', 'true', '~', 'a:b', 'words and more', '!!str tagged', '"ünï🎈"'];
const KEYS = [
  'a',
  'name',
  'app.kubernetes.io/name',
  '"quoted key"',
  "'it''s'",
  'with blank',
  'x-1',
  '"esc\\u0041ped"',
  '12',
  '!!str key',
  '"ü🎈"',
];

const { list, map } = fc.letrec<{ value: Value; list: Value; map: Value; scalar: Value }>((tie) => ({
  value: fc.oneof({ maxDepth: 5, depthSize: 'small' }, tie('scalar'), tie('list'), tie('map')),
  scalar: fc.oneof(fc.constantFrom(...SCALARS), fc.constant(null)),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5 }),
}));

interface Style {
  flow: readonly number[];
  comments: readonly number[];
  anchors: readonly number[];
  /** Whether a sequence in a mapping is indented. */
  indented: boolean;
  crlf: boolean;
  marker: string;
  block: readonly number[];
}
const picks = fc.array(fc.nat(9), { minLength: 8, maxLength: 8 });
const style: fc.Arbitrary<Style> = fc.record({
  flow: picks,
  comments: picks,
  anchors: picks,
  block: picks,
  indented: fc.boolean(),
  crlf: fc.boolean(),
  marker: fc.constantFrom('', '---\n', '# first\n---\n', '%YAML 1.2\n---\n', '\n\n'),
});

/** Writes a value in YAML, taking style decisions from the lists in turn. */
class Writer {
  readonly #style: Style;
  #turn = 0;
  #anchored = 0;

  constructor(style: Style) {
    this.#style = style;
  }

  document(root: Value): string {
    const text = `${this.#style.marker}${this.#inside(root, '', true).replace(/^[ \n]*/, '')}\n`;
    return this.#style.crlf ? text.replaceAll('\n', '\r\n') : text;
  }

  #decide(list: keyof Pick<Style, 'flow' | 'comments' | 'anchors' | 'block'>, outOfTen: number): boolean {
    this.#turn += 1;
    return (this.#style[list][this.#turn % 8] ?? 9) < outOfTen;
  }

  /** What follows `key:` or a dash, with the blank or line break before it. */
  #inside(node: Value, indent: string, inMap: boolean): string {
    const anchor = this.#decide('anchors', 2) ? `&n${(this.#anchored += 1)}` : '';
    if (node === null) return anchor === '' ? this.#comment() : ` ${anchor}`;
    if (this.#anchored > 0 && anchor === '' && this.#decide('anchors', 1)) return ` *n${this.#anchored}`;
    if (typeof node === 'string') return ` ${anchor}${anchor && ' '}${this.#scalar(node, indent)}`;
    const empty = Object.keys(node).length === 0;
    if (empty || this.#decide('flow', 3)) return ` ${anchor}${anchor && ' '}${this.#flow(node)}${this.#comment()}`;
    if (Array.isArray(node)) {
      const inner = inMap && !this.#style.indented ? indent : `${indent}  `;
      const items = node.map((item) => `${inner}-${this.#inside(item, inner, false)}`);
      const compact = !inMap && anchor === '' && this.#decide('block', 5);
      return compact ? ` ${items.join('\n').trimStart()}` : `${anchor && ' '}${anchor}${this.#comment()}\n${items.join('\n')}`;
    }
    const inner = `${indent}  `;
    const entries = Object.entries(node).map(([key, item]) => this.#entry(key, item, inner));
    const compact = !inMap && anchor === '' && this.#decide('block', 7);
    return compact ? ` ${entries.join('\n').trimStart()}` : `${anchor && ' '}${anchor}${this.#comment()}\n${entries.join('\n')}`;
  }

  #entry(key: string, item: Value, indent: string): string {
    if (this.#decide('block', 1)) return `${indent}? ${key}\n${indent}:${this.#inside(item, indent, false)}`;
    const anchor = this.#decide('anchors', 1) ? `&k${(this.#turn += 1)} ` : '';
    return `${indent}${anchor}${key}:${this.#inside(item, indent, true)}`;
  }

  #scalar(text: string, indent: string): string {
    if (!this.#decide('block', 2)) return `${text}${this.#comment()}`;
    const header = ['|', '>', '|-', '>+', '|2', '| # note | >'][this.#turn % 6];
    return this.#decide('block', 8) ? `${header}\n${indent}    ${text}\n\n${indent}    more` : `${header}`;
  }

  #flow(node: Value): string {
    if (node === null) return '~';
    if (typeof node === 'string') return node === 'a:b' ? '"a:b"' : node;
    const parts = Array.isArray(node)
      ? node.map((item) => this.#flow(item))
      : Object.entries(node).map(([key, item]) => (item === null && this.#decide('flow', 5) ? `${key} ` : `${key}: ${this.#flow(item)}`));
    const [open, close] = Array.isArray(node) ? '[]' : '{}';
    return `${open}${parts.join(', ')}${close}`;
  }

  #comment(): string {
    return this.#decide('comments', 2) ? ' # c: - x' : '';
  }
}

describe('generated documents', () => {
  test('every field stands where yaml 2 says', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(list, map), style, (root, chosen) => {
        const text = new Writer(chosen).document(root);
        // The writer may say what a parser refuses (an alias to its own parent's anchor, a tag twice): not our matter.
        if (Object.keys(root ?? {}).length === 0 || parseDocument(text, { uniqueKeys: false, logLevel: 'silent' }).errors.length > 0)
          return;
        try {
          yamlOffsets(text);
        } catch {
          return;
        }
        read += 1;
        const { wrong } = differences(text);
        if (wrong.length > 0) throw new Error(`${wrong[0]} in\n${text}`);
      }),
      { numRuns: RUNS * 5 },
    );
    expect(read).toBeGreaterThan(RUNS * 3);
  });
});
