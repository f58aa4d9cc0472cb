import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import type { Change } from '../../rules/index.ts';
import type { State } from '../state.ts';
import { toState } from '../state-examples.ts';
import { type Fixes, fixesFor } from './fixes.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const account = (name: string, namespace = 'shop'): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace },
});
const deployment = (name: string, as: string, namespace = 'shop'): Record<string, unknown> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { serviceAccountName: as, containers: [{ name: 'app', image: 'x' }] } },
  },
});
const binding = (name: string, role: string, ...accounts: readonly string[]): Record<string, unknown> => ({
  apiVersion: rbac,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: accounts.map((one) => ({ kind: 'ServiceAccount', name: one, namespace: 'shop' })),
});
const role = (name: string, ...rules: readonly Record<string, unknown>[]): Record<string, unknown> => ({
  apiVersion: rbac,
  kind: 'ClusterRole',
  metadata: { name },
  rules,
});

const fixes = (objects: readonly Record<string, unknown>[], top = 5): Fixes => fixesFor(toState(objects), { top, evidence: {} });
const told = ({ fixes: list }: Fixes): unknown =>
  list
    .filter(({ proof: { closes } }) => closes.exposed + closes.workloads > 0)
    .map(({ title, proof }) => [title, proof.closes.exposed, proof.closes.workloads]);

