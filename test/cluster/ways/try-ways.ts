/** Tries ways on a cluster: the graph's answer and the server's must be the same, in the world and in the nearest one. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Release } from '../parts.ts';
import type { TestCluster } from '../test-cluster.ts';
import { Attack } from './attack.ts';
import { judge } from './judge.ts';
import { type Place, Refused, type Way } from './way.ts';
import { buildWorld } from './world.ts';

/** How long an attack waits for what it should get; one that should get nothing waits as long as it takes where it works. */
const PATIENCE = { taken: 30, refused: 3 };

/** Several worlds are built at the same time. */
const TIMEOUT = 150_000;

let ports = 30_500;

export function tryWays(cluster: () => TestCluster, release: Release, ways: readonly Way[]): void {
  takeWays(
    cluster,
    release,
    ways.filter(({ allowsAll }) => allowsAll !== true),
  );
  refuseNearest(cluster, release, ways);
}

export function takeWays(cluster: () => TestCluster, release: Release, ways: readonly Way[]): void {
  const own = of(release, ways);
  it.concurrent.each(own.map((way, index) => [`${way.edge} is taken (${index})`, way, index] as const))(
    '%s',
    async (_, way, index) => {
      const place = placeOf(cluster(), way, `${index}-y`);
      const from = way.from(place);
      const objects = await buildWorld(cluster(), place, way);
      const verdict = judge({ objects, from, to: way.to(place), release, exploitable: way.exploitable?.(place) ?? [] });
      expect([...verdict.edges]).toContain(way.edge);
      expect(way.unsure === true ? verdict.atAll : verdict.counted).toBe(true);
      await way.take(new Attack({ cluster: cluster(), place, from, patience: PATIENCE.taken }));
      await clear(cluster(), place);
    },
    TIMEOUT,
  );
}

function refuseNearest(cluster: () => TestCluster, release: Release, ways: readonly Way[]): void {
  const own = of(release, ways);
  it.concurrent.each(own.map((way, index) => [`${way.edge} (${index}) is refused: ${way.nearest.because}`, way, index] as const))(
    '%s',
    async (_, way, index) => {
      const place = placeOf(cluster(), way, `${index}-n`);
      const from = (way.nearest.from ?? way.from)(place);
      const objects = await buildWorld(cluster(), place, way.nearest);
      const verdict = judge({ objects, from, to: way.to(place), release, exploitable: way.exploitable?.(place) ?? [] });
      expect([...verdict.edges]).toEqual([]);
      expect(verdict.atAll).toBe(false);
      const attack = new Attack({ cluster: cluster(), place, from, patience: PATIENCE.refused });
      const met = await way.take(attack).then(
        () => 'nothing',
        (error: unknown) => error,
      );
      expect(met).toBeInstanceOf(Refused);
      expect((met as Refused).message).toMatch(way.nearest.refusal);
      await clear(cluster(), place);
    },
    TIMEOUT,
  );
}

function of(release: Release, ways: readonly Way[]): Way[] {
  return ways.filter(({ releases }) => releases?.includes(release) ?? true);
}

/** Nodes hold so many pods and no more; what a failure leaves stays to be looked at. */
async function clear(cluster: TestCluster, { ns }: Place): Promise<void> {
  if (cluster.machines.length > 0) await cluster.request('DELETE', `/api/v1/namespaces/${ns}`);
}

/** Where programs lie that attackers bring. */
export function toolsOf({ dir }: TestCluster): string {
  return join(dir, 'tools');
}

function placeOf(cluster: TestCluster, { edge }: Way, own: string): Place {
  const ns = `${edge.toLowerCase().replaceAll('_', '-')}-${own}`;
  ports += 1;
  return { ns, other: `${ns}-b`, x: `${ns}/x`, word: `sesame-${ns}`, port: ports, tools: toolsOf(cluster) };
}
