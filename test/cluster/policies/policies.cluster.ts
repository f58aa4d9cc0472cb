/** What the engine says of random policies is what packets do. The keeper is our own: this tries the plumbing. */
import { expect, it } from 'vitest';
import { Ends, Relation, ask, isProtocol, readWorld } from '../../../src/engines/network/index.ts';
import { DEEP } from '../../runs.ts';
import { inBulk } from '../bulk.ts';
import { describeCluster } from '../describe-cluster.ts';
import { type Random, random } from '../random.ts';
import { waitFor } from '../wait.ts';
import { randomLabels, randomPolicies } from './cases.ts';
import { Scene, type ScenePod, type SmallWorld } from './scene.ts';

type Fields = Record<string, unknown>;

/** Sets of policies with labels of the pods; each is a hundred probes. */
const CASES = DEEP ? 300 : 40;
const SEED = Number(process.env.CASTELLAN_SEED ?? 1);
const WORLDS = 3;
/** On a busy machine an answer comes too late now and then; what is open where it must not be is not asked again. */
const TRIES = 8;

interface Count {
  open: number;
  shut: number;
  late: number;
}

describeCluster('random policies on two real nodes', { nodes: 2, nodeImage: true }, (cluster) => {
  it(`${CASES} cases, seed ${SEED}`, { timeout: DEEP ? 3_600_000 : 900_000 }, () =>
    inBulk(cluster(), async (request) => {
      const scene = new Scene(request);
      const dice = random(SEED);
      await scene.setUp(WORLDS, dice);
      const count: Count = { open: 0, shut: 0, late: 0 };
      for (let done = 0; done < CASES; done += WORLDS) {
        const worlds = scene.worlds.slice(0, CASES - done);
        await Promise.all(worlds.map((world) => scene.removePolicies(world)));
        for (const world of worlds) await vary(scene, world, dice);
        await scene.settled();
        const objects = await scene.objects();
        for (const world of worlds) await compare(scene, world, { objects, count });
      }
      console.log(
        `${CASES} cases, ${count.open + count.shut} probes: ${count.open} open, ${count.shut} not; ${count.late} answers were late`,
      );
      // Neither must be rare, or nothing is tried.
      expect(count.open).toBeGreaterThan(CASES * 20);
      expect(count.shut).toBeGreaterThan(CASES * 20);
    }),
  );
});

async function vary(scene: Scene, world: SmallWorld, dice: Random): Promise<void> {
  for (const pod of world.pods) await scene.label(pod, { app: null, tier: null, ...randomLabels(dice) });
  const homes = { namespaces: world.namespaces, addresses: world.pods.map(({ address }) => address) };
  for (const policy of randomPolicies(dice, homes)) await scene.make(policy);
}

/** Of every pod a round that began after all was settled. */
async function compare(scene: Scene, world: SmallWorld, { objects, count }: { objects: Fields[]; count: Count }): Promise<void> {
  const relation = new Relation(readWorld(objects));
  expect(relation.world.problems.filter(({ refused }) => refused)).toEqual([]);
  const ends = new Ends(relation);
  for (const pod of world.pods) {
    const expected = (key: string): boolean => isAllowed(relation, ends, { pod, key });
    let after = (await scene.rounds(pod)).at(-1)?.round ?? 0;
    let late: string[] = [];
    for (let tries = 0; tries < TRIES; tries += 1) {
      // The next one may have begun before.
      const wanted = after + 2;
      const round = await waitFor(`round ${wanted} of ${pod.name}`, async () =>
        (await scene.rounds(pod)).find((one) => one.round >= wanted),
      );
      const probes = Object.entries(round.results);
      const passed = probes.filter(([key, word]) => word === 'open' && !expected(key));
      expect(passed, `passed, and should not have: ${pod.namespace}/${pod.name}\n${told(objects, world)}`).toEqual([]);
      late = probes.filter(([key, word]) => word !== 'open' && expected(key)).map(([key, word]) => `${key} ${word}`);
      if (late.length === 0) {
        count.open += probes.filter(([, word]) => word === 'open').length;
        count.shut += probes.filter(([, word]) => word !== 'open').length;
        break;
      }
      count.late += late.length;
      after = round.round - 1;
    }
    expect(late, `did not pass, and should have: ${pod.namespace}/${pod.name}\n${told(objects, world)}`).toEqual([]);
  }
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
