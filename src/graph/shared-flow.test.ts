import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { grouped } from './ints.ts';
import { SharedFlow } from './shared-flow.ts';

interface World {
  readonly vertices: number;
  readonly arcs: readonly (readonly [number, number])[];
  /** The part of each vertex but the first and the last. */
  readonly parts: readonly number[];
  readonly costs: readonly number[];
}

/** From the first vertex to the last one. */
function flowOf({ vertices, arcs, parts, costs }: World): SharedFlow {
  const owners = Int32Array.from(parts, (_, index) => index + 1);
  return new SharedFlow({
    vertices,
    from: Int32Array.from(arcs, ([from]) => from),
    to: Int32Array.from(arcs, ([, to]) => to),
    sources: [0],
    sink: vertices - 1,
    partsOf: grouped(vertices, owners, Int32Array.from(parts)),
    costOf: (part) => costs[part] ?? Infinity,
  });
}

function isCut({ vertices, arcs, parts }: World, taken: ReadonlySet<number>): boolean {
  const held = new Set([0]);
  for (const vertex of held)
    for (const [from, to] of arcs) if (from === vertex && (to === vertices - 1 || !taken.has(parts[to - 1] ?? -1))) held.add(to);
  return !held.has(vertices - 1);
}

function cheapestByTrying(world: World): number {
  const count = world.costs.length;
  let least = Infinity;
  for (let mask = 0; mask < 1 << count; mask += 1) {
    const taken = new Set([...world.costs.keys()].filter((part) => ((mask >> part) & 1) === 1));
    const cost = [...taken].reduce((sum, part) => sum + (world.costs[part] ?? 0), 0);
    if (cost < least && isCut(world, taken)) least = cost;
  }
  return least;
}

/** As a role that is bound in many namespaces of which one leads on. */
const WIDE: World = {
  vertices: 8,
  arcs: [[0, 1], [1, 7], ...[2, 3, 4, 5, 6].flatMap((vertex): [number, number][] => [[0, vertex]])],
  parts: [0, 0, 0, 0, 0, 1],
  costs: [1, 1],
};

describe('a flow of which one part may be several vertices', () => {
  it('shares what the part costs with those that use none of it, and counts it once', () => {
    const flow = flowOf(WIDE);
    expect(flow.first()?.atLeast).toBeCloseTo(0.2);
    expect(flow.next()).toEqual({ vertices: [1], parts: [0], atLeast: 1 });
    expect(flow.next()).toBeUndefined();
  });
  it('has no cut where some way has only what stays', () => {
    expect(flowOf({ ...WIDE, costs: [Infinity, 1] }).first()).toBeUndefined();
  });
  const vertices = 9;
  const world = fc.record({
    vertices: fc.constant(vertices),
    arcs: fc.array(fc.tuple(fc.nat(vertices - 2), fc.integer({ min: 1, max: vertices - 1 })), { minLength: 4, maxLength: 24 }).map((arcs) =>
      // A way from the beginning to the end has something in between.
      arcs.filter(([from, to]) => from !== to && !(from === 0 && to === vertices - 1)),
    ),
    parts: fc.array(fc.nat(3), { minLength: vertices - 2, maxLength: vertices - 2 }),
    costs: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 4 }),
  });
  it('never says more than the cheapest cut costs, grows from round to round, and cuts', () => {
    fc.assert(
      fc.property(world, (each) => {
        const best = cheapestByTrying(each);
        const flow = flowOf(each);
        let before = 0;
        for (let found = flow.first(), round = 0; found !== undefined && round < 6; found = flow.next(), round += 1) {
          expect(found.atLeast).toBeLessThanOrEqual(best + 1e-6);
          expect(found.atLeast).toBeGreaterThanOrEqual(before - 1e-6);
          expect(isCut(each, new Set(found.vertices.map((vertex) => each.parts[vertex - 1] ?? -1)))).toBe(true);
          expect(isCut(each, new Set(found.parts))).toBe(true);
          before = found.atLeast;
        }
      }),
    );
  });
});
