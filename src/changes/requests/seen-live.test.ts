import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { RUNS } from '../../../test/runs.ts';
import { rbacOfObjects, withImplicitGroups } from '../../engines/rbac/index.ts';
import type { LeaseHolder } from '../../snapshot/index.ts';
import { type Proof, prove } from '../prove.ts';
import { State } from '../state.ts';
import type { RequestEvidence } from './evidence.ts';
import { replayRequests } from './replay.ts';
import { type LiveUse, liveDenials, liveUsesIn } from './seen-live.ts';

type Raw = Record<string, unknown>;

const TAKEN = '2026-11-22T09:00:00Z';
const READ = Date.parse(TAKEN) / 1000;
const SOON = '2026-11-21T08:00:00Z';

const deployment = (name: string, image: string, more: Raw = {}): Raw => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'ops', uid: name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { serviceAccountName: name, containers: [{ name: 'c', image }], ...more } },
  },
});
const podOf = (name: string, namespace = 'ops'): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `${name}-7d4b9c6f5-abcde`,
    namespace,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid: name, controller: true }],
  },
  spec: { serviceAccountName: name, containers: [{ name: 'c', image: 'x' }] },
});
const account = (name: string): Raw => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'ops' } });
const granted = (name: string, rules: readonly Raw[]): Raw[] => [
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'ops' }],
  },
];
const LEASES = { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'update'] };
const CONFIG = { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'update', 'patch', 'delete'] };
const rotor = (...rules: readonly Raw[]): Raw[] => [
  deployment('rotor', 'example.com/rotor:1'),
  podOf('rotor'),
  account('rotor'),
  ...granted('rotor', rules),
];
const held = (more: Partial<LeaseHolder> = {}): LeaseHolder => ({
  namespace: 'ops',
  name: 'rotor-lock',
  holder: 'rotor-7d4b9c6f5-abcde_0c1d',
  renewed: READ - 4,
  ...more,
});
const managed = (entries: readonly Raw[], more: Raw = {}): [Raw, string] => [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'state', namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' },
    ...more,
  },
  JSON.stringify(entries),
];
const written = (more: Raw = {}): Raw => ({
  manager: 'rotor',
  operation: 'Update',
  apiVersion: 'v1',
  time: SOON,
  fieldsType: 'FieldsV1',
  fieldsV1: {},
  ...more,
});

function stateOf(objects: readonly (Raw | [Raw, string])[], holders: readonly LeaseHolder[] = [], servers?: number): State {
  return new State({
    header: {
      kind: 'snapshot',
      complete: true,
      kubernetesVersion: '1.36',
      takenAt: TAKEN,
      leases: { holders, ...(servers !== undefined && { servers }) },
    },
    objects: objects.map((one) => {
      const [object, managedFields] = Array.isArray(one) ? one : [one, undefined];
      return { object, managedFields, origin: { source: 'test', line: 1, format: 'json' as const, prefix: [] } };
    }),
    counts: { files: 1, documents: objects.length, judged: objects.length, skipped: 0, unjudged: 0 } as never,
    gaps: [],
  });
}

/** Of a change that leaves the role with these rules. */
function shrunk(before: State, rules: readonly Raw[]): Proof {
  const change = {
    patches: [
      { target: 'ClusterRole/rotor', operation: 'patch' as const, patch: [{ op: 'replace' as const, path: '/rules', value: rules }] },
    ],
    effort: 'low' as const,
  };
  return prove({ before, after: before.with(change) }, change, {});
}

const WHO = 'system:serviceaccount:ops:rotor';
const READS = { ...LEASES, verbs: ['get'] };