describe('fixes', () => {
  test('take one subject out of a binding, and leave the others', () => {
    const found = fixes([
      account('a'),
      account('b'),
      deployment('web', 'a'),
      deployment('ops', 'b'),
      binding('admins', 'cluster-admin', 'a', 'b'),
    ]);
    expect(found.before).toEqual({ exposed: 0, workloads: 2, smallestCut: 1 });
    expect(told(found)).toEqual([
      ['take ClusterRole cluster-admin from ServiceAccount shop/a', 0, 1],
      ['take ClusterRole cluster-admin from ServiceAccount shop/b', 0, 1],
    ]);
    expect(found.fixes[0]?.change.patches).toMatchObject([
      { target: 'ClusterRoleBinding/admins', operation: 'patch', patch: [{ op: 'test' }, { op: 'remove', path: '/subjects/0' }] },
    ]);
    expect(found.after).toEqual({ exposed: 0, workloads: 0 });
  });

  test('drop from a rule what leads on, and keep the rest of it', () => {
    const rules = [{ apiGroups: [''], resources: ['pods', 'nodes/proxy'], verbs: ['get', 'list'] }];
    const objects = [
      account('a'),
      account('b'),
      deployment('mon', 'a'),
      deployment('ops', 'b'),
      binding('admins', 'cluster-admin', 'b'),
      role('mon', ...rules),
      binding('mon', 'mon', 'a'),
    ];
    const { fixes: list, after } = fixes(objects);
    const patches = list.flatMap(({ change }) => change.patches);
    expect(patches.find(({ target }) => target === 'ClusterRole/mon')?.patch ?? patches[0]?.patch).toBeDefined();
    expect(after.workloads).toBe(0);
  });

  test('close ways that run side by side together', () => {
    const objects = [account('a'), deployment('web', 'a'), binding('one', 'cluster-admin', 'a'), binding('two', 'cluster-admin', 'a')];
    const found = fixes(objects);
    expect(found.before.workloads).toBe(1);
    expect(found.after.workloads).toBe(0);
    // One that needs two is not begun where only one may be made, unless one change closes it by itself.
    expect(found.fixes.reduce((sum, { proof }) => sum + proof.closes.workloads, 0)).toBe(1);
  });

  test('leave what is restored to whoever restores it', () => {
    const owned = binding('operator', 'cluster-admin', 'a');
    const found = fixes([
      account('a'),
      deployment('web', 'a'),
      { ...owned, metadata: { name: 'operator', labels: { 'olm.owner': 'x.v1' } } },
    ]);
    expect(found.vendor).toMatchObject([{ owner: { kind: 'operator', name: 'operator x.v1' }, closes: { exposed: 0, workloads: 1 } }]);
    expect(found.fixes.every(({ change }) => change.patches.every(({ target }) => target !== 'ClusterRoleBinding/operator'))).toBe(true);
  });

  test("tell a vendor's weakness once, and do not mend it here", () => {
    const labels = { 'k8s-app': 'calico-node' };
    const template = {
      metadata: { labels },
      spec: { serviceAccountName: 'calico-node', containers: [{ name: 'calico-node', image: 'docker.io/calico/node:v3.30.0' }] },
    };
    const metadata = { name: 'calico-node', namespace: 'shop' };
    const agent = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: { selector: { matchLabels: labels }, template } };
    const found = fixes([account('calico-node'), agent, binding('calico', 'cluster-admin', 'calico-node')]);
    expect(
      found.fixes.flatMap(({ change }) => change.patches.map(({ target }) => target)).filter((target) => target.includes('calico')),
    ).toEqual(['NetworkPolicy/shop/calico-node']);
    expect(found.vendor).toHaveLength(1);
    expect(found.vendor[0]).toMatchObject({ owner: { kind: 'addon' }, closes: { exposed: 0, workloads: 1 } });
  });

  test('tell once what add-ons have by nature, also where each of them is enough', () => {
    const agent = (name: string, image: string): Record<string, unknown>[] => [
      account(name),
      binding(name, 'cluster-admin', name),
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name, namespace: 'shop' },
        spec: {
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: { nodeName: 'n1', serviceAccountName: name, containers: [{ name, image }] },
          },
        },
      },
    ];
    const web = deployment('web', 'default');
    const template = (web.spec as { template: { spec: Record<string, unknown> } }).template;
    const containers = [{ name: 'app', image: 'x', securityContext: { privileged: true } }];
    template.spec = { ...template.spec, nodeName: 'n1', containers };
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };
    const own = [node, account('default'), web, account('b'), deployment('ops', 'b'), binding('ops', 'cluster-admin', 'b')];
    const addOns = [...agent('calico-node', 'docker.io/calico/node:v3.30.0'), ...agent('cilium', 'quay.io/cilium/cilium:v1.18.0')];
    const found = fixes([...own, ...addOns]);
    // The agents themselves, and whoever is root on a node; not the one who is administrator anyway.
    expect(found.before.workloads).toBe(4);
    expect(found.inherent).toEqual({ exposed: 0, workloads: 3, through: ['Calico node agent', 'Cilium agent'] });
    expect(fixes(own).inherent).toBeUndefined();
  });

  test('what is said to be closed is closed, and the proofs add up', () => {
    const objects = [
      account('a'),
      account('b'),
      deployment('web', 'a'),
      deployment('ops', 'b'),
      binding('admins', 'cluster-admin', 'a', 'b'),
    ];
    const found = fixes(objects);
    let state: State = toState(objects);
    for (const { change, proof } of found.fixes) {
      const next = state.with(change);
      expect(state.paths.workloads.length - next.paths.workloads.length).toBe(proof.closes.workloads);
      state = next;
    }
    expect(state.paths.workloads).toHaveLength(found.after.workloads);
  });

  test('take no right from anybody where there is no way', () => {
    const found = fixes([account('a'), deployment('web', 'a')]);
    expect(found).toMatchObject({ before: { exposed: 0, workloads: 0, smallestCut: 0 }, vendor: [] });
    expect(found.fixes.filter(({ proof }) => proof.domains.requests !== 'not-touched')).toEqual([]);
  });
});

