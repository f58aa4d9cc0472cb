/** Known holes by version, support dates and version skew, against tables that others made from the same public facts. */
import { describe, expect, it } from 'vitest';
import { type Version, cvesOf, parseVersion, skewOf, supportOf } from '../../src/engines/versions/index.ts';
import { isHere, readJson } from './corpora.ts';

const FOLDER = 'corpora/images/kubernetes';
const HERE = isHere(FOLDER);

function casesIn<T>(name: string): T[] {
  return HERE ? (readJson(`${FOLDER}/${name}.json`) as T[]) : [];
}

function version(text: string): Version {
  const parsed = parseVersion(text) ?? parseVersion(`${text}.0`);
  if (parsed === undefined) throw new Error(`no version: ${text}`);
  return parsed;
}

interface CveCase {
  component: string;
  version: string;
  expected: string[];
}
interface SupportCase {
  product: string;
  cycle: string;
  on: string;
  expected: { supported: boolean; activeSupport: boolean | null; latest: string };
}
interface SkewCase {
  component: string;
  version: string;
  apiServers: string[];
  expected: boolean;
}

describe.skipIf(!HERE)('versions', () => {
  it('have the holes that the table gives them', () => {
    const cases = casesIn<CveCase>('cve-matching');
    expect(cases.length).toBeGreaterThan(20);
    for (const { component, version: text, expected } of cases) {
      const ids = cvesOf(component, version(text)).map(({ cve }) => cve.id);
      expect(ids.toSorted(), `${component} ${text}`).toEqual(expected.toSorted());
    }
  });
  it('are supported on the days that the table gives them', () => {
    const cases = casesIn<SupportCase>('support');
    expect(cases.length).toBeGreaterThan(8);
    for (const { product, cycle, on, expected } of cases) {
      const verdict = supportOf(product, version(cycle), { on });
      const { active } = verdict?.release ?? {};
      const answer = {
        supported: verdict?.state === 'supported' || verdict?.state === 'maintenance',
        activeSupport: active === undefined ? null : verdict?.state === 'supported',
        latest: verdict?.release?.latest,
      };
      expect(answer, `${product} ${cycle} on ${on}`).toEqual(expected);
    }
  });
  it('may be as far apart as the table says', () => {
    const cases = casesIn<SkewCase>('skew');
    expect(cases.length).toBeGreaterThan(8);
    for (const { component, version: text, apiServers, expected } of cases) {
      const others = apiServers.map(version);
      const broken = skewOf(component, version(text), { apiServers: others });
      expect(broken.length === 0, `${component} ${text} beside ${apiServers.join(', ')}`).toBe(expected);
    }
  });
});
