import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { type Version, compareVersions, fixedFor, inRanges, parseVersion } from './index.ts';

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

describe('versions', () => {
  it.each([
    ['v1.34.1', 34, 1, [], ''],
    ['1.27.2+k3s1', 27, 2, [], 'k3s1'],
    ['v1.27.2-k3s1', 27, 2, [], 'k3s1'],
    ['v1.33.1-gke.1386000', 33, 1, [], 'gke.1386000'],
    ['v1.29.3-eks-adc7111', 29, 3, [], 'eks-adc7111'],
    ['v1.32.1+rke2r1', 32, 1, [], 'rke2r1'],
    ['v1.32.8-rc.0', 32, 8, ['rc', 0], ''],
    ['v1.32.8-rc1+k3s1', 32, 8, ['rc', 1], 'k3s1'],
    ['1.33.0-alpha.2.37+0123abc-dirty', 33, 0, ['alpha', 2, 37], '0123abc-dirty'],
    ['3.5.15-0', 5, 15, [], '0'],
    ['1.6.12-0ubuntu1~22.04.1', 6, 12, [], '0ubuntu1~22.04.1'],
    ['5.15.0-1051-aws', 15, 0, [], '1051-aws'],
    ['1.30', 30, undefined, [], ''],
    ['1.30.x', undefined, undefined, [], ''],
  ] as const)('reads %s', (text, minor, patch, pre, vendor) => {
    const parsed = parseVersion(text);
    if (minor === undefined) expect(parsed?.patch).toBeUndefined();
    else expect(parsed).toMatchObject({ minor, patch, pre, vendor });
  });

  it.each(['latest', 'main', '', 'v1', 'sha256:0123', '1.', 'v1.34.1 (dirty)', '1'.repeat(200), undefined])('does not read %s', (text) =>
    expect(parseVersion(text)).toBeUndefined(),
  );

  it('puts pre-releases in order before the release', () => {
    const order = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1-rc.0', '1.0.1'];
    for (const [index, text] of order.entries())
      for (const [other, later] of order.entries())
        expect(Math.sign(compareVersions(version(text), version(later))), `${text} ${later}`).toBe(Math.sign(index - other));
  });

  const parts = fc.record({
    major: fc.nat(3),
    minor: fc.nat(40),
    patch: fc.nat(30),
    pre: fc.option(fc.tuple(fc.constantFrom('alpha', 'beta', 'rc'), fc.nat(12)), { nil: undefined }),
    vendor: fc.constantFrom('', '+k3s1', '-gke.1386000', '-eks-adc7111', '+rke2r1', '-k3s1', '+vmware.1-fips'),
  });
  type Parts = Record<'major' | 'minor' | 'patch', number> & { pre: [string, number] | undefined; vendor: string };
  const written = ({ major, minor, patch, pre, vendor }: Parts): string =>
    `v${major}.${minor}.${patch}${pre === undefined ? '' : `-${pre[0]}.${pre[1]}`}${vendor}`;

  it('compares as the list of its parts does, whatever a vendor adds', () => {
    const key = ({ major, minor, patch, pre }: Parts): number[] => [
      major,
      minor,
      patch,
      pre === undefined ? 9 : ['alpha', 'beta', 'rc'].indexOf(pre[0]),
      pre?.[1] ?? 0,
    ];
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const [left, right] = [key(one), key(other)];
        const at = left.findIndex((value, index) => value !== right[index]);
        const expected = at < 0 ? 0 : Math.sign((left[at] ?? 0) - (right[at] ?? 0));
        expect(Math.sign(compareVersions(version(written(one)), version(written(other))))).toBe(expected);
      }),
      { numRuns: RUNS },
    );
  });

  it('is in a range as comparing with its ends says', () => {
    fc.assert(
      fc.property(parts, parts, parts, (one, from, to) => {
        const [introduced, fixed] = [written({ ...from, vendor: '' }), written({ ...to, vendor: '' })];
        const inside =
          compareVersions(version(written(one)), version(introduced)) >= 0 && compareVersions(version(written(one)), version(fixed)) < 0;
        expect(inRanges(version(written(one)), [{ introduced, fixed }])).toBe(inside ? 'yes' : 'no');
      }),
      { numRuns: RUNS },
    );
  });

  it('without a patch answers as all its patches do, where they agree', () => {
    const range = fc.record({
      introduced: fc.constantFrom('0', '1.8.0', '1.9.2', '1.10.0'),
      fixed: fc.constantFrom('1.9.0', '1.9.4', '1.10.3'),
    });
    fc.assert(
      fc.property(fc.nat({ max: 3 }), fc.array(range, { minLength: 1, maxLength: 3 }), (step, ranges) => {
        const minor = 8 + step;
        const each = new Set(Array.from({ length: 9 }, (_, patch) => inRanges(version(`1.${minor}.${patch}`), ranges)));
        const whole = inRanges(version(`1.${minor}`), ranges);
        if (whole !== 'unknown') expect([...each]).toEqual([whole]);
        else expect(each.size).toBeGreaterThan(0);
        if (each.size > 1) expect(whole).toBe('unknown');
      }),
      { numRuns: RUNS },
    );
  });

  it('names the fix of the range that a version is in', () => {
    const ranges = [
      { introduced: '0', fixed: '1.9.4' },
      { introduced: '1.10.0', fixed: '1.10.3' },
    ];
    expect(fixedFor(version('1.8.1'), ranges)).toBe('1.9.4');
    expect(fixedFor(version('v1.10.2-eks-1'), ranges)).toBe('1.10.3');
    expect(fixedFor(version('1.7.0'), [{ introduced: '0' }])).toBeUndefined();
  });
});
