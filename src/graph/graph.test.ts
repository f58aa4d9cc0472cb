/** Searches and cuts against plain search on small random graphs that share no code with them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { NOTHING_TO_CUT, minimumCut } from './cut.ts';
import { bestSingleParts } from './gains.ts';
import { Loss } from './loss.ts';
import { ALL_CLASSES, type Graph, GraphBuilder, NO_EVIDENCE, maskOf, needsOf } from './graph.ts';
import { entriesThatReach, reachedFrom } from './reach.ts';
import { situationOf } from './situation.ts';
import { cheapest, derivations } from './witness.ts';

interface Plain {
  vertices: number;
  edges: { needs: number[]; gives: number; klass: number; family: number }[];
  /** Vertices of each part. */
  parts: number[][];
}

function build({ vertices, edges, parts }: Plain): Graph {
  const builder = new GraphBuilder();
  for (let vertex = 0; vertex < vertices; vertex += 1) builder.vertex(`v${vertex}`);
  for (const { needs, gives, klass, family } of edges)
    builder.edge({ family: builder.family(`F${family}`), klass, evidence: NO_EVIDENCE }, needs, gives);
  for (const [id, members] of parts.entries()) for (const vertex of members) builder.part(vertex, `part${id}`);
  return builder.done();
}

function closure({ edges }: Plain, seeds: readonly number[], { mask = ALL_CLASSES, gone = new Set<number>() } = {}): Set<number> {
  const held = new Set(seeds.filter((seed) => !gone.has(seed)));
  for (let size = -1; size !== held.size;) {
    size = held.size;
    for (const { needs, gives, klass } of edges) {
      if (((mask >> klass) & 1) === 1 && !gone.has(gives) && needs.every((need) => held.has(need))) held.add(gives);
    }
  }
  return held;
}

function plains({ and = true, single = false } = {}): fc.Arbitrary<Plain> {
  return fc.integer({ min: 2, max: 9 }).chain((vertices) => {
    const vertex = fc.integer({ min: 0, max: vertices - 1 });
    const edge = fc.record({
      needs: fc.uniqueArray(vertex, { minLength: 1, maxLength: and ? 3 : 1 }),
      gives: vertex,
      klass: fc.integer({ min: 0, max: 4 }),
      family: fc.integer({ min: 0, max: 3 }),
    });
    const parts = single
      ? fc.uniqueArray(vertex, { maxLength: 6 }).map((list) => list.map((one) => [one]))
      : fc.array(fc.uniqueArray(vertex, { minLength: 1, maxLength: 2 }), { maxLength: 6 });
    return fc.record({ vertices: fc.constant(vertices), edges: fc.array(edge, { maxLength: 18 }), parts });
  });
}

const ANY = maskOf('configuration', 'placement-now', 'placement-possible', 'exploit', 'unknown');

