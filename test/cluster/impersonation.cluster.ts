/** Who may act as whom on real API servers is what the engine says: random rights and headers, with and without constraints. */
import { Agent } from 'node:https';
import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import {
  type Impersonation,
  type Impersonator,
  type RbacRequest,
  authorizeImpersonation,
  rbacOfObjects,
} from '../../src/engines/rbac/index.ts';
import { DEEP } from '../runs.ts';
import { askApi } from './api.ts';
import { type Ask, each, inBulk } from './bulk.ts';
import { describeCluster } from './describe-cluster.ts';
import { makeNodes } from './node-objects.ts';
import { RELEASES } from './parts.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';
import { pathOf } from './ways/api-paths.ts';

type Raw = Readonly<Record<string, unknown>>;

const WORLDS = DEEP ? 20 : 3;
const ATTEMPTS = DEEP ? 2000 : 500;
const RBAC = 'rbac.authorization.k8s.io';
const AUTHENTICATION = 'authentication.k8s.io';
const MODES = ['user-info', 'serviceaccount', 'arbitrary-node', 'associated-node'] as const;

/** Requests that everybody may make, so that only impersonation is refused. */
const ON: Readonly<Record<string, { method: string; path: string; body?: Raw; request: RbacRequest }>> = {
  one: {
    method: 'GET',
    path: '/api/v1/namespaces/a/configmaps/kube-root-ca.crt',
    request: { verb: 'get', apiGroup: '', resource: 'configmaps', subresource: '', name: 'kube-root-ca.crt', namespace: 'a' },
  },
  all: {
    method: 'GET',
    path: '/api/v1/namespaces/b/configmaps?limit=1',
    request: { verb: 'list', apiGroup: '', resource: 'configmaps', subresource: '', name: '', namespace: 'b' },
  },
  self: {
    method: 'POST',
    path: `/apis/${AUTHENTICATION}/v1/selfsubjectreviews`,
    body: { apiVersion: `${AUTHENTICATION}/v1`, kind: 'SelfSubjectReview' },
    request: { verb: 'create', apiGroup: AUTHENTICATION, resource: 'selfsubjectreviews', subresource: '', name: '', namespace: '' },
  },
  version: { method: 'GET', path: '/version', request: { verb: 'get', path: '/version' } },
};

function some<T>(values: readonly T[], most: number): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most });
}

const WHO = fc.record(
  {
    verbs: some(['impersonate', ...MODES.map((mode) => `impersonate:${mode}`), '*'], 3),
    apiGroups: some(['', AUTHENTICATION, '*'], 2),
    resources: some(['users', 'groups', 'serviceaccounts', 'nodes', 'uids', 'userextras/k', 'userextras/k.io/k', 'userextras/*', '*'], 4),
    resourceNames: some(['ann', 'devs', 'y', 'n1', 'v1', 'uid', '*'], 3),
  },
  { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
);
const WHAT = fc.record(
  {
    verbs: some(
      MODES.flatMap((mode) => ['get', 'list', 'create', '*'].map((verb) => `impersonate-on:${mode}:${verb}`)),
      6,
    ),
    apiGroups: some(['', AUTHENTICATION, '*'], 2),
    resources: some(['configmaps', 'selfsubjectreviews', '*'], 2),
    resourceNames: some(['kube-root-ca.crt', 'other'], 1),
  },
  { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
);
const URLS = fc.record({ verbs: some(['impersonate-on:user-info:get', '*'], 2), nonResourceURLs: some(['/version', '/api*'], 1) });

interface Rights {
  holder: string;
  namespace: string | undefined;
  rules: readonly Raw[];
}
const RIGHTS: fc.Arbitrary<Rights> = fc.record({
  holder: fc.constantFrom('u1', 'u2', 'u3', 'bot', 'ops'),
  namespace: fc.constantFrom(undefined, undefined, undefined, 'a'),
  rules: fc.array(fc.oneof({ weight: 3, arbitrary: WHO }, { weight: 3, arbitrary: WHAT }, { weight: 1, arbitrary: URLS }), {
    minLength: 1,
    maxLength: 3,
  }),
});

interface Attempt {
  actor: string;
  wanted: Impersonation;
  on: keyof typeof ON;
}
const VALUES = fc.subarray(['v1', 'v2', 'v3', 'v4'], { minLength: 1 });
const ATTEMPT: fc.Arbitrary<Attempt> = fc.record({
  actor: fc.constantFrom('u1', 'u2', 'u3', 'bot'),
  on: fc.constantFrom(...Object.keys(ON)),
  wanted: fc.record({
    user: fc.constantFrom('ann', 'bob', 'system:serviceaccount:a:y', 'system:serviceaccount:b:y', 'system:node:n1', 'system:node:n2'),
    groups: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.subarray(['devs', 'ops', 'g3', 'g4', 'g5', 'system:masters']) },
    ),
    uid: fc.constantFrom('', '', '', 'uid'),
    extra: fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      // Only the old way takes a key without a domain.
      { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('k', 'k.io/k', 'k.io/k'), VALUES, { minKeys: 1, maxKeys: 1 }) },
    ),
  }),
});

