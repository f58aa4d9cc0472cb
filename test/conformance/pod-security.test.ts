/** The Pod Security engine against upstream's fixtures at every version, and against levels of real manifests. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { evalPodSecurity } from '../../src/cli/eval-pod-security.ts';
import { CONTROLS } from '../../src/engines/pod-security/registry.ts';
import { parseYaml } from '../../src/lib/yaml.ts';
import { isHere, readJson, readLines, readText, shared } from './corpora.ts';

const CASES = 'corpora/posture/pod-security/cases.ndjson';
const MANIFESTS = 'corpora/posture/real-manifests/';
const FACTS = 'facts/pss-controls.json';

interface Case {
  id: string;
  level: string;
  versions: string[];
  failing?: { versions: string | string[]; controls: string[] }[];
  pod: unknown;
}
interface Levels {
  policyVersion: string;
  workloads: { doc: number; kind: string; name: string; pssLevel: string; baselineFailing: string[]; restrictedFailing: string[] }[];
}
interface Facts {
  controls: { id: string; level: string; versions: { since: string }[]; overrides?: string[] }[];
}

/** Minor releases of `1.8-1.21` or `1.8`. */
function minorsOf(range: string): number[] {
  const [first = '', last = first] = range.split('-');
  const minor = (version: string): number => Number(version.split('.')[1]);
  return Array.from({ length: minor(last) - minor(first) + 1 }, (_, index) => minor(first) + index);
}

describe.skipIf(!isHere(CASES))('upstream fixtures at every version (needs ../shared/corpora)', () => {
  test('every case has exactly the failing controls that are expected', () => {
    const cases = readLines<Case>(CASES);
    const wrong: string[] = [];
    let judged = 0;
    for (const { id, level, versions, failing = [], pod } of cases) {
      for (const minor of versions.flatMap(minorsOf)) {
        const expected = failing
          .filter((part) => [part.versions].flat().flatMap(minorsOf).includes(minor))
          .flatMap(({ controls }) => controls);
        const answer = evalPodSecurity({ object: pod, level, version: `1.${minor}` });
        judged += 1;
        const want = JSON.stringify([expected.length === 0, [...new Set(expected)].toSorted()]);
        const got = JSON.stringify([answer.allowed, answer.failing]);
        if (want !== got) wrong.push(`${id} at 1.${minor}: ${got}, expected ${want}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(judged).toBeGreaterThan(4000);
  });
});

describe.skipIf(!isHere(MANIFESTS))('real manifests (needs ../shared/corpora)', () => {
  const projects = isHere(MANIFESTS) ? readdirSync(shared(MANIFESTS)).filter((name) => name.endsWith('.pss.json')) : [];

  test.each(projects)('%s', (file) => {
    const { policyVersion, workloads } = readJson(MANIFESTS + file) as Levels;
    const texts = readText(MANIFESTS + file.replace('.pss.json', '.yaml')).split(/^---[ \t\r]*$/m);
    for (const { doc, kind, name, pssLevel, baselineFailing, restrictedFailing } of workloads) {
      const text = texts[doc] ?? '';
      const read = parseYaml(text, true);
      // Some documents of the corpus are refused by the fast parser.
      const object: unknown = 'value' in read ? read.value : parse(text, { version: '1.1', merge: true });
      const answer = (level: string): unknown => ({ kind, name, ...evalPodSecurity({ object, level, version: policyVersion }) });
      const expected = (failing: string[]): unknown => ({
        kind,
        name,
        allowed: failing.length === 0,
        failing: failing.toSorted(),
        met: pssLevel,
      });
      expect(answer('baseline')).toEqual(expected(baselineFailing));
      expect(answer('restricted')).toEqual(expected(restrictedFailing));
    }
  });
});

describe.skipIf(!isHere(FACTS))('the published table of controls (needs ../shared/facts)', () => {
  test('has the same ids, levels, releases and overrides', () => {
    const { controls } = readJson(FACTS) as Facts;
    const facts = controls.map(({ id, level, versions, overrides = [] }) => ({
      id,
      level,
      since: versions.map(({ since }) => since),
      overrides,
    }));
    const ours = CONTROLS.map(({ id, level, versions, overrides = [] }) => ({
      id,
      level,
      since: versions.map(({ since }) => `1.${since}`),
      overrides,
    }));
    expect(ours).toEqual(facts);
  });
});