describe('searches', () => {
  it('reach what a plain search reaches', () => {
    fc.assert(
      fc.property(plains(), fc.integer({ min: 0, max: 31 }), (plain, mask) => {
        const graph = build(plain);
        const all = Array.from({ length: plain.vertices }, (_, vertex) => vertex);
        const reached = reachedFrom(graph, [0], { classes: mask });
        expect(all.filter((vertex) => reached[vertex] === 1)).toEqual(all.filter((vertex) => closure(plain, [0], { mask }).has(vertex)));
        const target = plain.vertices - 1;
        const answers = entriesThatReach(graph, { from: all, to: target }, { classes: mask });
        expect(Array.from(answers, (one) => one === 1)).toEqual(all.map((entry) => closure(plain, [entry], { mask }).has(target)));
      }),
      { numRuns: RUNS },
    );
  });

  it('ask of more entries than one batch holds', () => {
    const builder = new GraphBuilder();
    const target = builder.vertex('target');
    const key = builder.vertex('key');
    const entries = Array.from({ length: 100 }, (_, index) => builder.vertex(`entry${index}`));
    const tag = { family: builder.family('X'), klass: 0, evidence: NO_EVIDENCE };
    for (const [index, entry] of entries.entries()) {
      builder.edge(tag, [entry, key], target);
      if (index % 3 === 0) builder.edge(tag, entry, key);
    }
    expect([...entriesThatReach(builder.done(), { from: entries, to: target })]).toEqual(
      entries.map((_, index) => (index % 3 === 0 ? 1 : 0)),
    );
  });

  it('give derivations that hold, and distinct ones', () => {
    fc.assert(
      fc.property(plains(), (plain) => {
        const graph = build(plain);
        const target = plain.vertices - 1;
        const found = derivations(graph, { from: [0], to: target }, { count: 5 });
        expect(found.length > 0).toBe(closure(plain, [0]).has(target));
        expect(new Set(found.map((edges) => edges.join())).size).toBe(found.length);
        for (const edges of found) {
          const held = new Set([0]);
          for (const edge of edges) {
            expect([...needsOf(graph, edge)].every((need) => held.has(need))).toBe(true);
            held.add(graph.heads[edge] ?? -1);
          }
          expect(held.has(target)).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('prefer what is certain', () => {
    const builder = new GraphBuilder();
    const [from, middle, to] = ['a', 'b', 'c'].map((name) => builder.vertex(name)) as [number, number, number];
    const tag = (klass: number, family: string): { family: number; klass: number; evidence: number } => ({
      family: builder.family(family),
      klass,
      evidence: NO_EVIDENCE,
    });
    builder.edge(tag(4, 'UNKNOWN'), from, to);
    builder.edge(tag(0, 'ONE'), from, middle);
    builder.edge(tag(0, 'TWO'), middle, to);
    const graph = builder.done();
    expect(cheapest(graph, { from: [from], to })?.map((edge) => graph.families[graph.family[edge] ?? 0])).toEqual(['ONE', 'TWO']);
  });
});

/** The least cost of parts without which no entry holds the target, over all sets of parts. */
function bruteCut(plain: Plain, entries: readonly number[], { target, costs }: { target: number; costs: readonly number[] }): number {
  let least = Infinity;
  for (let set = 0; set < 1 << plain.parts.length; set += 1) {
    const chosen = plain.parts.filter((_, id) => ((set >> id) & 1) === 1);
    const cost = costs.reduce((sum, each, id) => sum + (((set >> id) & 1) === 1 ? each : 0), 0);
    if (cost >= least) continue;
    const gone = new Set(chosen.flat());
    if (entries.every((entry) => !closure(plain, [entry], { gone }).has(target))) least = cost;
  }
  return least;
}

describe('cuts', () => {
  const check = (plain: Plain, costs: readonly number[], entries: readonly number[]): void => {
    const graph = build(plain);
    const target = plain.vertices - 1;
    const own = entries.filter((entry) => entry !== target);
    // What may be taken away never holds the target itself: that would be no protection of it.
    const parts = plain.parts.map((members) => members.filter((vertex) => vertex !== target));
    const wanted = bruteCut({ ...plain, parts }, own, { target, costs });
    const situation = situationOf(build({ ...plain, parts }), { from: own, to: target }, { classes: ANY });
    const found = situation === undefined ? NOTHING_TO_CUT : minimumCut(situation, (part) => costs[partIndex(parts, part)] ?? Infinity);
    if ('derivation' in found) {
      expect(wanted).toBe(Infinity);
      return;
    }
    expect(graph.names.length).toBe(plain.vertices);
    expect(found.optimal).toBe(true);
    expect(found.cost).toBe(wanted);
    expect(found.atLeast).toBe(wanted);
  };

  it('cost as little as the best of all sets, also where edges need several things', () => {
    fc.assert(
      fc.property(plains(), fc.array(fc.constantFrom(1, 1, 2, 3, Infinity), { minLength: 6, maxLength: 6 }), (plain, costs) =>
        check(plain, costs, [0, 1]),
      ),
      { numRuns: Math.max(RUNS, 1000) },
    );
  });

  it('are found by flow where every edge needs one thing', () => {
    fc.assert(
      fc.property(
        plains({ and: false, single: true }),
        fc.array(fc.constantFrom(1, 2, Infinity), { minLength: 6, maxLength: 6 }),
        (plain, costs) => check(plain, costs, [0, 1]),
      ),
      { numRuns: RUNS },
    );
  });

  it('tell the way that nothing removable stands on', () => {
    const builder = new GraphBuilder();
    const [from, to] = [builder.vertex('from'), builder.vertex('to')];
    builder.edge({ family: builder.family('X'), klass: 0, evidence: NO_EVIDENCE }, from, to);
    const situation = situationOf(builder.done(), { from: [from], to });
    expect(situation && minimumCut(situation, () => 1)).toEqual({ entry: from, derivation: [0] });
  });

  it('take a rule that cuts in many places rather than the binding of each, though every binding is cheaper', () => {
    const edges = [0, 1, 2].flatMap((way) => [
      { needs: [way], gives: 3 + way, klass: 0, family: 0 },
      { needs: [3 + way], gives: 6, klass: 0, family: 0 },
    ]);
    const graph = build({ vertices: 7, edges, parts: [[3], [4], [5], [3, 4, 5]] });
    const situation = situationOf(graph, { from: [0, 1, 2], to: 6 });
    const rule = graph.parts.indexOf('part3');
    expect(situation && minimumCut(situation, (part) => (part === rule ? 1.2 : 1))).toMatchObject({
      parts: [rule],
      method: 'flow',
      optimal: true,
    });
  });
});

/** Parts without members are none of the graph's. */
function partIndex(parts: readonly (readonly number[])[], id: number): number {
  return parts.flatMap((members, index) => (members.length > 0 ? [index] : []))[id] ?? -1;
}

describe('the gain of single parts', () => {
  it('is what a search without the part says', () => {
    fc.assert(
      fc.property(plains(), (plain) => {
        const target = plain.vertices - 1;
        const entries = [0, 1, 2].filter((entry) => entry < target);
        const parts = plain.parts.map((members) => members.filter((vertex) => vertex !== target));
        const reaching = entries.filter((entry) => closure(plain, [entry]).has(target));
        const wanted = new Map<string, number>();
        for (const [id, members] of parts.entries()) {
          const gone = new Set(members);
          const closes = reaching.filter((entry) => !closure(plain, [entry], { gone }).has(target)).length;
          if (closes > 0) wanted.set(`part${id}`, closes);
        }
        const graph = build({ ...plain, parts });
        const situation = situationOf(graph, { from: entries, to: target });
        const found = situation === undefined ? [] : bestSingleParts(situation, { isRemovable: () => true, top: 10 });
        expect(new Map(found.map(({ part, closes }) => [graph.parts[part] ?? '', closes]))).toEqual(wanted);
      }),
      { numRuns: RUNS },
    );
  });
  it('is found entry by entry or for all of them together', () => {
    fc.assert(
      fc.property(plains(), fc.constantFrom(0, 3, 1000), (plain, most) => {
        const target = plain.vertices - 1;
        const entries = [0, 1, 2].filter((entry) => entry < target);
        const situation = situationOf(build(plain), { from: entries, to: target });
        if (situation === undefined) return;
        const loss = new Loss(situation, most);
        const reaching = entries.filter((entry) => closure(plain, [entry]).has(target));
        for (const members of plain.parts) {
          const gone = new Set(members.filter((vertex) => vertex !== target));
          const inside = [...gone].map((vertex) => situation.part.idOf[vertex] ?? -1).filter((id) => id >= 0);
          const lost = reaching.filter((entry) => !closure(plain, [entry], { gone }).has(target)).length;
          expect(loss.of(Int32Array.from(inside))).toBe(lost);
          expect(loss.atMost(Int32Array.from(inside))).toBeGreaterThanOrEqual(lost);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
