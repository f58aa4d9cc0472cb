import { describe, expect, test } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { AttackGraph } from './attack-graph.ts';
import { COUNTED } from './graph.ts';
import { pathGroups } from './ways.ts';

type Raw = Record<string, unknown>;
const RBAC = 'rbac.authorization.k8s.io';

/** A pod with an account of its own that is administrator by a binding of its own. */
function team(name: string): Raw[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: name } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: name },
      spec: { serviceAccountName: name, containers: [{ name: 'c', image: 'x' }] },
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name, namespace: name }],
    },
  ];
}

function groups(...names: readonly string[]): unknown[] {
  const attack = new AttackGraph(clusterOf(names.flatMap(team)));
  const entries = names.map((name) => `Container/${name}/${name}/c`);
  return pathGroups(attack, { entries, target: 'ClusterAdmin' }, COUNTED).map(({ entries: some, chain, isShared }) => [
    some.length,
    isShared,
    chain.every(({ to }) => to === 'ClusterAdmin' || to.includes(some[0]?.split('/')[1] ?? '')),
  ]);
}

describe('ways that are alike', () => {
  test('are told one by one where they are few, each with its own names', () => {
    expect(groups('one', 'two', 'three')).toEqual([
      [1, true, true],
      [1, true, true],
      [1, true, true],
    ]);
  });
  test('are one where they are many, which says that it is the way of the first', () => {
    expect(groups('one', 'two', 'three', 'four')).toEqual([[4, false, true]]);
  });
});
