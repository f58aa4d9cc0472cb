/** Every rule against the test suites of the scanners that have the same check. */
import { describe, expect, test } from 'vitest';
import { compareSuite, partOf } from './agreement.ts';
import { isHere } from './corpora.ts';
import { type Judged, knownDifferences, reckon } from './differences.ts';
import { podSecurityCases } from './pod-security-cases.ts';
import { FOLDER, TOOLS } from './scanner-cases.ts';

/** What the project asks of itself on the checks of workloads. */
const SHARE = 0.93;

describe.skipIf(!isHere(FOLDER))('suites of other scanners (needs ../shared/corpora/posture/scanner-cases)', () => {
  const known = knownDifferences();

  test.each(TOOLS)('%s: every disagreement is explained, and every explanation holds', (tool) => {
    const { judged } = compareSuite(tool);
    const { unlisted, stale } = reckon(
      judged,
      known.filter((difference) => difference.tool === tool),
    );
    expect(unlisted.map(told), 'disagreements that differences.json does not explain').toEqual([]);
    expect(
      stale.map(({ check, case: name }) => `${check}/${name}`),
      'explanations of what is no disagreement',
    ).toEqual([]);
    const workloads = judged.filter((item) => partOf(item) === 'workloads');
    expect(workloads.length).toBeGreaterThanOrEqual(20);
    expect(workloads.filter(({ theirs, ours }) => theirs === ours).length / workloads.length).toBeGreaterThanOrEqual(SHARE);
  });

  test('differences name a suite that is judged, and give a reason', () => {
    for (const { tool, reason } of known) {
      expect(TOOLS).toContain(tool);
      expect(reason.length).toBeGreaterThan(30);
    }
  });

  test('kyverno: the Pod Security engine answers as the standard does, at every release', () => {
    const { judged } = podSecurityCases();
    const wrong = judged
      .filter((item) => item.wrong.length > 0)
      .map(({ check, case: name, control, wrong: releases }) => `${check}/${name} ${control}: ${releases.join(' ')}`);
    expect(wrong).toEqual([]);
    expect(judged.length).toBeGreaterThan(500);
    // kyverno's policies lag behind at the gates of 1.31 (SELinux types) and 1.35 (user namespaces), and nowhere else.
    const lagging = judged.filter(({ theirs, ours }) => theirs !== ours);
    expect(new Set(lagging.map(({ control }) => control))).toEqual(new Set(['procMount', 'seLinuxOptions']));
    expect(lagging.length).toBeLessThan(judged.length / 50);
  });
});

function told({ check, case: name, theirs, rules }: Judged): string {
  const [expected, got] = theirs === 'fail' ? ['a finding', 'silence'] : ['silence', 'a finding'];
  return `${check}/${name}: expected ${expected} of ${rules.join(', ')}, got ${got}`;
}
