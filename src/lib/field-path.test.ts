import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { type PathSegment, concatPath, joinPath, parsePath, pathBelow, segmentsOf, toPointer, valueAt } from './field-path.ts';

const HARD = [
  '',
  '.',
  '[',
  ']',
  '"',
  '\\',
  '\\"',
  'a.b',
  'a[0]',
  '0',
  '-1',
  '__proto__',
  'app.kubernetes.io/name',
  '~',
  '/',
  '\n',
  '\uD800',
  'é',
];
const segment: fc.Arbitrary<PathSegment> = fc.oneof(fc.nat(), fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(...HARD));
const write = (segments: readonly PathSegment[]): string => segments.reduce<string>(joinPath, '');

describe('a path', () => {
  it('reads as people write it', () => {
    expect(parsePath('spec.containers[0].securityContext')).toEqual(['spec', 'containers', 0, 'securityContext']);
    expect(parsePath('metadata.labels["app.kubernetes.io/name"]')).toEqual(['metadata', 'labels', 'app.kubernetes.io/name']);
    expect(parsePath('')).toEqual([]);
    expect(write(['metadata', 'labels', 'a/b', 0, 'plain-key', '0'])).toBe('metadata.labels["a/b"][0].plain-key["0"]');
  });

  it('gives back the segments that it was written from', () => {
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        expect(parsePath(write(segments))).toEqual(segments);
      }),
      { numRuns: RUNS },
    );
  });

  it('is put together from two', () => {
    const property = fc.property(fc.array(segment), fc.array(segment), (a, b) => {
      expect(parsePath(concatPath(write(a), write(b)))).toEqual([...a, ...b]);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('never throws, whatever it is read from', () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom('[', ']', '"', '.', '\\', 'a', '0')).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (path) => {
        expect(segmentsOf(path)).toEqual(parsePath(path));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('pathBelow', () => {
  it('is the path with that of its place before it, and the segments of the path alone', () => {
    const path = fc.array(segment, { maxLength: 3 }).map(write);
    const property = fc.property(path, path, (place, below) => {
      const { whole, segments } = pathBelow(place, below);
      expect(whole).toBe(concatPath(place, below));
      expect(segments).toEqual(parsePath(below));
      if (place !== '' && below !== '') expect(whole).toBe(below.startsWith('[') ? place + below : `${place}.${below}`);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('stays so when more places and paths come than are kept', () => {
    const name = (round: number): string => `p${round % 1500}`;
    for (let round = 0; round < 6000; round += 1) {
      const [place, below] = [name(round * 7), name(round)];
      expect(pathBelow(place, below)).toEqual({ whole: `${place}.${below}`, segments: [below] });
      expect(pathBelow('spec', below).whole).toBe(`spec.${below}`);
    }
  });
});

describe('toPointer', () => {
  it('escapes as RFC 6901 says', () => {
    expect(toPointer(['a/b', 'm~n', 0, '', '~1'])).toBe('/a~1b/m~0n/0//~01');
    expect(toPointer([])).toBe('');
  });
});

describe('valueAt', () => {
  const root = JSON.parse('{"a": [{"b": 1}], "__proto__": {"x": 2}}') as unknown;

  it.each<[string, unknown]>([
    ['a[0].b', 1],
    ['a[1].b', undefined],
    ['a.b.c', undefined],
    ['__proto__.x', 2],
    ['constructor', undefined],
    ['toString', undefined],
    ['a.length', 1],
    ['a.map', undefined],
    ['a[0].__proto__', undefined],
  ])('%s', (path, value) => {
    expect(valueAt(root, parsePath(path))).toBe(value);
  });

  it('is undefined below what holds nothing', () => {
    for (const value of [null, undefined, 1, 'text', true]) expect(valueAt(value, ['length'])).toBeUndefined();
    expect(valueAt(7, [])).toBe(7);
  });
});
