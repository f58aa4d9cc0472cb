/** Every step of the graph is tried on a real cluster, or it is said why not. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EDGE_KINDS } from '../../../src/graph/index.ts';
import { TRIED } from './index.ts';

const FAMILIES = join(import.meta.dirname, '../../../src/graph/edges');

describe('ways that are tried', () => {
  it('have a family for each of the graph', () => {
    const files = readdirSync(FAMILIES).filter((file) => !file.endsWith('.test.ts') && file !== 'index.ts');
    expect(Object.keys(TRIED).toSorted()).toEqual(files.map((file) => file.replace(/\.ts$/, '')).toSorted());
    expect(readdirSync(join(import.meta.dirname, 'families')).toSorted()).toEqual(files.toSorted());
  });

  it('are there for each step, or a reason', () => {
    const told = Object.values(TRIED).flatMap(({ ways, untried = {} }) => [
      ...new Set(ways.map(({ edge }) => edge)),
      ...Object.keys(untried),
    ]);
    expect(told.toSorted()).toEqual([...EDGE_KINDS.keys()].toSorted());
  });
});
