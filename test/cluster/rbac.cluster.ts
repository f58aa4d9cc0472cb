/**
 * What a real API server allows is what the engine says: access reviews over random roles, bindings, aggregation and
 * users, writes of roles and bindings by limited users, and the roles that Kubernetes brings itself.
 */
import { readFileSync, statSync } from 'node:fs';
import { Agent } from 'node:https';
import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import {
  AUTHENTICATED,
  DEFAULT_ROLE_NAMES,
  MASTERS,
  type Rbac,
  type RbacObject,
  type User,
  authorizeWrite,
  componentRole,
  componentRoleRefs,
  defaultRole,
  rbacOfObjects,
  uncovered,
  withImplicitGroups,
} from '../../src/engines/rbac/index.ts';
import { toApiObject } from '../../src/model/index.ts';
import type { Asked, Raw, RawRule, Who } from '../rbac/brute-force.ts';
import { RANDOM_OBJECTS, caseIn } from '../rbac/worlds.ts';
import { DEEP } from '../runs.ts';
import { askApi } from './api.ts';
import { type Ask, each, inBulk } from './bulk.ts';
import { runCommand } from './command.ts';
import { describeCluster } from './describe-cluster.ts';
import { RELEASES } from './parts.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';

const API = '/apis/rbac.authorization.k8s.io/v1';
const GROUP = 'rbac.authorization.k8s.io';
/** Each world replaces the one before it. */
const WORLDS = DEEP ? 10 : 2;
const REVIEWS = DEEP ? 2000 : 300;
const WRITES = DEEP ? 30 : 25;

/** Where each kind stands; the cluster-wide ones twice the same. */
const PLURALS: Record<string, string> = {
  Role: 'roles',
  ClusterRole: 'clusterroles',
  RoleBinding: 'rolebindings',
  ClusterRoleBinding: 'clusterrolebindings',
};

/** Lets users of the worlds write, so that what they would hand out decides. */
const WRITERS: Raw[] = [
  {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'writer', labels: { random: 'yes' } },
    rules: [
      { apiGroups: [GROUP], resources: Object.values(PLURALS), verbs: ['create', 'update'] },
      { apiGroups: [GROUP], resources: ['clusterroles'], resourceNames: ['r1', 'r2'], verbs: ['bind', 'escalate'] },
    ],
  },
  {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'writers', labels: { random: 'yes' } },
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'writer' },
    subjects: [
      { apiGroup: GROUP, kind: 'Group', name: 'ops' },
      { apiGroup: GROUP, kind: 'User', name: 'joe' },
      { kind: 'ServiceAccount', name: 'bot', namespace: 'a' },
    ],
  },
];