describe('who leads by a Lease', () => {
  test('needs to renew and to read it, with no log of it', () => {
    const proof = shrunk(stateOf(rotor(LEASES), [held()]), [READS]);
    expect(proof.verdict).toBe('breaks');
    expect(proof.denies).toEqual([
      { who: WHO, what: 'update leases.coordination.k8s.io rotor-lock in ops', count: 1, last: READ - 4, code: 'leads' },
    ]);
    const blind = shrunk(stateOf(rotor(LEASES), [held()]), [{ ...LEASES, verbs: ['update'] }]);
    expect(blind.denies.map(({ what }) => what)).toEqual(['get leases.coordination.k8s.io rotor-lock in ops']);
  });

  test('may renew by either verb', () => {
    const both = { ...LEASES, verbs: ['get', 'update', 'patch'] };
    expect(shrunk(stateOf(rotor(both), [held()]), [{ ...LEASES, verbs: ['get', 'patch'] }])).toMatchObject({
      verdict: 'unknown',
      denies: [],
    });
  });

  test('needs its token', () => {
    const before = stateOf(rotor(LEASES), [held()]);
    const change = {
      patches: [
        {
          target: 'Deployment/ops/rotor',
          operation: 'patch' as const,
          patch: [{ op: 'add' as const, path: '/spec/template/spec/automountServiceAccountToken', value: false }],
        },
      ],
      effort: 'low' as const,
    };
    expect(prove({ before, after: before.with(change) }, change, {})).toMatchObject({
      verdict: 'breaks',
      denies: [{ who: WHO, what: 'any request with its token', last: READ - 4, code: 'leads' }],
    });
  });

  test('may not become another account that may not', () => {
    const before = stateOf([...rotor(LEASES), account('other')], [held()]);
    const change = {
      patches: [
        {
          target: 'Deployment/ops/rotor',
          operation: 'patch' as const,
          patch: [{ op: 'replace' as const, path: '/spec/template/spec/serviceAccountName', value: 'other' }],
        },
      ],
      effort: 'low' as const,
    };
    const { verdict, denies } = prove({ before, after: before.with(change) }, change, {});
    expect(verdict).toBe('breaks');
    expect(denies.map(({ what }) => what)).toEqual([
      'get leases.coordination.k8s.io rotor-lock in ops',
      'update leases.coordination.k8s.io rotor-lock in ops',
    ]);
  });

  test.each<[string, readonly Raw[], LeaseHolder]>([
    ['that nobody of here holds', rotor(LEASES), held({ holder: 'laptop-of-ann_1' })],
    ['that was renewed a month ago', rotor(LEASES), held({ renewed: READ - 31 * 86_400 })],
    ['whose holder is one of two pods', [...rotor(LEASES), podOf('rotor', 'shop')], held({ namespace: 'kube-system' })],
    ['whose holder only begins so', rotor(LEASES), held({ holder: 'rotor-7d4b9c6f5-abcdefg' })],
  ])('a Lease %s proves nothing', (_what, objects, holder) => {
    expect(shrunk(stateOf(objects, [holder]), [READS])).toMatchObject({ verdict: 'unknown', denies: [] });
  });

  test('the pod of the same name in the namespace of the Lease is meant', () => {
    expect(shrunk(stateOf([...rotor(LEASES), podOf('rotor', 'shop')], [held()]), [READS]).verdict).toBe('breaks');
  });
});

