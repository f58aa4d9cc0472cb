import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clusters } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { Relation } from './relation.ts';
import { type MatrixSummary, matrixSummary } from './summary.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function oneByOne(relation: Relation): MatrixSummary {
  const { entities, ports } = relation;
  const counts = { open: 0, limited: 0, closed: 0 };
  for (const [source, from] of entities.classesOf.entries()) {
    for (const [destination, to] of entities.classesOf.entries()) {
      if (source === destination) continue;
      let merged = ports.none;
      for (const a of from) for (const b of to) merged = ports.union(merged, relation.allowed(a, b));
      counts[merged === ports.all ? 'open' : merged === ports.none ? 'closed' : 'limited'] += 1;
    }
  }
  return counts;
}

/** Without addresses of a second family no pod is two classes. */
function simpler(object: Raw): Raw {
  const { podIPs } = (object.status ?? {}) as { podIPs?: unknown[] };
  return podIPs === undefined ? object : { ...object, status: { podIPs: podIPs.slice(0, 1) } };
}

it.each([
  ['pods of one address', simpler],
  ['pods of any addresses', (object: Raw): Raw => object],
])('the summary counts pairs as one by one: %s', { timeout: 60_000 + RUNS * 30 }, (_, prepare) => {
  fc.assert(
    fc.property(clusters, fc.integer({ min: 1, max: 3 }), (objects, copies) => {
      const pods = objects.filter(({ kind }) => kind === 'Pod').map(prepare);
      const rest = objects.filter(({ kind }) => kind !== 'Pod');
      const all = Array.from({ length: copies }, (_unused, copy) =>
        pods.map((pod) => ({ ...pod, metadata: { ...(pod.metadata as Raw), name: `${(pod.metadata as Raw).name as string}-${copy}` } })),
      );
      const relation = new Relation(readWorld([...rest, ...all.flat()]));
      expect(matrixSummary(relation)).toEqual(oneByOne(relation));
    }),
    { numRuns: RUNS },
  );
});
