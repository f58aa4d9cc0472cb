/** The choice of few removals against all sets of them, on random graphs and by a search that shares no line with it. */
import { describe, expect, it } from 'vitest';
import { DEEP } from '../../test/runs.ts';
import { type BestSet, bestSet } from './best-set.ts';
import { GraphBuilder, NO_EVIDENCE } from './graph.ts';
import { situationOf } from './situation.ts';

interface Plain {
  vertices: number;
  entries: number[];
  edges: { needs: number[]; gives: number }[];
  /** Edges by removal. */
  removals: number[][];
}

/** Numbers that are the same on every machine. */
function randomness(seed: number): (below: number) => number {
  let state = seed * 7919 + 12_345;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/**
 * As clusters are: entries, accounts, grants and rights in layers, some edges that need two things, few wide ones that
 * nothing removes. Removals are of one edge, or of several that stand for one rule.
 */
function random(seed: number): Plain {
  const next = randomness(seed);
  const sizes = [6 + next(10), 3 + next(5), 3 + next(5), 2 + next(3)];
  const starts = sizes.map((_, layer) => sizes.slice(0, layer).reduce((sum, size) => sum + size, 0));
  const target = sizes.reduce((sum, size) => sum + size, 0);
  const vertexIn = (layer: number): number => (starts[layer] ?? 0) + next(sizes[layer] ?? 1);
  const edges: Plain['edges'] = [];
  for (const [layer, size] of sizes.entries()) {
    for (let index = 0; index < size; index += 1) {
      const ways = 1 + next(layer === 0 ? 2 : 3);
      for (let way = 0; way < ways; way += 1) {
        const gives = layer === sizes.length - 1 ? target : vertexIn(layer + 1);
        const needs = [(starts[layer] ?? 0) + index];
        if (layer > 0 && next(8) === 0) needs.push(vertexIn(layer));
        edges.push({ needs: [...new Set(needs)], gives });
      }
    }
  }
  const removals: number[][] = [];
  for (let index = 0; index < 8 + next(8); index += 1) {
    const members = new Set(Array.from({ length: next(3) === 0 ? 2 : 1 }, () => next(edges.length)));
    removals.push([...members]);
  }
  return { vertices: target + 1, entries: Array.from({ length: sizes[0] ?? 0 }, (_, index) => index), edges, removals };
}

function closedBy({ vertices, entries, edges, removals }: Plain, set: readonly number[]): number {
  const gone = new Set(set.flatMap((one) => removals[one] ?? []));
  return entries.filter((entry) => {
    const held = new Set([entry]);
    for (let size = 0; size !== held.size;) {
      size = held.size;
      for (const [index, { needs, gives }] of edges.entries())
        if (!gone.has(index) && needs.every((need) => held.has(need))) held.add(gives);
    }
    return !held.has(vertices - 1);
  }).length;
}

/** The most that any `top` of them close beyond what is closed anyway. */
function optimum(plain: Plain, top: number): number {
  const base = closedBy(plain, []);
  let most = 0;
  const size = Math.min(top, plain.removals.length);
  const visit = (chosen: readonly number[], from: number): void => {
    if (chosen.length === size) {
      most = Math.max(most, closedBy(plain, chosen) - base);
      return;
    }
    for (let index = from; index <= plain.removals.length - (size - chosen.length); index += 1) visit([...chosen, index], index + 1);
  };
  visit([], 0);
  return most;
}

function chosenOf(plain: Plain, top: number, effort?: number): BestSet | undefined {
  const builder = new GraphBuilder();
  for (let vertex = 0; vertex < plain.vertices; vertex += 1) builder.vertex(`v${vertex}`);
  const family = builder.family('X');
  for (const { needs, gives } of plain.edges) builder.edge({ family, klass: 0, evidence: NO_EVIDENCE }, needs, gives);
  const situation = situationOf(builder.done(), { from: plain.entries, to: plain.vertices - 1 });
  if (situation === undefined) return undefined;
  return bestSet(situation, {
    removals: plain.removals.map((edges) => ({ edges, cost: 0.001 })),
    weights: situation.entries.map(() => 1),
    top,
    ...(effort !== undefined && { effort }),
  });
}

const GRAPHS = DEEP ? 1000 : 60;
/** So little that not all sets can be tried, as in a large graph. */
const LITTLE = 60_000;

describe('five of some removals', () => {
  it.each([
    ['where not all sets can be tried', LITTLE],
    ['where all sets can be tried', undefined],
  ])('close nearly what the best five do, %s', { timeout: 600_000 }, (_where, effort) => {
    let [closed, possible, exact, graphs] = [0, 0, 0, 0];
    for (let seed = 1; graphs < GRAPHS; seed += 1) {
      const plain = random(seed);
      const best = optimum(plain, 5);
      const found = chosenOf(plain, 5, effort);
      if (found === undefined || best === 0) continue;
      graphs += 1;
      const own = closedBy(plain, found.order) - closedBy(plain, []);
      // What is said to be closed is closed, and no bound is wrong.
      expect(own).toBe(found.closes);
      expect(found.atMost).toBeGreaterThanOrEqual(best);
      closed += own;
      possible += best;
      if (own === best) exact += 1;
    }
    expect(closed / possible).toBeGreaterThanOrEqual(effort === undefined ? 1 : 0.98);
    expect(exact / graphs).toBeGreaterThanOrEqual(effort === undefined ? 1 : 0.9);
  });

  it('are found where ways run in parallel, and none that is of no use', () => {
    // Two ways from each of two entries; a third removal that closes nothing.
    const plain: Plain = {
      vertices: 5,
      entries: [0, 1],
      edges: [
        { needs: [0], gives: 2 },
        { needs: [0], gives: 3 },
        { needs: [1], gives: 2 },
        { needs: [1], gives: 3 },
        { needs: [2], gives: 4 },
        { needs: [3], gives: 4 },
      ],
      removals: [[0], [4], [5]],
    };
    expect(chosenOf(plain, 5)).toEqual({ order: [1, 2], closes: 2, atMost: 2, alone: [0, 0, 0] });
    expect(chosenOf(plain, 1)).toMatchObject({ order: [], closes: 0 });
  });

  it('are the smallest complete cut where it has no more, though each of it closes little alone', () => {
    // Sixty entries, each with a right of its own that leads to any of four administrators.
    const [count, admins] = [60, 4];
    const first = count * 2;
    const target = first + admins;
    const edges = Array.from({ length: count }, (_, entry) => [
      { needs: [entry], gives: count + entry },
      ...Array.from({ length: admins }, (_each, admin) => ({ needs: [count + entry], gives: first + admin })),
    ]).flat();
    const grants = Array.from({ length: admins }, (_, admin) => ({ needs: [first + admin], gives: target }));
    const plain: Plain = {
      vertices: target + 1,
      entries: Array.from({ length: count }, (_, entry) => entry),
      edges: [...edges, ...grants],
      removals: [
        ...Array.from({ length: count }, (_, entry) => [entry * (admins + 1)]),
        ...grants.map((_, admin) => [edges.length + admin]),
      ],
    };
    const found = chosenOf(plain, 5);
    expect(found).toMatchObject({ closes: count, atMost: count });
    expect(found?.order.toSorted((a, b) => a - b)).toEqual([60, 61, 62, 63]);
  });

  it('come in an order in which each is worth what it can be', () => {
    const plain: Plain = {
      vertices: 6,
      entries: [0, 1, 2],
      edges: [
        { needs: [0], gives: 3 },
        { needs: [1], gives: 4 },
        { needs: [2], gives: 4 },
        { needs: [3], gives: 5 },
        { needs: [4], gives: 5 },
      ],
      removals: [[3], [4]],
    };
    expect(chosenOf(plain, 2)?.order).toEqual([1, 0]);
  });
});
