import { describe, expect, it } from 'vitest';
import { type Version, builtInData, oldestSupported, parseVersion, supportOf } from './index.ts';

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

describe('support', () => {
  it.each([
    ['kubernetes', '1.36.3', 'supported', true],
    ['kubernetes', '1.36.4', 'supported', false],
    ['kubernetes', '1.34.1', 'supported', true],
    ['kubernetes', '1.33', 'ended', undefined],
    ['kubernetes', '1.2.0', 'ended', undefined],
    ['kubernetes', '1.99.0', 'unlisted', undefined],
    ['amazon-eks', '1.33.4-eks-3cfe0ce', 'extended', undefined],
    ['amazon-eks', '1.34.1-eks-1', 'supported', undefined],
    ['containerd', '1.7.13-k3s1', 'maintenance', true],
    ['containerd', '1.6.39', 'ended', false],
    ['etcd', '3.5.15-0', 'supported', true],
    ['debian', '12.0', 'extended', undefined],
    ['ubuntu', '22.04', 'maintenance', undefined],
    ['ubuntu', '24.04', 'supported', undefined],
    ['rhel', '9.3', 'supported', undefined],
    ['amazon-linux', '2.0', undefined, undefined],
  ])('of %s %s is %s on the day of the table', (product, text, state, behind) => {
    const verdict = supportOf(product, version(text));
    if (state !== undefined) expect(verdict?.state).toBe(state);
    if (behind !== undefined) expect(verdict?.behind).toBe(behind);
  });

  it('counts the last day itself', () => {
    const on = (day: string): unknown => supportOf('kubernetes', version('1.33.0'), { on: day })?.state;
    expect([on('2026-04-28'), on('2026-04-29'), on('2026-06-28'), on('2026-06-29')]).toEqual([
      'supported',
      'maintenance',
      'maintenance',
      'ended',
    ]);
    expect(oldestSupported()).toBe(34);
    expect(oldestSupported({ on: '2026-10-28' })).toBe(35);
  });

  it('says nothing of what the table does not have', () => {
    expect(supportOf('minix', version('3.4.0'))).toBeUndefined();
    expect(supportOf('constructor', version('3.4.0'))).toBeUndefined();
  });

  it('is a table of dates that can be compared, the minors of Kubernetes without holes', () => {
    const { products, asOf } = builtInData();
    const minors = products.kubernetes?.releases.map(({ cycle }) => version(cycle).minor) ?? [];
    expect(minors).toEqual(minors.map((_, index) => (minors[0] ?? 0) - index));
    for (const [id, { releases }] of Object.entries(products)) {
      expect(new Set(releases.map(({ cycle }) => cycle)).size, id).toBe(releases.length);
      for (const { released, active, end, extended } of releases)
        for (const day of [released, active, end, extended, asOf])
          if (typeof day === 'string') expect(day, id).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});
