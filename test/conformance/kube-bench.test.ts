/** kube-bench on a stock node of kubeadm and our rules on the same: what differs is explained. */
import { describe, expect, test } from 'vitest';
import { isHere, shared } from './corpora.ts';
import { readFileSync } from 'node:fs';
import { BENCHMARKS, RULES, answersOf } from '../../src/rules/index.ts';
import { BENCH_DIFFERENCES, KUBE_BENCH, compareWithKubeBench } from './kube-bench.ts';

const CONTROLS = 'facts/cis-controls.json';

describe.skipIf(!isHere(KUBE_BENCH))('kube-bench on a stock node (needs ../shared/corpora/posture/kube-bench)', () => {
  test('every difference is explained, and every explanation holds', () => {
    const { compared } = compareWithKubeBench();
    expect(compared.filter(({ agree }) => !agree).map(({ slug, theirs, ours }) => `${slug} ${theirs} ${ours}`)).toEqual(
      compared.filter(({ slug }) => slug in BENCH_DIFFERENCES).map(({ slug, theirs, ours }) => `${slug} ${theirs} ${ours}`),
    );
    expect(compared.length).toBeGreaterThan(80);
  });
});

describe.skipIf(!isHere(CONTROLS))('controls of CIS 1.12 (needs ../shared/facts)', () => {
  test('each has a rule that answers it, under the name that the control has everywhere', () => {
    const { controls } = JSON.parse(readFileSync(shared(CONTROLS), 'utf8')) as {
      controls: { benchmark: string; version: string; id: string; slug: string; target: string }[];
    };
    const cis = controls.filter(({ benchmark, version }) => benchmark === 'CIS Kubernetes' && version === '1.12');
    for (const benchmark of BENCHMARKS)
      expect([...answersOf(RULES, benchmark).keys()].toSorted()).toEqual(cis.map(({ id }) => id).toSorted());
    const ids = new Set(RULES.map(({ id }) => id));
    // What stands in objects has the name that other tools' checks share.
    expect(cis.filter(({ slug, target }) => target !== 'api' && !ids.has(slug))).toEqual([]);
  });
});
