/**
 * The same of real projects, by all rules together: what is found in their manifests is found once a server has kept
 * them, and once they are read from there, except for the rules that differences.ts explains.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isRecord } from '../../../src/model/index.ts';
import { parseYaml } from '../../../src/lib/yaml.ts';
import { RULES } from '../../../src/rules/index.ts';
import { isHere, readText, shared } from '../../conformance/corpora.ts';
import { type Ask, each, inBulk } from '../bulk.ts';
import { describeCluster } from '../describe-cluster.ts';
import { RELEASES } from '../parts.ts';
import { FILLED_IN, READ } from './differences.ts';
import { type Fields, asServed, makePlaces, servedKinds } from './served.ts';
import { asRead, differences, told } from './told.ts';

const MANIFESTS = 'corpora/posture/real-manifests/';
const ALONE = ['kube-controller-manager', 'kube-scheduler'] as const;

for (const release of RELEASES) {
  describeCluster(`real manifests in ${release}`, { release, skip: ALONE, auditPolicy: 'off' }, (cluster) => {
    describe.skipIf(!isHere(MANIFESTS))('(needs ../shared/corpora)', () => {
      const projects = isHere(MANIFESTS) ? readdirSync(shared(MANIFESTS)).filter((name) => name.endsWith('.yaml')) : [];

      it.each(projects)('%s', async (file) => {
        const written = objectsIn(readText(MANIFESTS + file));
        const served = await inBulk(cluster(), (ask) => servedOf(ask, written));
        const [before, kept, read] = [written, served, served.map(asRead)].map((objects) => told(RULES, objects));
        expect(unexplained(differences(before ?? [], kept ?? []), FILLED_IN)).toEqual([]);
        expect(unexplained(differences(kept ?? [], read ?? []), READ)).toEqual([]);
      });
    });
  });
}

function unexplained(lines: readonly string[], explained: readonly { rule: string }[]): string[] {
  const rules = new Set(explained.map(({ rule }) => rule));
  return lines.filter((line) => !rules.has(line.slice(2).split(':')[0] ?? ''));
}

async function servedOf(ask: Ask, written: readonly Fields[]): Promise<Fields[]> {
  const kinds = await servedKinds(ask);
  await makePlaces(ask, written);
  return each(written, async (object) => {
    const served = await asServed(ask, kinds, object);
    return typeof served === 'string' ? object : served;
  });
}

function objectsIn(text: string): Fields[] {
  return text.split(/^---[ \t\r]*$/m).flatMap((document) => {
    const read = parseYaml(document, true);
    // Some documents of the corpus are refused by the fast parser.
    const value: unknown = 'value' in read ? read.value : parse(document, { version: '1.1', merge: true });
    return isRecord(value) && 'kind' in value ? [value] : [];
  });
}
