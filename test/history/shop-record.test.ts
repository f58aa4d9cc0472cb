import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePolicy } from '../../src/engines/audit-policy/index.ts';
import { State, fixesFor } from '../../src/changes/index.ts';
import { collectManifests } from '../../src/collect/manifests/index.ts';
import { parseYaml } from '../../src/lib/yaml.ts';
import { completeness } from '../../src/changes/requests/complete.ts';
import { readRecordFile } from '../../src/record/index.ts';
import { shopRecord } from '../../tools/shop-record.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const FILE = join(EXAMPLES, 'shop.record');

test('the record of the example is the one that its scenario gives, small and without a gap', () => {
  const record = readRecordFile(FILE);
  expect(record).toEqual(shopRecord());
  expect(statSync(FILE).size).toBeLessThan(200_000);
  expect(completeness({ record, servers: 2, users: [], accounts: undefined, rolesKnown: false })).toMatchObject({
    unknownBecause: [],
    streams: 2,
  });
});

test('the first screen of the example has a change of every verdict', async () => {
  const policy = parseYaml(readFileSync(join(EXAMPLES, 'shop.audit-policy.yaml'), 'utf8'));
  const { policy: auditPolicy } = parsePolicy('value' in policy ? policy.value : undefined);
  if (auditPolicy === undefined) throw new Error('the audit policy of the example cannot be read');
  const state = new State(await collectManifests([join(EXAMPLES, 'shop')]), { assumeSystem: true });
  const { fixes } = fixesFor(state, { top: 5, evidence: { record: readRecordFile(FILE), auditPolicy, servers: 2 } });
  expect(new Set(fixes.map(({ proof }) => proof.verdict))).toEqual(new Set(['safe', 'breaks', 'unknown']));
  // Nobody can ask for the other verbs of the rule on that resource, so that it goes as a whole.
  const [{ title, change } = { title: '', change: { patches: [] } }] = fixes;
  expect(title).toBe('drop "get nodes/proxy" from ClusterRole prometheus');
  expect(change.patches.map(({ patch }) => patch.filter(({ op }) => op !== 'test'))).toEqual([
    [{ op: 'remove', path: '/rules/0/resources/2' }],
  ]);
});
