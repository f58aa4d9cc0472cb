import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { addressText, parseAddress, parseCidr, rangesText } from './addresses.ts';
import { contains, difference, intersection, union } from './intervals.ts';
import { ALL_PORTS, PortSets, connsOf, portRange } from './ports.ts';
import { covers, matches, selectorOf } from './selector.ts';

const sets = fc
  .uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 8 })
  .map((list) => list.toSorted((a, b) => a - b).slice(0, list.length - (list.length % 2)));

test('sets of intervals are sets', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      for (let value = 0; value < 32; value += 1) {
        const [inA, inB] = [contains(a, value), contains(b, value)];
        expect(contains(union(a, b), value)).toBe(inA || inB);
        expect(contains(intersection(a, b), value)).toBe(inA && inB);
        expect(contains(difference(a, b), value)).toBe(inA && !inB);
      }
    }),
    { numRuns: RUNS },
  );
});

describe('addresses', () => {
  it.each([
    ['10.0.0.0/8', 'ip:10.0.0.0-10.255.255.255'],
    ['10.1.2.3/8', 'ip:10.0.0.0-10.255.255.255'],
    ['0.0.0.0/0', 'ip:0.0.0.0-255.255.255.255'],
    ['1.2.3.4/32', 'ip:1.2.3.4-1.2.3.4'],
    ['::ffff:10.0.0.0/104', 'ip:10.0.0.0-10.255.255.255'],
    ['fd00::/126', 'ip6:fd00::-fd00::3'],
    ['::/0', 'ip6:::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8:0:1::/64', 'ip6:2001:db8:0:1::-2001:db8:0:1:ffff:ffff:ffff:ffff'],
  ])('%s is %s', (cidr, text) => {
    expect(rangesText(parseCidr(cidr) ?? [])).toBe(text);
  });
  it.each([
    '',
    '10.0.0.0',
    '10.0.0/8',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '256.0.0.0/8',
    '10.0.0.0/8/9',
    'a::b::c/1',
    'fd00::/129',
    '1:2:3/8',
    ':/0',
    '12345::/16',
  ])('%j is no range', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
  it('are written as they are read', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const address = parseAddress(text);
        expect(address).toBeDefined();
        expect(parseAddress(addressText(address ?? 0n))).toBe(address);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('ports', () => {
  it('are all, or told by protocol', () => {
    expect(connsOf(ALL_PORTS)).toBe('all');
    expect(connsOf(difference(ALL_PORTS, portRange('UDP', 53, 53)))).toEqual({
      TCP: ['1-65535'],
      UDP: ['1-52', '54-65535'],
      SCTP: ['1-65535'],
    });
    expect(connsOf([])).toEqual({});
  });
  it('are kept once', () => {
    const pool = new PortSets();
    const [a, b] = [pool.id(portRange('TCP', 1, 80)), pool.id(portRange('TCP', 81, 100))];
    expect(pool.union(a, b)).toBe(pool.id(portRange('TCP', 1, 100)));
    expect(pool.common(a, b)).toBe(pool.none);
    expect(pool.without(pool.union(b, a), a)).toBe(b);
    expect(pool.union(pool.all, a)).toBe(pool.all);
  });
});

const requirement = fc.oneof(
  fc.record({
    key: fc.constantFrom('a', 'b'),
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.subarray(['1', '2', '3'], { minLength: 1 }),
  }),
  fc.record({ key: fc.constantFrom('a', 'b'), operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);
const selectors = fc.array(requirement, { maxLength: 2 }).map(selectorOf);

test('a selector that covers another matches whatever that one does', () => {
  const labels = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2', '3', '4'));
  fc.assert(
    fc.property(selectors, selectors, labels, (outer, inner, given) => {
      if (covers(outer, inner) && matches(inner, given)) expect(matches(outer, given)).toBe(true);
    }),
    { numRuns: RUNS * 5 },
  );
});

test('a selector is written as kubectl writes it', () => {
  const { key } = selectorOf([
    { key: 'tier', operator: 'NotIn', values: ['b', 'a', 'b'] },
    { key: 'app', operator: 'In', values: ['web'] },
    { key: 'env', operator: 'Exists' },
    { key: 'old', operator: 'DoesNotExist' },
  ]);
  expect(key).toBe('!old,app=web,env,tier notin (a,b)');
});
