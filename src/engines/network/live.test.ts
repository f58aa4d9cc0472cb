import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusters } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { parseAddress } from './addresses.ts';
import type { Intervals } from './intervals.ts';
import { LiveNetwork, type NetworkEdits } from './live.ts';
import { Relation } from './relation.ts';
import { matrixSummary } from './summary.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

const OUTSIDE = ['8.8.8.8', '192.0.2.7', '10.0.0.0', '10.0.0.1', '10.0.1.2', '10.77.0.1', '172.18.0.2', 'fd00::1', '2001:db8::1'];

function nameOf({ kind, metadata }: Raw): string {
  const { namespace, name } = metadata as { namespace?: string; name: string };
  return `${kind as string}/${namespace ?? ''}/${name}`;
}

/** The objects after the edits, as somebody would have them who reads all of them again. */
function edited(objects: readonly Raw[], { set = [], remove = [] }: NetworkEdits): Raw[] {
  const all = new Map(objects.map((object) => [nameOf(object), object]));
  for (const object of remove) all.delete(nameOf(object));
  for (const object of set) all.set(nameOf(object), object);
  return [...all.values()];
}

/** All that a relation says, without the numbers that are its own. */
function told(relation: Relation): Map<string, Intervals<number>> {
  const { world, entities, ports } = relation;
  const pods = world.pods.map(({ workload }, index): [string, readonly number[]] => [workload, entities.classesOf[index] ?? []]);
  const addresses = OUTSIDE.map((text): [string, readonly number[]] => [text, [entities.zoneAt(parseAddress(text) ?? 0n)]]);
  const said = new Map<string, Intervals<number>>();
  const merged = (ends: [readonly number[], readonly number[]], of: (a: number, b: number) => number): Intervals<number> =>
    ports.set(ends[0].flatMap((a) => ends[1].map((b) => of(a, b))).reduce((all, one) => ports.union(all, one), ports.none));
  for (const [from, sources] of [...pods, ...addresses]) {
    for (const [to, targets] of [...pods, ...addresses]) {
      if (OUTSIDE.includes(from) && OUTSIDE.includes(to)) continue;
      said.set(
        `${from} ${to}`,
        merged([sources, targets], (a, b) => relation.allowed(a, b)),
      );
      for (const direction of ['ingress', 'egress'] as const)
        if (!OUTSIDE.includes(from))
          said.set(
            `${direction} ${from} ${to}`,
            merged([sources, targets], (a, b) => relation.permitted(direction, a, b)),
          );
    }
  }
  return new Map([...said].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function expectSame(live: LiveNetwork, objects: readonly Raw[]): void {
  const world = readWorld(objects);
  const fresh = new Relation(world);
  expect(live.world.pods.map(({ workload }) => workload).toSorted()).toEqual(world.pods.map(({ workload }) => workload).toSorted());
  expect(new Map([...live.world.namespaces].toSorted())).toEqual(new Map([...world.namespaces].toSorted()));
  expect(told(live.relation)).toEqual(told(fresh));
  expect(matrixSummary(live.relation)).toEqual(matrixSummary(fresh));
  for (const { subject } of world.policies)
    expect(live.relation.selection.pods(subject).length === 0).toBe(fresh.selection.pods(subject).length === 0);
}

const edits = clusters.chain((objects) =>
  fc.record({ set: fc.subarray(objects, { minLength: 1, maxLength: 3 }), remove: fc.subarray(objects, { maxLength: 2 }) }),
);

describe('a relation that changes', { timeout: 60_000 + RUNS * 60 }, () => {
  it('says what one says that is made anew, and those before say what they said', () => {
    fc.assert(
      fc.property(clusters, fc.array(edits, { minLength: 1, maxLength: 6 }), (first, steps) => {
        let [live, objects] = [LiveNetwork.of(first), first];
        const states: [LiveNetwork, readonly Raw[]][] = [[live, objects]];
        for (const step of steps) {
          if (states.length % 2 === 1) expectSame(live, objects);
          live = live.with(step);
          objects = edited(objects, step);
          states.push([live, objects]);
        }
        for (const [state, its] of states.toReversed()) expectSame(state, its);
      }),
      { numRuns: RUNS },
    );
  });
});