for (const [index, release] of RELEASES.entries()) {
  describeCluster(`RBAC of ${release}`, { release, skip: ['kube-scheduler'] }, (cluster) => {
    beforeAll(async () => {
      for (const name of ['a', 'b']) await cluster().kubectl(['create', 'namespace', name]);
    });

    it('its own roles and bindings load and give the known answers', async () => {
      const rbac = rbacOfObjects(await inBulk(cluster(), stored));
      expect(rbac.bindings.filter(({ role }) => role === undefined)).toEqual([]);
      expect(rbac.role('ClusterRole/admin')?.rules.length).toBeGreaterThan(10);
      for (const [allowed, user, request] of KNOWN) {
        const who = withImplicitGroups(user);
        expect([user, request, rbac.authorize(who, request).allowed]).toEqual([user, request, allowed]);
        const said = await inBulk(cluster(), (ask) => review(ask, who, request));
        expect([user, request, said]).toEqual([user, request, allowed]);
      }
    });

    it('the roles of its own parts are those of the table, and none has more', async () => {
      // The controller manager adds its own after a while.
      const live = await waitFor('the roles of the controllers', async () => {
        const read = rbacOfObjects(await inBulk(cluster(), stored));
        return read.role('Role/kube-system/system:controller:token-cleaner') && read;
      });
      const side = release === '1.36.3' ? 'last' : 'first';
      for (const ref of componentRoleRefs()) {
        const known = componentRole(ref)?.[side] ?? [];
        const its = live.role(ref)?.rules.map(({ rule }) => rule) ?? [];
        expect([ref, uncovered(known, its), uncovered(its, known)]).toEqual([ref, [], []]);
      }
      const own = live.roles.filter(({ ref }) => /\/system:(?!aggregate-to-)/.test(ref) && componentRole(ref) === undefined);
      expect(own.map(({ ref }) => ref)).toEqual([]);
    });

    it('the command asks it, and lists no more than it needs', async () => {
      const { kubeconfig, auditLog } = cluster();
      const before = statSync(auditLog).size;
      const ask = (...args: string[]): ReturnType<typeof runCommand> =>
        runCommand(['rbac', ...args, '--kubeconfig', kubeconfig, '-f', 'json']);
      const yes = await ask('can', 'create', 'pods/binding', '-n', 'a', '--as', 'system:kube-scheduler');
      expect([yes.exit, yes.stderr]).toEqual([0, '']);
      expect(JSON.parse(yes.stdout)).toMatchObject({
        allowed: true,
        by: [{ binding: 'ClusterRoleBinding/system:kube-scheduler', role: 'ClusterRole/system:kube-scheduler' }],
      });
      expect((await ask('can', 'list', 'secrets', '--as', 'jane')).exit).toBe(1);
      const listed = readFileSync(auditLog)
        .subarray(before)
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map(
          (line) => JSON.parse(line) as { verb: string; user: { username: string; groups: string[] }; objectRef?: { resource?: string } },
        )
        .filter(({ verb, user }) => verb === 'list' && user.groups.includes(MASTERS) && user.username !== 'system:apiserver')
        .map(({ objectRef }) => objectRef?.resource);
      expect(listed).toContain('clusterroles');
      expect(listed).not.toContain('pods');
      expect(listed).not.toContain('secrets');
    });

    if (release === '1.36.3') {
      it('the roles that are added to manifests are its own', async () => {
        const live = rbacOfObjects(await inBulk(cluster(), stored));
        const ours = rbacOfObjects(DEFAULT_ROLE_NAMES.map((name) => defaultRole(name) ?? {}));
        for (const { ref, rules } of ours.roles) {
          const [own, its] = [rules.map(({ rule }) => rule), live.role(ref)?.rules.map(({ rule }) => rule) ?? []];
          expect([ref, uncovered(own, its), uncovered(its, own)]).toEqual([ref, [], []]);
        }
      });
    }

    it.each(Array.from({ length: WORLDS }, (_, at) => 100 * index + at))(
      'world %i: reviews and writes',
      async (seed) => {
        await inBulk(cluster(), async (ask) => {
          const objects = await settleWorld(ask, seed);
          const rbac = rbacOfObjects(objects);
          await compareReviews({ ask, rbac, objects, seed });
          await compareWrites({ cluster: cluster(), rbac, objects, seed });
        });
      },
      240_000,
    );
  });
}

type Known = [boolean, Who, Asked];

const resource = (verb: string, of: string, more: object = {}): Asked => ({
  verb,
  apiGroup: '',
  resource: of.split('/')[0] ?? '',
  subresource: of.split('/')[1] ?? '',
  name: '',
  namespace: '',
  ...more,
});
const account = (name: string): Who => ({ name: `system:serviceaccount:kube-system:${name}`, groups: [] });

const KNOWN: Known[] = [
  [true, { name: 'x', groups: [MASTERS] }, resource('delete', 'nodes')],
  [true, { name: 'jane', groups: [] }, { verb: 'get', path: '/apis/apps/v1' }],
  [false, { name: 'jane', groups: [] }, { verb: 'get', path: '/metrics' }],
  [true, { name: 'system:anonymous', groups: [] }, { verb: 'get', path: '/version' }],
  [false, { name: 'system:anonymous', groups: [] }, { verb: 'get', path: '/api' }],
  [false, { name: 'jane', groups: [] }, resource('list', 'pods', { namespace: 'a' })],
  [true, { name: 'system:kube-scheduler', groups: [] }, resource('create', 'pods/binding', { namespace: 'a', name: 'p' })],
  [
    true,
    { name: 'system:kube-controller-manager', groups: [] },
    resource('create', 'serviceaccounts/token', { namespace: 'a', name: 's' }),
  ],
  [true, account('clusterrole-aggregation-controller'), resource('escalate', 'clusterroles', { apiGroup: GROUP, name: 'admin' })],
  [true, account('job-controller'), resource('create', 'pods', { namespace: 'a' })],
  [false, account('job-controller'), resource('get', 'secrets', { namespace: 'a', name: 's' })],
  [true, account('generic-garbage-collector'), resource('delete', 'secrets', { namespace: 'a', name: 's' })],
];