/** Few accounts with workloads, roles of which some lead to everything, and bindings at random. */
const clusters = fc
  .array(
    fc.record({
      role: fc.integer({ min: 0, max: 3 }),
      accounts: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((bindings): Record<string, unknown>[] => [
    ...['a0', 'a1', 'a2', 'a3'].flatMap((name) => [account(name), deployment(name, name)]),
    role('everything', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }),
    role(
      'pods',
      { apiGroups: [''], resources: ['pods', 'configmaps'], verbs: ['create', 'get'] },
      { apiGroups: [''], resources: ['services'], verbs: ['list'] },
    ),
    role('roles', {
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['clusterroles', 'clusterrolebindings'],
      verbs: ['create', 'bind', 'escalate'],
    }),
    role('little', { apiGroups: [''], resources: ['services'], verbs: ['get'] }),
    ...bindings.map(({ role: at, accounts }, index) =>
      binding(`b${index}`, ['everything', 'pods', 'roles', 'little'][at] ?? '', ...accounts.map((one) => `a${one}`)),
    ),
  ]);

/** How many ways are left when some subjects of bindings are taken out, on a model that is made anew. */
function leftWithout(objects: readonly Record<string, unknown>[], gone: readonly string[]): number {
  const left = objects.map((object) => {
    const { subjects, metadata } = object as { subjects?: { name: string }[]; metadata: { name: string } };
    return subjects === undefined
      ? object
      : { ...object, subjects: subjects.filter(({ name }) => !gone.includes(`${metadata.name}/${name}`)) };
  });
  return toState(left).paths.workloads.length;
}

/** What a change closes of the cluster as it is; of a binding that lost a subject before, the same subject. */
function closedAlone(objects: readonly Record<string, unknown>[], { patches }: Change): number {
  const before = toState(objects);
  const [patch] = patches;
  const [kind, name] = (patch?.target ?? '').split('/');
  const body = objects.find(({ metadata, kind: own }) => own === kind && (metadata as { name: string }).name === name);
  const { subjects = [] } = (body ?? {}) as { subjects?: unknown[] };
  const tested = patch?.patch.find(({ op }) => op === 'test')?.value;
  const at = subjects.findIndex((one) => JSON.stringify(one) === JSON.stringify(tested));
  // What a deletion takes is whoever is left by then.
  if (kind !== 'ClusterRoleBinding') return before.paths.workloads.length - before.with({ patches, effort: 'low' }).paths.workloads.length;
  if (patch?.operation === 'delete' && subjects.length > 1) return Number.NaN;
  const own: Change =
    patch?.operation === 'delete'
      ? { patches, effort: 'low' }
      : {
          patches: [{ target: patch?.target ?? '', operation: 'patch', patch: [{ op: 'remove', path: `/subjects/${at}` }] }],
          effort: 'low',
        };
  return before.paths.workloads.length - before.with(own).paths.workloads.length;
}

test(
  'of random clusters: what is told is so, nothing that is used may be safe, and no two grants close more than two fixes',
  () => {
    fc.assert(
      fc.property(clusters, (objects) => {
        const found = fixesFor(toState(objects), { top: 2, evidence: {} });
        let state: State = toState(objects);
        for (const { change, proof, alone } of found.fixes) {
          const next = state.with(change);
          const byItself = closedAlone(objects, change);
          if (!Number.isNaN(byItself) && proof.closes.workloads > 0) expect(alone.workloads).toBe(byItself);
          const anew = toState(next.objects.map(({ object }) => ({ ...object })));
          expect(anew.paths).toEqual(next.paths);
          expect(state.paths.workloads.length - anew.paths.workloads.length).toBe(proof.closes.workloads);
          if (proof.closes.workloads > 0) expect(proof.verdict).toBe('unknown');
          state = next;
        }
        expect(found.after.workloads).toBe(state.paths.workloads.length);
        const grants = objects.flatMap((object) => {
          const { subjects = [], metadata } = object as { subjects?: { name: string }[]; metadata: { name: string } };
          return subjects.map(({ name }) => `${metadata.name}/${name}`);
        });
        for (const one of grants)
          for (const other of grants) expect(leftWithout(objects, [one, other])).toBeGreaterThanOrEqual(found.after.workloads);
      }),
      { numRuns: Math.ceil(RUNS / 20) },
    );
  },
  120_000 + RUNS * 60,
);
