import { expect, test } from 'vitest';
import { LiveNetwork, Relation, matrixSummary, readWorld } from '../src/engines/network/index.ts';
import { generateApps, generateNetwork } from './generate-network.ts';
import { editKinds } from './network-edits.ts';

const SHAPES = [
  ['teams', generateNetwork(400, 60)],
  ['apps', generateApps(400, 100)],
] as const;

test.each(SHAPES)('%s: a cluster with policies that the server takes', (_, objects) => {
  const world = readWorld(objects);
  expect(world.problems).toEqual([]);
  expect(world.pods.length).toBe(400);
  const { open, limited, closed } = matrixSummary(new Relation(world));
  expect(open + limited + closed).toBe(400 * 399);
  expect(Math.min(open + limited, closed)).toBeGreaterThan(0);
});

test.each(SHAPES)('%s: each change leads to what is read at once', (_, objects) => {
  for (const { name, make } of editKinds(objects)) {
    const live = LiveNetwork.of(objects).with(make(3));
    expect(matrixSummary(live.relation), name).toEqual(matrixSummary(new Relation(live.world)));
  }
});
