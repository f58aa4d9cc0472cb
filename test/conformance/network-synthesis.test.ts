/** Policies made from the manifests of well-known applications, beside those that another generator makes of them. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { POLICY_KINDS, generatePolicies } from '../../src/changes/network-policies/index.ts';
import { collectManifests } from '../../src/collect/manifests/index.ts';
import { connections, exposure, readWorld } from '../../src/engines/network/index.ts';
import { isHere, readJson, readText, shared } from './corpora.ts';
import { type Row, comparable, cutsOf, differences } from './network-rows.ts';

const FOLDER = 'corpora/network/synthesis';

type Raw = Record<string, unknown>;

function objectsIn(yaml: string): Raw[] {
  return parseAllDocuments(yaml).flatMap((document): Raw[] => {
    const value = document.toJS() as Raw | null;
    return value === null ? [] : [value];
  });
}

/** The end that stands for a controller that may be anywhere is not in the recorded lists. */
function withoutController(rows: readonly Row[]): Row[] {
  return rows.filter(({ src }) => src !== 'ingress-controller');
}

describe.skipIf(!isHere(FOLDER))('generated policies (need ../shared/corpora)', () => {
  const ids = isHere(FOLDER) ? readdirSync(shared(FOLDER)) : [];
  it('are there', () => expect(ids).toHaveLength(5));

  describe.each(ids)('%s', (id) => {
    const load = async (): Promise<{ snapshot: Awaited<ReturnType<typeof collectManifests>>; objects: Raw[] }> => {
      const snapshot = await collectManifests([fileURLToPath(shared(`${FOLDER}/${id}/manifests`))]);
      return { snapshot, objects: [...snapshot.objects].map(({ object }) => object) };
    };

    it('open exactly what the reference opens', async () => {
      const { snapshot, objects } = await load();
      const { yaml } = generatePolicies(snapshot, { kind: 'NetworkPolicy', facts: { apiServer: [], nodes: [] } });
      const got = connections(readWorld([...objects, ...objectsIn(yaml)])) as Row[];
      const want = readJson(`${FOLDER}/${id}/expected-connections.json`) as Row[];
      const cuts = cutsOf(want, got);
      expect(differences(comparable(want, cuts), comparable(withoutController(got), cuts))).toEqual([]);
      // Nor does it let in more of who may come from anywhere.
      const reference = connections(readWorld([...objects, ...objectsIn(readText(`${FOLDER}/${id}/reference-policies.yaml`))])) as Row[];
      const controller = (rows: readonly Row[]): Row[] => rows.filter(({ src }) => src === 'ingress-controller');
      expect(controller(reference)).toEqual(expect.arrayContaining(controller(got)));
    });

    it.each(POLICY_KINDS)('cover every workload, as %s', async (kind) => {
      const { snapshot, objects } = await load();
      const { yaml } = generatePolicies(snapshot, { kind, facts: { apiServer: [], nodes: [] } });
      expect(exposure(readWorld([...objects, ...objectsIn(yaml)])).unprotected).toEqual([]);
    });
  });
});