async function review(ask: Ask, { name, groups }: User, request: Asked): Promise<boolean> {
  const { verb } = request;
  const attributes =
    'path' in request
      ? { nonResourceAttributes: { path: request.path, verb } }
      : {
          resourceAttributes: {
            verb,
            group: request.apiGroup,
            resource: request.resource,
            subresource: request.subresource,
            name: request.name,
            namespace: request.namespace,
          },
        };
  const answer = await ask('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: name, groups, ...attributes },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return (answer.json() as { status: { allowed: boolean } }).status.allowed;
}

/** Everything that the server has, as it has it. */
async function stored(ask: Ask): Promise<Raw[]> {
  const lists = await each(Object.entries(PLURALS), async ([kind, plural]) => {
    const answer = await ask('GET', `${API}/${plural}`);
    return (answer.json() as { items: Raw[] }).items.map((item) => ({ ...item, kind, apiVersion: `${GROUP}/v1` }));
  });
  return lists.flat();
}

function pathOf({ kind, metadata }: Raw, named: boolean): string {
  const home = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${API}${home}/${PLURALS[kind]}${named ? `/${metadata.name}` : ''}`;
}

/**
 * Puts a random world in the place of the one before it, and waits until the server's authorizer has seen it. The
 * answer is what was written, with nothing in aggregated roles, so that the engine has to work them out by itself.
 */
async function settleWorld(ask: Ask, seed: number): Promise<Raw[]> {
  for (const old of await stored(ask)) if (old.metadata.labels?.random === 'yes') await ask('DELETE', pathOf(old, true));
  const worlds = fc.sample(RANDOM_OBJECTS, { seed, numRuns: 12 });
  const random = worlds.flatMap((world, at) => world.map((object) => acceptable(object, at))).filter((object) => object !== undefined);
  const written = [...random, ...WRITERS];
  const refused = await each(written, async (object) => {
    const { status, text } = await ask('POST', pathOf(object, false), object);
    return status === 201 ? [] : [`${status} ${text}\n${JSON.stringify(object)}`];
  });
  expect(refused.flat()).toEqual([]);
  const own = new Map(written.map((object) => [keyOf(object), object.rules]));
  const input = (await stored(ask)).map((object) => {
    if (object.aggregationRule === undefined) return object;
    // Of the server's own aggregated roles nothing is written by hand.
    return { ...object, rules: own.get(keyOf(object)) ?? [] };
  });
  const rbac = rbacOfObjects(input);
  const isAggregated = ({ metadata, rules }: Raw): boolean => {
    const worked = new Set(rbac.role(`ClusterRole/${metadata.name}`)?.rules.map(({ rule }) => JSON.stringify(listsOf(rule))));
    return sameSet(worked, new Set(((rules ?? []) as RawRule[]).map((rule) => JSON.stringify(listsOf(rule)))));
  };
  await waitFor('aggregated roles', async () => {
    const there = await stored(ask);
    return there.filter(({ kind }) => kind === 'ClusterRole').every(isAggregated);
  });
  await seen(ask, seed);
  return input;
}

function keyOf({ kind, metadata }: Raw): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

function listsOf(rule: { readonly [K in keyof RawRule]?: readonly string[] | undefined }): (readonly string[])[] {
  return [rule.verbs ?? [], rule.apiGroups ?? [], rule.resources ?? [], rule.resourceNames ?? [], rule.nonResourceURLs ?? []];
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}

/** Each kind reaches the authorizer by a watch of its own; what is written last is seen last. */
async function seen(ask: Ask, seed: number): Promise<void> {
  const name = `mark-${seed}`;
  const labels = { random: 'yes' };
  const subjects = [{ apiGroup: GROUP, kind: 'User', name }];
  const rules = [{ apiGroups: ['mark'], resources: ['marks'], verbs: ['get'] }];
  for (const [kind, namespace] of [
    ['ClusterRole', undefined],
    ['Role', 'a'],
  ] as const) {
    const metadata = { name, labels, ...(namespace !== undefined && { namespace }) };
    const roleRef = { apiGroup: GROUP, kind, name };
    const role = { apiVersion: `${GROUP}/v1`, kind, metadata, rules };
    const binding = { apiVersion: `${GROUP}/v1`, kind: `${kind}Binding`, metadata, roleRef, subjects };
    for (const object of [role, binding]) await ask('POST', pathOf(object, false), object);
  }
  for (const namespace of ['', 'a']) {
    await waitFor('the mark', () => review(ask, { name, groups: [] }, resource('get', 'marks', { apiGroup: 'mark', namespace })));
  }
  // The cluster-wide binding answers in the namespace too, so the other one is asked alone.
  await ask('DELETE', `${API}/clusterrolebindings/${name}`);
  await waitFor('the mark gone', async () => !(await review(ask, { name, groups: [] }, resource('get', 'marks', { apiGroup: 'mark' }))));
  await waitFor('the mark of the namespace', () =>
    review(ask, { name, groups: [] }, resource('get', 'marks', { apiGroup: 'mark', namespace: 'a' })),
  );
  await ask('DELETE', `${API}/namespaces/a/rolebindings/${name}`);
  await waitFor(
    'both marks gone',
    async () => !(await review(ask, { name, groups: [] }, resource('get', 'marks', { apiGroup: 'mark', namespace: 'a' }))),
  );
}

/** An object of one of several worlds, made such that the server takes it; undefined where it never would. */
function acceptable(object: Raw, world: number): Raw | undefined {
  const { kind, metadata } = object;
  // Cluster roles are those of the first world; those of the others would have the same names.
  if (kind === 'ClusterRole' && world > 0) return undefined;
  const isShared = kind === 'ClusterRole' || kind === 'Role';
  const name = isShared ? metadata.name : `${metadata.name}-${world}`;
  if (kind === 'Role' && world > 0) return undefined;
  const made: Raw = { ...object, metadata: { ...metadata, name, labels: { ...metadata.labels, random: 'yes' } } };
  if (kind === 'Role') made.rules = (object.rules as RawRule[]).filter(({ nonResourceURLs }) => nonResourceURLs === undefined);
  if (!kind.endsWith('Binding')) return made;
  const roleRef = object.roleRef as { kind: string; name: string };
  if (kind === 'ClusterRoleBinding' && roleRef.kind === 'Role') return undefined;
  made.roleRef = { apiGroup: GROUP, ...roleRef };
  const subjects = object.subjects as { kind: string; name: string; namespace?: string }[];
  made.subjects = subjects
    .filter((subject) => subject.kind !== 'ServiceAccount' || subject.namespace !== '')
    .map((subject) => (subject.kind === 'ServiceAccount' ? subject : { apiGroup: GROUP, ...subject }));
  return made;
}

interface Comparison {
  rbac: Rbac;
  objects: Raw[];
  seed: number;
}

async function compareReviews({ ask, rbac, objects, seed }: Comparison & { ask: Ask }): Promise<void> {
  const cases = fc.sample(caseIn(fc.constant(objects)), { seed: seed + 1, numRuns: REVIEWS });
  const said = await each(cases, ({ user, request }) => review(ask, user, request));
  let allowed = 0;
  for (const [at, { user, request }] of cases.entries()) {
    const decision = rbac.authorize(user, request).allowed;
    if (decision) allowed += 1;
    expect([user, request, decision]).toEqual([user, request, said[at]]);
  }
  expect(allowed).toBeGreaterThan(REVIEWS / 20);
}

/** Dry runs pass every check and write nothing, so that each attempt meets the same world. */
async function compareWrites({ cluster, rbac, objects, seed }: Comparison & { cluster: TestCluster }): Promise<void> {
  const { certificate, key } = cluster.pki.read('admin');
  const credentials = { ca: cluster.pki.authority.certificate, cert: certificate, key };
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const attempts = attemptsOn(objects, seed);
  const statuses = await each(attempts, async ({ user, verb, object }) => {
    const headers = {
      'impersonate-user': user.name,
      ...(user.groups.length > 0 && { 'impersonate-group': user.groups as unknown as string }),
    };
    const path = `${pathOf(object, verb === 'update')}?dryRun=All`;
    const answer = await askApi(cluster.server, credentials, {
      method: verb === 'create' ? 'POST' : 'PUT',
      path,
      body: object,
      headers,
      agent,
    });
    return { status: answer.status, text: answer.text };
  });
  agent.destroy();
  let decided = 0;
  for (const [at, { user, verb, object }] of attempts.entries()) {
    const { status = 0, text = '' } = statuses[at] ?? {};
    // Whoever impersonates a service account with groups of his choice takes its own from it.
    const given = user.groups.length > 0 ? { name: user.name, groups: [...user.groups, AUTHENTICATED] } : withImplicitGroups(user);
    const { allowed, decidedBy } = authorizeWrite(rbac, given, { verb, object: read(object) });
    const what = `${user.name} (${user.groups.join()}) ${verb} ${JSON.stringify(object)}\n${text}`;
    expect([allowed, what]).toEqual([status < 300, what]);
    if (decidedBy !== 'authorization') decided += 1;
  }
  expect(decided).toBeGreaterThan(WRITES / 4);
}

interface Attempt {
  user: Who;
  verb: 'create' | 'update';
  object: Raw;
}

function attemptsOn(objects: Raw[], seed: number): Attempt[] {
  const random = objects.filter(({ metadata }) => metadata.labels?.random === 'yes');
  const bindings = random.filter(({ kind }) => kind.endsWith('Binding'));
  const roles = random.filter(({ kind }) => !kind.endsWith('Binding'));
  const writer = fc.record({ name: fc.constantFrom('joe', 'jane', 'system:serviceaccount:a:bot'), groups: fc.subarray(['ops', 'devs']) });
  const cases = fc.record({
    near: caseIn(fc.constant(objects)),
    writer,
    pick: fc.nat(),
    kind: fc.constantFrom('new', 'old', 'binding', 'rebind'),
  });
  return fc.sample(cases, { seed: seed + 2, numRuns: WRITES }).flatMap(({ near, writer: user, pick, kind }): Attempt[] => {
    const role = roles[pick % roles.length];
    const binding = bindings[pick % bindings.length];
    if (role === undefined || binding === undefined) return [];
    const rules = near.rules.filter(({ nonResourceURLs }) => nonResourceURLs === undefined || role.kind === 'ClusterRole');
    const bare = (object: Raw, name: string): Raw['metadata'] => {
      const { namespace, labels } = object.metadata;
      return { name, ...(namespace !== undefined && { namespace }), ...(labels !== undefined && { labels }) };
    };
    if (kind === 'new') return [{ user, verb: 'create', object: { ...role, rules, metadata: bare(role, 'fresh') } }];
    if (kind === 'old')
      return [{ user, verb: 'update', object: { ...role, rules, metadata: bare(role, pick % 5 === 0 ? 'fresh' : role.metadata.name) } }];
    if (kind === 'binding') return [{ user, verb: 'create', object: { ...binding, metadata: bare(binding, 'fresh') } }];
    // The very object, in which nothing changes, and the same content without its identity.
    if (pick % 4 === 0) return [{ user, verb: 'update', object: binding }];
    if (pick % 4 === 1) return [{ user, verb: 'update', object: { ...binding, metadata: bare(binding, binding.metadata.name) } }];
    const subjects = [...((binding.subjects ?? []) as object[]), { apiGroup: GROUP, kind: 'User', name: 'friend' }];
    return [{ user, verb: 'update', object: { ...binding, subjects, metadata: bare(binding, binding.metadata.name) } }];
  });
}

function read(object: Raw): RbacObject {
  return toApiObject({ object, origin: { source: '', line: 1, format: 'json', prefix: [] } }, 0) as RbacObject;
}
