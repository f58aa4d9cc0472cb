/** Every family: registered, documented, and true to its examples and near misses. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildCluster } from '../../model/index.ts';
import { AttackGraph } from '../attack-graph.ts';
import type { EdgeExample } from '../family.ts';
import { EDGE_KINDS, FAMILIES } from './index.ts';

function graphOf({ objects, context, nodes = [], from, to }: EdgeExample): AttackGraph {
  const endpoints = [...(context?.endpoints ?? []), from, to].filter((name) => name.startsWith('Endpoint/'));
  const snapshot = {
    header: { kind: 'manifests' as const, complete: false },
    objects: objects.map((object) => ({ object, origin: { source: '', line: 1, format: 'json' as const, prefix: [] } })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
    nodes,
  };
  return new AttackGraph(buildCluster(snapshot), { ...context, endpoints });
}

/** The edges of all chains found. */
function edgesOf(example: EdgeExample): Set<string> {
  const graph = graphOf(example);
  const [from, to] = [graph.find(example.from), graph.find(example.to)];
  if (from === undefined || to === undefined) return new Set();
  return new Set(graph.chains(from, to, { count: 9 }).flatMap((chain) => chain.map(({ edge }) => edge)));
}

describe('families of edges', () => {
  it('are all registered', () => {
    const files = readdirSync(import.meta.dirname).filter((file) => !file.endsWith('.test.ts') && file !== 'index.ts');
    expect(FAMILIES.length).toBe(files.length);
    expect(EDGE_KINDS.size).toBe(FAMILIES.reduce((sum, { edges }) => sum + Object.keys(edges).length, 0));
  });

  const examples = FAMILIES.flatMap((family) => family.examples().map((example) => ({ family, example })));

  it.each([...EDGE_KINDS.keys()])('%s has an example and a near miss', (id) => {
    const own = examples.filter(({ example }) => example.edge === id);
    expect(own.some(({ example }) => example.because === undefined)).toBe(true);
    expect(own.some(({ example }) => example.because !== undefined)).toBe(true);
    expect(own.every(({ family }) => Object.hasOwn(family.edges, id))).toBe(true);
  });

  const told = examples.map(({ example }, index) => [`${example.edge} ${example.because ?? 'is taken'} (${index})`, example] as const);
  it.each(told)('%s', (_, example) => {
    expect(edgesOf(example).has(example.edge)).toBe(example.because === undefined);
  });

  it('carry the fields that allow each step', () => {
    const bare = new Set<string>();
    for (const { example } of examples) {
      const graph = graphOf(example);
      const [from, to] = [graph.find(example.from), graph.find(example.to)];
      if (from === undefined || to === undefined) continue;
      for (const chain of graph.chains(from, to, { count: 9 }))
        for (const { edge, evidence, from: start } of chain) if (evidence.length === 0) bare.add(`${edge} ${start}`);
    }
    // Whoever begins as a member of the group brought that along: no object says so.
    expect([...bare]).toEqual(['MASTERS_GROUP Group/system:masters']);
  });

  it.each([...EDGE_KINDS])('%s says what it is and what ends it', (_, { says, mitigation }) => {
    expect(says).toMatch(/^[a-z].*[^.]$/);
    expect(mitigation).toMatch(/^[A-Z].*\.$/);
  });
});
