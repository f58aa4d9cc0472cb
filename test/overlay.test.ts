/** A cluster with changes on it answers as one that is built anew from the changed objects, whatever is asked. */
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { State, fixesFor } from '../src/changes/index.ts';
import { collectManifests } from '../src/collect/manifests/index.ts';
import { networkDiff } from '../src/engines/network/index.ts';
import type { Change } from '../src/rules/index.ts';

const SHOP = join(import.meta.dirname, '../examples/shop');
const CONTEXT = { assumeSystem: true };

let base: State;
let changes: readonly Change[];
beforeAll(async () => {
  base = new State(await collectManifests([SHOP]), CONTEXT);
  changes = fixesFor(base, { top: 16, evidence: {} }).fixes.map(({ change }) => change);
});

/** Nothing of it is shared with what was read before. */
function anew({ objects, snapshot }: State): State {
  const copies = objects.map(({ object, origin }) => ({ object: JSON.parse(JSON.stringify(object)) as Record<string, unknown>, origin }));
  return new State({ ...snapshot, objects: copies }, CONTEXT);
}

function rightsOf({ rbac }: State): unknown {
  return rbac.subjects.map(({ kind, name, userName }) => {
    const user = kind === 'Group' ? { name: '', groups: [name] } : { name: userName, groups: [] };
    return [kind, name, userName, ['', 'shop', 'ci', 'ops'].map((namespace) => rbac.rulesFor(user, namespace).map(({ rule }) => rule))];
  });
}

test('one change after the other', () => {
  expect(changes.length).toBeGreaterThan(8);
  const targets = new Set(changes.flatMap(({ patches }) => patches.map(({ target }) => target.split('/')[0])));
  expect(targets.size).toBeGreaterThan(3);
  let all = base;
  for (const [index, change] of changes.entries()) {
    const kinds = new Set(change.patches.map(({ target }) => target.split('/', 1)[0] ?? ''));
    const before = all;
    all = all.with(change);
    const fresh = anew(all);
    expect(all.paths, `${index}`).toEqual(fresh.paths);
    expect([...all.failingSince(before, kinds)].toSorted()).toEqual([...fresh.failing].toSorted());
    expect(rightsOf(all)).toEqual(rightsOf(fresh));
    expect(networkDiff(all.world, fresh.world)).toEqual([]);
    expect(all.surroundings).toEqual(fresh.surroundings);
    expect(all.requiredUses(undefined)).toEqual(fresh.requiredUses(undefined));
  }
});