for (const [index, release] of RELEASES.entries()) {
  const minor = Number(release.split('.')[1]);
  describeCluster(`impersonation on ${release}`, { release, skip: ['kube-scheduler'] }, (cluster) => {
    beforeAll(async () => {
      await makeNodes(cluster(), ['n1']);
      for (const name of ['a', 'b']) await cluster().kubectl(['create', 'namespace', name]);
      await cluster().kubectl(['create', 'clusterrole', 'look', '--verb=get,list', '--resource=configmaps']);
      await cluster().kubectl(['create', 'clusterrolebinding', 'look', '--clusterrole=look', '--group=system:authenticated']);
      for (const name of ['a', 'b'])
        await waitFor(
          'its ConfigMap',
          async () => (await cluster().request('GET', `/api/v1/namespaces/${name}/configmaps/kube-root-ca.crt`)).status === 200,
        );
    });

    const modes = new Set<string>();
    it.each(Array.from({ length: WORLDS }, (_, at) => 100 * index + at))(
      'world %i',
      async (seed) => {
        // Others in each world: the server remembers for some seconds whom it let act as whom.
        const actors = await actorsOf(cluster(), seed);
        const objects = await inBulk(cluster(), (ask) => settle(ask, seed));
        const rbac = rbacOfObjects(objects);
        const attempts = fc.sample(ATTEMPT, { seed: seed + 1, numRuns: ATTEMPTS });
        const said = await each(attempts, (attempt) => tryIt(cluster(), actors, attempt));
        for (const [at, { actor, wanted, on }] of attempts.entries()) {
          const who = actors.get(actor)?.who ?? { name: '', groups: [] };
          const { allowed, mode } = authorizeImpersonation(rbac, who, { wanted, on: ON[on]?.request, minor });
          if (mode !== undefined) modes.add(mode);
          expect([actor, wanted, on, mode, allowed]).toEqual([actor, wanted, on, mode, said[at]]);
        }
      },
      240_000,
    );

    it('lets somebody in by ways of both kinds, and in many worlds by each', () => {
      expect(modes.size).toBeGreaterThanOrEqual(minor < 36 ? 1 : DEEP ? MODES.length + 1 : 2);
    });
  });
}

interface Actor {
  who: Impersonator;
  credentials: { ca: string; cert?: string; key?: string };
  token: string | undefined;
  agent: Agent;
}

/** Three users with certificates, and an account whose token is of a pod on node n1. */
async function actorsOf(cluster: TestCluster, seed: number): Promise<Map<string, Actor>> {
  const ca = cluster.pki.authority.certificate;
  const actors = new Map<string, Actor>();
  for (const [role, groups] of [
    ['u1', []],
    ['u2', ['ops']],
    ['u3', []],
  ] as const) {
    const name = `${role}-${seed}`;
    const { certificate, key } = cluster.pki.authority.issue({ name, groups });
    const credentials = { ca, cert: certificate, key };
    const who = { name, groups: [...groups, 'system:authenticated'] };
    actors.set(role, { who, credentials, token: undefined, agent: new Agent({ ...credentials, keepAlive: true, maxSockets: 4 }) });
  }
  const bot = `bot-${seed}`;
  await cluster.kubectl(['create', 'serviceaccount', bot, '-n', 'a']);
  const spec = { nodeName: 'n1', serviceAccountName: bot, containers: [{ name: 'c', image: 'i' }] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: bot }, spec };
  const made = await cluster.request('POST', '/api/v1/namespaces/a/pods', { body: pod });
  const { uid } = (made.json() as { metadata: { uid: string } }).metadata;
  const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: bot, uid };
  const body = { apiVersion: `${AUTHENTICATION}/v1`, kind: 'TokenRequest', spec: { boundObjectRef } };
  const answer = await cluster.request('POST', `/api/v1/namespaces/a/serviceaccounts/${bot}/token`, { body });
  const { token } = (answer.json() as { status: { token: string } }).status;
  const credentials = { ca };
  const agent = new Agent({ ...credentials, keepAlive: true, maxSockets: 4 });
  const self = await askApi(cluster.server, credentials, {
    method: 'POST',
    path: ON.self?.path ?? '',
    body: ON.self?.body,
    headers: { authorization: `Bearer ${token}` },
  });
  const { userInfo } = (self.json() as { status: { userInfo: { username: string; groups: string[]; extra: Record<string, string[]> } } })
    .status;
  expect(userInfo.extra['authentication.kubernetes.io/node-name']).toEqual(['n1']);
  actors.set('bot', { who: { name: userInfo.username, groups: userInfo.groups, extra: userInfo.extra }, credentials, token, agent });
  return actors;
}

