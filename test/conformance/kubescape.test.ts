/** kubescape's rules and ours on the same objects: what differs is explained, rule by rule. */
import { describe, expect, test } from 'vitest';
import { isHere } from './corpora.ts';
import { CASES, KINDS, compareWithKubescape, explanations } from './kubescape.ts';

describe.skipIf(!isHere(CASES))('kubescape rules (needs ../shared/corpora/posture/kubescape-rules)', () => {
  test('every difference is explained, and every explanation holds', () => {
    const { compared } = compareWithKubescape();
    const differing = compared.filter(({ theirs, ours }) => theirs !== ours).map(({ rule, case: name }) => `${rule}/${name}`);
    const explained = explanations().flatMap(({ rule, cases }) => cases.map((name) => `${rule}/${name}`));
    expect(
      differing.filter((name) => !explained.includes(name)),
      'differences without an explanation',
    ).toEqual([]);
    expect(
      explained.filter((name) => !differing.includes(name)),
      'explanations of what does not differ',
    ).toEqual([]);
    expect(compared.length).toBeGreaterThan(400);
  });

  test('where both find something, it is nearly always in the same place', () => {
    const placed = compareWithKubescape().compared.filter(({ sameField }) => sameField !== undefined);
    expect(placed.length).toBeGreaterThan(150);
    expect(placed.filter(({ sameField }) => sameField === true).length / placed.length).toBeGreaterThan(0.9);
  });

  test('explanations have a known kind', () => {
    for (const { kind } of explanations()) expect(Object.keys(KINDS)).toContain(kind);
  });
});