describe('who wrote an object', () => {
  const OBJECT = managed([written()]);

  test('needs one of the verbs by which it may have', () => {
    const proof = shrunk(stateOf([...rotor(CONFIG), OBJECT]), [{ ...CONFIG, verbs: ['create', 'delete'] }]);
    expect(proof).toMatchObject({
      verdict: 'breaks',
      denies: [{ who: WHO, what: 'update or patch configmaps in shop', count: 1, last: Date.parse(SOON) / 1000, code: 'wrote' }],
    });
    // Which of the two it was nobody can tell.
    expect(shrunk(stateOf([...rotor(CONFIG), OBJECT]), [{ ...CONFIG, verbs: ['update'] }])).toMatchObject({
      verdict: 'unknown',
      denies: [],
    });
  });

  test('by server-side apply needs to patch, and by its creation may have created', () => {
    const applied = managed([written({ operation: 'Apply' })]);
    expect(shrunk(stateOf([...rotor(CONFIG), applied]), [{ ...CONFIG, verbs: ['update'] }]).denies).toMatchObject([
      { what: 'patch configmaps in shop' },
    ]);
    const created = managed([written({ time: '2026-11-20T00:00:00Z' })], {
      metadata: { name: 'state', namespace: 'shop', creationTimestamp: '2026-11-20T00:00:00Z' },
    });
    expect(shrunk(stateOf([...rotor(CONFIG), created]), [{ ...CONFIG, verbs: ['create'] }]).denies).toEqual([]);
  });

  test('of a subresource needs that one', () => {
    const status = { apiGroups: ['apps'], resources: ['deployments/status'], verbs: ['update'] };
    const object = managed([written({ apiVersion: 'apps/v1', subresource: 'status' })], deployment('web', 'x'));
    const before = stateOf([...rotor(CONFIG, status), object]);
    expect(shrunk(before, [CONFIG]).denies).toMatchObject([{ what: 'update deployments.apps/status in ops' }]);
    expect(shrunk(before, [status]).denies).toEqual([]);
  });

  test.each<[string, readonly (Raw | [Raw, string])[]]>([
    ['by a program that two accounts run', [...rotor(CONFIG), deployment('other', 'mirror.example.com/rotor:2'), OBJECT]],
    [
      'by a name that something else has too',
      [...rotor(CONFIG), deployment('rotor2', 'x', { containers: [{ name: 'rotor', image: 'y' }] }), OBJECT],
    ],
    [
      "by a name that is only the account's",
      [deployment('rotor', 'example.com/x:1'), account('rotor'), ...granted('rotor', [CONFIG]), OBJECT],
    ],
    [
      'by a client that people have too',
      [
        deployment('rotor', 'example.com/kubectl:1'),
        account('rotor'),
        ...granted('rotor', [CONFIG]),
        managed([written({ manager: 'kubectl' })]),
      ],
    ],
    ['months ago', [...rotor(CONFIG), managed([written({ time: '2026-02-01T00:00:00Z' })])]],
    ['after the reading, by a wrong clock', [...rotor(CONFIG), managed([written({ time: '2027-02-01T00:00:00Z' })])]],
    ['at no time', [...rotor(CONFIG), managed([written({ time: undefined })])]],
    ['of a kind that nobody knows', [...rotor(CONFIG), managed([written()], { apiVersion: 'example.com/v1', kind: 'Thing' })]],
    ['as damaged text', [...rotor(CONFIG), [OBJECT[0], '[{"manager":'] as [Raw, string]]],
  ])('%s proves nothing', (_what, objects) => {
    expect(shrunk(stateOf(objects), [{ ...CONFIG, verbs: ['delete'] }])).toMatchObject({ verdict: 'unknown', denies: [] });
  });

  test('thousands are told as one', () => {
    const many = Array.from({ length: 3000 }, (_, index) =>
      managed([written()], { metadata: { name: `s${index}`, namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' } }),
    );
    expect(shrunk(stateOf([...rotor(CONFIG), ...many]), []).denies).toMatchObject([
      { what: 'update or patch configmaps in shop', count: 3000 },
    ]);
  });
});

test('files tell no time, and show nothing', () => {
  const { objects, cluster, surroundings } = stateOf([...rotor(LEASES)], [held()]);
  expect(liveUsesIn({ objects, cluster, surroundings, leases: { holders: [held()] }, readAt: READ })).toHaveLength(2);
  const files = new State({ ...stateOf(rotor(LEASES)).snapshot, header: { kind: 'manifests', complete: false } });
  expect(files.seen()).toEqual([]);
});

test('Leases of API servers count them where addresses tell of fewer', () => {
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    endpoints: [{ addresses: ['10.0.0.1'] }],
  };
  expect(stateOf([slice], [], 3).servers).toBe(3);
  expect(stateOf([slice]).servers).toBe(1);
  expect(stateOf([], [], 2).servers).toBe(2);
  expect(stateOf([]).servers).toBeUndefined();
});

test('whatever is shown, it makes nothing safe: a verdict stays, or becomes breaks with who lost it', () => {
  const VERBS = ['get', 'list', 'create', 'update', 'patch', 'delete'];
  const RESOURCES = ['configmaps', 'leases', 'secrets'];
  const rule = fc.record({ verbs: fc.subarray(VERBS, { minLength: 1 }), resources: fc.subarray(RESOURCES, { minLength: 1 }) });
  const use = fc.record({
    verbs: fc.subarray(VERBS, { minLength: 1 }),
    resource: fc.constantFrom(...RESOURCES),
    namespace: fc.constantFrom('ops', 'shop'),
    code: fc.constantFrom('leads' as const, 'wrote' as const),
    account: fc.constantFrom(WHO, 'system:serviceaccount:ops:other'),
  });
  const rbac = (rules: readonly { verbs: string[]; resources: string[] }[]): ReturnType<typeof rbacOfObjects> =>
    rbacOfObjects(
      granted(
        'rotor',
        rules.map((one) => ({ apiGroups: ['*'], ...one })),
      ),
    );
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), fc.array(rule, { maxLength: 3 }), fc.array(use, { maxLength: 4 }), (had, has, some) => {
      const seen = some.map((one): LiveUse => ({ ...one, ref: undefined, apiGroup: '', name: 'n', last: READ }));
      const rights = { before: rbac(had), after: rbac(has) };
      const evidence: RequestEvidence = { record: undefined, users: [], accounts: undefined, rolesKnown: true };
      const without = replayRequests(rights.before, rights.after, evidence);
      const shown = replayRequests(rights.before, rights.after, { ...evidence, seen });
      const user = withImplicitGroups({ name: WHO, groups: [] });
      const may = (now: (typeof rights)['before'], { verbs, resource, namespace }: LiveUse): boolean =>
        verbs.some(
          (verb) =>
            now.authorize(user, {
              verb,
              apiGroup: '',
              resource,
              subresource: '',
              namespace,
              name: verb === 'create' || verb === 'list' ? '' : 'n',
            }).allowed,
        );
      const refused = seen.filter((one) => one.account === WHO && may(rights.before, one) && !may(rights.after, one));
      expect(shown.verdict).toBe(refused.length > 0 ? 'breaks' : without.verdict);
      expect(shown.unknownBecause).toEqual(without.unknownBecause);
      expect(shown.denies.reduce((sum, { count }) => sum + count, 0)).toBe(refused.length);
      expect(liveDenials(rights, seen, () => undefined)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
