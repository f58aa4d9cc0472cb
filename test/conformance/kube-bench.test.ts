/** kube-bench on a stock node of kubeadm and our rules on the same: what differs is explained. */
import { describe, expect, test } from 'vitest';
import { isHere, shared } from './corpora.ts';
import { readFileSync } from 'node:fs';
import { BENCHMARKS, RULES, type Rule, answersOf } from '../../src/rules/index.ts';
import { BENCH_DIFFERENCES, KUBE_BENCH, compareWithKubeBench } from './kube-bench.ts';

interface Control {
  benchmark: string;
  version: string;
  id: string;
  slug: string;
}

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
    for (const benchmark of BENCHMARKS.filter(({ releases }) => releases !== undefined))
      expect([...answersOf(RULES, benchmark).keys()].toSorted()).toEqual(cis.map(({ id }) => id).toSorted());
    const ids = new Set(RULES.map(({ id }) => id));
    // What stands in objects has the name that other tools' checks share.
    expect(cis.filter(({ slug, target }) => target !== 'api' && !ids.has(slug))).toEqual([]);
  });

  test.each([
    ['eks-1.8.0', 'CIS Amazon EKS'],
    ['aks-1.8', 'CIS AKS'],
    ['gke-1.9.0', 'CIS GKE'],
    ['rh-1.8', 'CIS OpenShift'],
    ['k3s-cis-1.9', 'CIS k3s'],
    ['rke2-cis-1.8', 'CIS RKE2'],
  ])('%s: each control has a rule, by the crosswalk or by its own name', (id, name) => {
    const { controls } = JSON.parse(readFileSync(shared(CONTROLS), 'utf8')) as { controls: Control[] };
    const { slugs } = JSON.parse(readFileSync(shared('facts/cis-crosswalk.json'), 'utf8')) as {
      slugs: Record<string, Record<string, string>>;
    };
    const benchmark = BENCHMARKS.find((each) => each.id === id);
    const answers = benchmark === undefined ? new Map<string, readonly Rule[]>() : answersOf(RULES, benchmark);
    const wanted = controls.filter((control) => control.benchmark === name);
    expect([...answers.keys()].toSorted()).toEqual(wanted.map((control) => control.id).toSorted());
    const cis = controls.filter(({ benchmark: of, version }) => of === 'CIS Kubernetes' && version === '1.12');
    for (const control of wanted) {
      const own = answers.get(control.id) ?? [];
      const same = cis.find(({ slug }) => slug === control.slug);
      // What is the same control there has the same rules here.
      const expected =
        same === undefined
          ? undefined
          : RULES.filter((rule) => rule.controls.some((each) => each.framework === 'cis-1.12' && each.id === same.id));
      if (expected !== undefined) expect(own, control.id).toEqual(expect.arrayContaining(expected));
      expect(slugs[control.slug]?.[id] ?? control.id).toBe(control.id);
    }
  });
});
