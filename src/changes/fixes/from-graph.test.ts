/** What changes of rules and bindings are said to close, against the cluster on which they were made. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { bestSet } from '../../graph/index.ts';
import type { State } from '../state.ts';
import { toState } from '../state-examples.ts';
import type { Candidate } from './candidate.ts';
import { candidatesOf, situationIn } from './from-graph.ts';

const group = 'rbac.authorization.k8s.io';
type Raw = Record<string, unknown>;

interface Rule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
}

function worldOf(roles: readonly (readonly Rule[])[], bindings: readonly { role: number; accounts: readonly string[] }[]): Raw[] {
  return [
    ...['a', 'b'].flatMap((name): Raw[] => [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'shop' } },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace: 'shop' },
        spec: {
          selector: { matchLabels: { app: name } },
          template: { metadata: { labels: { app: name } }, spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'x' }] } },
        },
      },
    ]),
    ...roles.map((rules, index) => ({ apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name: `r${index}` }, rules })),
    ...bindings.map(({ role, accounts }, index) => ({
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: `b${index}` },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: `r${role}` },
      subjects: accounts.map((name) => ({ kind: 'ServiceAccount', name, namespace: 'shop' })),
    })),
  ];
}

function foundIn(state: State): { candidate: Candidate; said: number; done: number }[] {
  const situation = situationIn(state);
  if (situation === undefined) return [];
  const counted = new Set(state.paths.workloads);
  const weights = situation.entries.map((entry) => (counted.has(situation.part.graph.names[entry] ?? '') ? 1 : 0));
  return candidatesOf(state, situation)
    .filter(({ change: { patches } }) => patches.every(({ target }) => target.startsWith('Cluster')))
    .map((candidate) => {
      const removals = [{ edges: candidate.edges, cost: 0 }];
      const said = bestSet(situation, { removals, weights, top: 0 }).alone[0] ?? 0;
      return { candidate, said, done: state.paths.workloads.length - state.with(candidate.change).paths.workloads.length };
    });
}

function drops(roles: readonly (readonly Rule[])[], bindings: readonly { role: number; accounts: readonly string[] }[]): unknown {
  return foundIn(toState(worldOf(roles, bindings))).flatMap(({ candidate: { title }, said, done }) =>
    title.startsWith('drop "') ? [[title, said, done]] : [],
  );
}

describe('of a rule', () => {
  test('one right of those that one request asks for can be taken, and the rest stays', () => {
    const rule = { verbs: ['get', 'list', 'bind'], apiGroups: [group], resources: ['clusterroles'] };
    const write = { verbs: ['get', 'create'], apiGroups: [group], resources: ['clusterrolebindings'] };
    expect(
      drops(
        [[rule], [write]],
        [
          { role: 0, accounts: ['a'] },
          { role: 1, accounts: ['a', 'b'] },
        ],
      ),
    ).toEqual([
      ['drop "create clusterrolebindings" from ClusterRole r1', 1, 1],
      ['drop "bind clusterroles" from ClusterRole r0', 1, 1],
    ]);
  });
  test('so can what leads on by itself, of some names or everywhere', () => {
    const act = { verbs: ['get', 'impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['ann'] };
    const ann = { kind: 'User', apiGroup: group, name: 'ann' };
    const world = worldOf(
      [[act], [{ verbs: ['get', 'create'], apiGroups: [''], resources: ['pods'] }]],
      [
        { role: 0, accounts: ['a'] },
        { role: 1, accounts: ['b'] },
      ],
    );
    const admin = {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'top' },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [ann],
    };
    const found = foundIn(toState([...world, admin])).map(({ candidate: { title }, said, done }) => [title, said, done]);
    expect(found).toContainEqual(['drop "impersonate users" from ClusterRole r0', 2, 2]);
    expect(found).toContainEqual(['drop "create pods" from ClusterRole r1', 1, 1]);
  });
});

const GRANTS = [
  ['bind', 'clusterroles', group],
  ['create', 'clusterrolebindings', group],
  ['escalate', 'clusterroles', group],
  ['update', 'clusterroles', group],
  ['patch', 'clusterrolebindings', group],
  ['impersonate', 'users', ''],
  ['impersonate', 'groups', ''],
  ['impersonate', 'serviceaccounts', ''],
] as const;
const rule = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...GRANTS), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([grants, isNamed]): Rule => {
    const resources = [...new Set(grants.map(([, resource]) => resource))];
    const named = isNamed && grants.length === 1 && resources[0] === 'groups';
    return {
      verbs: ['get', ...new Set(grants.map(([verb]) => verb))],
      apiGroups: [...new Set(grants.map(([, , api]) => api))],
      resources,
      ...(named && { resourceNames: ['system:masters'] }),
    };
  });

test('every change of roles and bindings closes on the changed cluster at least what is said', () => {
  let all = 0;
  fc.assert(
    fc.property(
      fc.array(fc.array(rule, { minLength: 1, maxLength: 2 }), { minLength: 3, maxLength: 3 }),
      fc.array(fc.record({ role: fc.nat(2), accounts: fc.subarray(['a', 'b'], { minLength: 1 }) }), { minLength: 2, maxLength: 5 }),
      (roles, bindings) => {
        for (const { candidate, said, done } of foundIn(toState(worldOf(roles, bindings)))) {
          all += 1;
          expect([candidate.title, candidate.change, done >= said]).toEqual([candidate.title, candidate.change, true]);
        }
      },
    ),
    { numRuns: RUNS / 4 },
  );
  expect(all).toBeGreaterThan(RUNS / 4);
});
