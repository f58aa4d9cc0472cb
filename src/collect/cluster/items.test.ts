import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { ItemSplitter } from './items.ts';

function split(text: string, cuts: readonly number[], key = 'items'): { items: unknown[]; envelope: unknown } {
  const items: unknown[] = [];
  const splitter = new ItemSplitter(key, (json) => items.push(JSON.parse(json)));
  const bytes = Buffer.from(text);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    splitter.push(bytes.subarray(from, end));
    from = end;
  }
  return { items, envelope: splitter.end() };
}

describe('items of a list', () => {
  it('are cut out, and the envelope stays', () => {
    const text =
      '{"kind":"PodList", "metadata":{"continue":"a\\"items\\": [1]"},\n "items" : [ {"a":[1,{"items":[2]}]}, {"b":"]}"} ] ,"x":1}';
    expect(split(text, [])).toEqual({
      items: [{ a: [1, { items: [2] }] }, { b: ']}' }],
      envelope: { kind: 'PodList', metadata: { continue: 'a"items": [1]' }, items: [], x: 1 },
    });
  });

  it('of no list are none', () => {
    expect(split('{"items":null,"kind":"Status","details":{"items":[1]}}', [])).toEqual({
      items: [],
      envelope: { items: null, kind: 'Status', details: { items: [1] } },
    });
  });

  it('wherever the answer is cut into pieces', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
    fc.assert(
      fc.property(fc.array(value), fc.jsonValue(), fc.array(fc.nat(5000)), fc.boolean(), (items, metadata, cuts, pretty) => {
        const text = JSON.stringify({ kind: 'List', metadata, items, end: '\\' }, null, pretty ? 2 : 0);
        expect(split(text, cuts)).toEqual({
          items: JSON.parse(JSON.stringify(items)) as unknown,
          envelope: { ...(JSON.parse(text) as object), items: [] },
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('of an answer that ends early are told to be too few', () => {
    const text = JSON.stringify({ kind: 'List', items: [{ a: 'x"\\' }, { b: [1] }], end: 1 });
    for (let end = 1; end < text.length; end += 1) expect(() => split(text.slice(0, end), [])).toThrow();
  });
});
