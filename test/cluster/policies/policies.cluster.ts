/** What the engine says of random policies is what packets do. The keeper is our own: this tries the plumbing. */
import { expect, it } from 'vitest';
import { Ends, Relation, ask, isProtocol, readWorld } from '../../../src/engines/network/index.ts';
import { DEEP } from '../../runs.ts';
import { inBulk } from '../bulk.ts';
import { describeCluster } from '../describe-cluster.ts';
import { restartPolicies } from '../node/join.ts';
import { type Random, random } from '../random.ts';
import { waitFor } from '../wait.ts';
import { randomLabels, randomPolicies } from './cases.ts';
import { Scene, type ScenePod, type SmallWorld } from './scene.ts';

type Fields = Record<string, unknown>;

/** Sets of policies with labels of the pods; each is a hundred probes. */
const CASES = DEEP ? 300 : 40;
const SEED = Number(process.env.CASTELLAN_SEED ?? 1);
const WORLDS = 3;
/** On a busy machine an answer comes too late now and then. */
const TRIES = 8;

interface Count {
  open: number;
  shut: number;
  /** Results that were looked at again. */
  again: number;
}

describeCluster('random policies on two real nodes', { nodes: 2, nodeImage: true }, (cluster) => {
  it(`${CASES} cases, seed ${SEED}; and a keeper with a fault is found out`, { timeout: DEEP ? 3_600_000 : 900_000 }, () =>
    inBulk(cluster(), async (request) => {
      const scene = new Scene(request);
      const dice = random(SEED);
      await scene.setUp(WORLDS, dice);
      const count = await tried(scene, dice, CASES);
      console.log(
        `${CASES} cases, ${count.open + count.shut} probes: ${count.open} open, ${count.shut} not; ${count.again} results looked at again`,
      );
      // Neither must be rare, or nothing is tried.
      expect(count.open).toBeGreaterThan(CASES * 20);
      expect(count.shut).toBeGreaterThan(CASES * 20);
      await restartPolicies(cluster(), 'exceptions');
      await expect(tried(scene, dice, 60)).rejects.toThrow(/met this, and should not have/);
    }),
  );
});

async function tried(scene: Scene, dice: Random, cases: number): Promise<Count> {
  const count: Count = { open: 0, shut: 0, again: 0 };
  for (let done = 0; done < cases; done += WORLDS) {
    const worlds = scene.worlds.slice(0, cases - done);
    await Promise.all(worlds.map((world) => scene.removePolicies(world)));
    for (const world of worlds) await vary(scene, world, dice);
    await scene.settled();
    const objects = await scene.objects();
    await Promise.all(worlds.map((world) => compare(scene, world, { objects, count })));
  }
  return count;
}

async function vary(scene: Scene, world: SmallWorld, dice: Random): Promise<void> {
  for (const pod of world.pods) await scene.label(pod, { app: null, tier: null, ...randomLabels(dice) });
  const homes = { namespaces: world.namespaces, addresses: world.pods.map(({ address }) => address) };
  for (const policy of randomPolicies(dice, homes)) await scene.make(policy);
}

async function compare(scene: Scene, world: SmallWorld, { objects, count }: { objects: Fields[]; count: Count }): Promise<void> {
  const relation = new Relation(readWorld(objects));
  expect(relation.world.problems.filter(({ refused }) => refused)).toEqual([]);
  const ends = new Ends(relation);
  await Promise.all(
    world.pods.map(async (pod) => {
      const expected = (key: string): boolean => isAllowed(relation, ends, { pod, key });
      const wrong = await lookAt(scene, pod, { expected, count });
      expect(wrong, `${pod.namespace}/${pod.name} met this, and should not have:\n${told(objects, world)}`).toEqual([]);
    }),
  );
}

/** What is otherwise than expected for good, in rounds that began after all was settled. */
async function lookAt(
  scene: Scene,
  pod: ScenePod,
  { expected, count }: { expected: (key: string) => boolean; count: Count },
): Promise<string[]> {
  // The next one may have begun before.
  let after = ((await scene.rounds(pod)).at(-1)?.round ?? 0) + 1;
  const strikes = new Map<string, number>();
  for (;;) {
    const { round, results } = await waitFor(`round after ${after} of ${pod.name}`, async () =>
      (await scene.rounds(pod)).find((one) => one.round > after),
    );
    const probes = Object.entries(results);
    const wrong = probes.filter(([key, word]) => (word === 'open') !== expected(key)).map(([key, word]) => `${key} ${word}`);
    if (wrong.length === 0) {
      count.open += probes.filter(([, word]) => word === 'open').length;
      count.shut += probes.filter(([, word]) => word !== 'open').length;
      return [];
    }
    for (const one of wrong) strikes.set(one, (strikes.get(one) ?? 0) + 1);
    const lasting = [...strikes].filter(([one, times]) => times >= mostTimes(one)).map(([one]) => one);
    if (lasting.length > 0) return lasting;
    count.again += wrong.length;
    after = round;
  }
}

/**
 * How often something must be seen against the engine to count. Packets that pass do so once and for all, but for UDP:
 * a port that the pod has used before, when it was allowed, belongs to a connection that is still open.
 */
function mostTimes(result: string): number {
  if (!result.endsWith(' open')) return TRIES;
  return result.includes(' UDP ') ? 2 : 1;
}

function isAllowed(relation: Relation, ends: Ends, { pod, key }: { pod: ScenePod; key: string }): boolean {
  const [to = '', protocol = '', port = ''] = key.split(' ');
  const [from, target] = [ends.find(`${pod.namespace}/${pod.name}`), ends.find(to)];
  if (from === undefined || target === undefined || !isProtocol(protocol)) throw new Error(`${key} is not in the world`);
  return ask(relation, { from, to: target }, { protocol, port: Number(port) })?.allowed === true;
}

/** What is needed to see why. */
function told(objects: readonly Fields[], { namespaces }: SmallWorld): string {
  const own = objects.filter(({ metadata }) => {
    const { namespace = '', name } = metadata as { namespace?: string; name: string };
    return namespaces.includes(namespace) || namespaces.includes(name);
  });
  return own
    .map(({ kind, metadata, spec, status }) => {
      const { namespace, name, labels } = metadata as Fields;
      const detail = kind === 'NetworkPolicy' ? spec : { labels, ip: (status as { podIP?: string } | undefined)?.podIP };
      return JSON.stringify({ kind, namespace, name, ...(detail as object) });
    })
    .join('\n');
}