async function tryIt(cluster: TestCluster, actors: ReadonlyMap<string, Actor>, { actor, wanted, on }: Attempt): Promise<boolean> {
  const known = actors.get(actor);
  const target = ON[on];
  if (known === undefined || target === undefined) throw new Error('no such attempt');
  const headers: Record<string, unknown> = { 'impersonate-user': wanted.user };
  if (known.token !== undefined) headers.authorization = `Bearer ${known.token}`;
  if (wanted.groups.length > 0) headers['impersonate-group'] = wanted.groups;
  if (wanted.uid !== '') headers['impersonate-uid'] = wanted.uid;
  for (const [key, values] of Object.entries(wanted.extra)) headers[`impersonate-extra-${encodeURIComponent(key)}`] = values;
  const { method, path, body } = target;
  const answer = await askApi(cluster.server, known.credentials, {
    method,
    path,
    agent: known.agent,
    headers: headers as Record<string, string>,
    ...(body !== undefined && { body }),
  });
  if (answer.status >= 300 && answer.status !== 403) throw new Error(`${answer.status} ${answer.text}`);
  return answer.status < 300;
}

const LISTS = ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'] as const;

/** Puts random rights in the place of those before, and waits until they are seen; all roles and bindings that there are then. */
async function settle(ask: Ask, seed: number): Promise<Raw[]> {
  for (const path of [...LISTS.slice(0, 2), 'namespaces/a/roles', 'namespaces/a/rolebindings'])
    await ask('DELETE', `/apis/${RBAC}/v1/${path}?labelSelector=random`);
  const rights: Rights[] = [
    ...fc.sample(RIGHTS, { seed, numRuns: 24 }),
    { holder: `mark-${seed}`, namespace: undefined, rules: [{ verbs: ['get'], apiGroups: ['mark'], resources: ['marks'] }] },
    { holder: `mark-${seed}`, namespace: 'a', rules: [{ verbs: ['list'], apiGroups: ['mark'], resources: ['marks'] }] },
  ];
  for (const object of rights.flatMap((right, at) => objectsOf(right, { at, seed }))) {
    const { status, text } = await ask('POST', pathOf(object, false), object);
    if (status !== 201) throw new Error(`${status} ${text} ${JSON.stringify(object)}`);
  }
  for (const verb of ['get', 'list']) {
    const resourceAttributes = { verb, group: 'mark', resource: 'marks', namespace: 'a' };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user: `mark-${seed}`, resourceAttributes } };
    await waitFor('the mark', async () => {
      const answer = await ask('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', body);
      return (answer.json() as { status: { allowed: boolean } }).status.allowed;
    });
  }
  const all = await each(LISTS, async (plural) => {
    const { kind, items } = (await ask('GET', `/apis/${RBAC}/v1/${plural}`)).json() as { kind: string; items: Raw[] };
    return items.map((item) => ({ ...item, kind: kind.replace(/List$/, ''), apiVersion: `${RBAC}/v1` }));
  });
  return all.flat();
}

function objectsOf({ holder, namespace, rules }: Rights, { at, seed }: { at: number; seed: number }): Raw[] {
  const metadata = { name: `r${at}`, labels: { random: 'yes' }, ...(namespace !== undefined && { namespace }) };
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const subject =
    holder === 'bot'
      ? { kind: 'ServiceAccount', namespace: 'a', name: `bot-${seed}` }
      : { kind: holder === 'ops' ? 'Group' : 'User', apiGroup: RBAC, name: /^u\d$/.test(holder) ? `${holder}-${seed}` : holder };
  // A Role takes no URLs.
  const own = rules.filter((rule) => namespace === undefined || rule.nonResourceURLs === undefined);
  return [
    { apiVersion: `${RBAC}/v1`, kind, metadata, rules: own },
    { apiVersion: `${RBAC}/v1`, kind: `${kind}Binding`, metadata, roleRef: { apiGroup: RBAC, kind, name: `r${at}` }, subjects: [subject] },
  ];
}
