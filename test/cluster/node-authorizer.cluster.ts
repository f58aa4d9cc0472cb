/** What real API servers answer of nodes is what the engine says: access reviews over random pods, volumes and nodes. */
import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { NodeAuthorizer, type NodeRequest } from '../../src/engines/node-authorizer/index.ts';
import { type User, rbacOfObjects } from '../../src/engines/rbac/index.ts';
import { type ApiObject, toApiObject } from '../../src/model/index.ts';
import { DEEP } from '../runs.ts';
import { type Ask, each, inBulk } from './bulk.ts';
import { describeCluster } from './describe-cluster.ts';
import { makeNodes } from './node-objects.ts';
import { RELEASES } from './parts.ts';
import { waitFor } from './wait.ts';
import { pathOf } from './ways/api-paths.ts';

type Raw = Readonly<Record<string, unknown>>;

const WORLDS = DEEP ? 20 : 3;
const REVIEWS = DEEP ? 3000 : 800;
const NAMES = ['x', 'y', 'z'];
const SPACES = ['a', 'b'];
const NODES = ['n1', 'n2'];
const GROUPS = { slices: 'resource.k8s.io', storage: 'storage.k8s.io', leases: 'coordination.k8s.io' };

const name = fc.constantFrom(...NAMES);

const CONTAINER = fc.record(
  {
    env: fc.array(
      fc.oneof(
        name.map((each) => ({ name: 'A', valueFrom: { secretKeyRef: { name: each, key: 'k' } } })),
        name.map((each) => ({ name: 'B', valueFrom: { configMapKeyRef: { name: each, key: 'k' } } })),
      ),
      { maxLength: 1 },
    ),
    envFrom: fc.array(
      fc.oneof(
        name.map((each) => ({ secretRef: { name: each } })),
        name.map((each) => ({ configMapRef: { name: each } })),
      ),
      { maxLength: 1 },
    ),
  },
  { requiredKeys: [] },
);

const VOLUME = fc.oneof(
  name.map((secretName) => ({ secret: { secretName } })),
  name.map((each) => ({ configMap: { name: each } })),
  name.map((claimName) => ({ persistentVolumeClaim: { claimName } })),
  name.map((each) => ({ projected: { sources: [{ secret: { name: each } }, { configMap: { name: each } }] } })),
  name.map((each) => ({ csi: { driver: 'd', nodePublishSecretRef: { name: each } } })),
  fc.constant({
    ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } } },
  }),
  fc.constant({ emptyDir: {} }),
);

const POD = fc.record({
  namespace: fc.constantFrom(...SPACES),
  nodeName: fc.constantFrom(...NODES, undefined),
  serviceAccountName: fc.constantFrom('default', ...NAMES),
  imagePullSecrets: fc.array(
    name.map((each) => ({ name: each })),
    { maxLength: 1 },
  ),
  volumes: fc.array(VOLUME, { maxLength: 2 }),
  container: CONTAINER,
  init: fc.option(CONTAINER, { nil: undefined }),
});

const PERSISTENT = fc.record({
  claimRef: fc.option(fc.record({ namespace: fc.constantFrom(...SPACES), name }), { nil: undefined }),
  kind: fc.constantFrom(
    'nodePublishSecretRef',
    'nodeStageSecretRef',
    'nodeExpandSecretRef',
    'controllerPublishSecretRef',
    'controllerExpandSecretRef',
  ),
  secret: fc.record({ namespace: fc.constantFrom(...SPACES), name }),
});

interface Case {
  user: User;
  request: NodeRequest;
}

const RESOURCES: readonly (readonly [group: string, resource: string])[] = [
  ['', 'secrets'],
  ['', 'secrets/status'],
  ['', 'configmaps'],
  ['', 'persistentvolumeclaims'],
  ['', 'persistentvolumeclaims/status'],
  ['', 'persistentvolumes'],
  ['', 'serviceaccounts'],
  ['', 'serviceaccounts/token'],
  ['', 'nodes'],
  ['', 'nodes/status'],
  ['', 'nodes/proxy'],
  ['', 'pods'],
  ['', 'pods/status'],
  ['', 'pods/eviction'],
  ['', 'pods/exec'],
  ['', 'services'],
  ['', 'events'],
  ['', 'endpoints'],
  ['events.k8s.io', 'events'],
  ['certificates.k8s.io', 'certificatesigningrequests'],
  ['authentication.k8s.io', 'tokenreviews'],
  ['node.k8s.io', 'runtimeclasses'],
  [GROUPS.storage, 'volumeattachments'],
  [GROUPS.storage, 'csinodes'],
  [GROUPS.storage, 'csidrivers'],
  [GROUPS.slices, 'resourceslices'],
  [GROUPS.slices, 'resourceclaims'],
  [GROUPS.leases, 'leases'],
];

/** What pods and volumes may refer to, asked for as kubelets do. */
const NEAR = fc.record({
  what: fc.constantFrom(
    ...RESOURCES.filter(([, path]) => /^(?:secrets|configmaps|persistentvolume|serviceaccounts|volumeatt|pods$)/.test(path)),
  ),
  verb: fc.constantFrom('get', 'get', 'get', 'create', 'list'),
  namespace: fc.constantFrom(...SPACES),
  object: fc.constantFrom(...NAMES, ...NAMES, 'p0', 'p1', 'p2'),
});
const ANY = fc.record({
  what: fc.constantFrom(...RESOURCES),
  verb: fc.constantFrom('get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'),
  namespace: fc.constantFrom('', 'a', 'b', 'kube-node-lease'),
  object: fc.constantFrom('', ...NAMES, 'default', 'p0', 'p1', 'p2', 'p3', 'p1-v0', 'p2-v1', 'n1', 'n2', 'c0', 'c1'),
});

const CASE: fc.Arbitrary<Case> = fc
  .record({
    user: fc.constantFrom(...NODES, ...NODES, ...NODES, 'n3', '').map((node) => `system:node:${node}`),
    inGroup: fc.constantFrom(true, true, true, true, false),
    asked: fc.oneof(NEAR, ANY),
    selector: fc.option(fc.constantFrom(...NODES), { nil: undefined, freq: 4 }),
  })
  .map(
    ({
      user,
      inGroup,
      asked: {
        what: [apiGroup, path],
        verb,
        namespace,
        object,
      },
      selector,
    }) => {
      const [resource = '', subresource = ''] = path.split('/');
      const lists = verb === 'list' || verb === 'watch' || verb === 'deletecollection';
      return {
        user: { name: user, groups: [...(inGroup ? ['system:nodes'] : []), 'system:authenticated'] },
        request: {
          verb,
          apiGroup,
          resource,
          subresource,
          name: object,
          namespace: apiGroup === '' && (resource === 'persistentvolumes' || resource === 'nodes') ? '' : namespace,
          ...(lists && selector !== undefined && { fields: { 'spec.nodeName': selector } }),
        },
      };
    },
  );

for (const [index, release] of RELEASES.entries()) {
  const minor = Number(release.split('.')[1]);
  describeCluster(`the Node authorizer of ${release}`, { release, skip: ['kube-scheduler'] }, (cluster) => {
    beforeAll(async () => {
      await makeNodes(cluster(), [...NODES, 'mark']);
      for (const space of SPACES) {
        await cluster().kubectl(['create', 'namespace', space]);
        for (const each of NAMES) await cluster().kubectl(['create', 'serviceaccount', each, '-n', space]);
        await waitFor(
          'default account',
          async () => (await cluster().request('GET', `/api/v1/namespaces/${space}/serviceaccounts/default`)).status === 200,
        );
      }
    });

    it.each(Array.from({ length: WORLDS }, (_, at) => 100 * index + at))(
      'world %i',
      async (seed) => {
        await inBulk(cluster(), async (ask) => {
          const objects = await settle(ask, { seed, minor });
          const nodes = new NodeAuthorizer(objects.map(read), minor);
          const rbac = rbacOfObjects(await bootstrap(ask));
          const cases = fc.sample(CASE, { seed: seed + 1, numRuns: REVIEWS }).map((each) => asFar(each, minor));
          const said = await each(cases, (one) => review(ask, one));
          let granted = 0;
          for (const [at, { user, request }] of cases.entries()) {
            const decision = nodes.authorize(user, request);
            const allowed = decision?.allowed === true || rbac.authorize(user, request).allowed;
            if (decision?.allowed === true && decision.through.length > 0) granted += 1;
            // What was written last reaches the authorizer of a busy server last: who is told otherwise asks once more.
            const answer = said[at] === allowed ? allowed : await later(ask, { user, request });
            expect([user, request, decision?.reason, allowed]).toEqual([user, request, decision?.reason, answer]);
          }
          expect(granted).toBeGreaterThan(REVIEWS / 200);
        });
      },
      240_000,
    );
  });
}

/** Reviews know field selectors since 1.32 only; before, they are not sent, and change nothing. */
function asFar({ user, request }: Case, minor: number): Case {
  if (minor >= 32) return { user, request };
  const { fields: _, ...rest } = request as NodeRequest & { fields?: unknown };
  return { user, request: rest };
}

/** Writes a random world in the place of the one before; the answer is what the server then has. */
async function settle(ask: Ask, { seed, minor }: { seed: number; minor: number }): Promise<Raw[]> {
  const lists = [
    ...SPACES.map((space) => `/api/v1/namespaces/${space}/pods`),
    '/api/v1/persistentvolumes',
    '/apis/storage.k8s.io/v1/volumeattachments',
    ...(minor >= 34 ? ['/apis/resource.k8s.io/v1/resourceslices'] : []),
  ];
  for (const path of lists) {
    const { items } = (await ask('GET', path)).json() as { items: { metadata: { name: string } }[] };
    await each(items, ({ metadata }) => ask('DELETE', `${path}/${metadata.name}?gracePeriodSeconds=0&propagationPolicy=Background`));
  }
  await waitFor('an empty cluster', async () => {
    const left = await each(lists, async (path) => ((await ask('GET', path)).json() as { items: unknown[] }).items.length);
    return left.every((count) => count === 0);
  });
  const wanted = [...podsOf(seed), ...volumesOf(seed), ...attachments(), ...(minor >= 34 ? slices() : [])];
  const made = await each(wanted, async (object) => {
    const answer = await ask('POST', pathOf(object, false), object);
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
    return { ...(answer.json() as Raw), kind: object.kind, apiVersion: object.apiVersion };
  });
  await seen(ask, seed);
  return made;
}

function podsOf(seed: number): Raw[] {
  return fc.sample(POD, { seed, numRuns: 10 }).map(({ namespace, nodeName, volumes, container, init, ...rest }, at) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: `p${at}` },
    spec: {
      ...rest,
      ...(nodeName !== undefined && { nodeName }),
      automountServiceAccountToken: false,
      volumes: volumes.map((volume, index) => ({ name: `v${index}`, ...volume })),
      containers: [{ name: 'c', image: 'i', ...container }],
      ...(init !== undefined && { initContainers: [{ name: 'i', image: 'i', ...init }] }),
    },
  }));
}

function volumesOf(seed: number): Raw[] {
  return fc.sample(PERSISTENT, { seed, numRuns: 4 }).map(({ claimRef, kind, secret }, at) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: NAMES[at] ?? `v${at}` },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      // Else a controller would give them to claims that it makes for pods.
      storageClassName: 'none',
      csi: { driver: 'd', volumeHandle: 'h', [kind]: secret },
      ...(claimRef !== undefined && { claimRef }),
    },
  }));
}

function attachments(): Raw[] {
  return NODES.map((nodeName, at) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: NAMES[at] },
    spec: { attacher: 'd', nodeName, source: { persistentVolumeName: 'x' } },
  }));
}

function slices(): Raw[] {
  return NODES.map((nodeName, at) => ({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { name: `c${at}` },
    spec: { driver: 'd.example.org', nodeName, pool: { name: nodeName, generation: 1, resourceSliceCount: 1 }, devices: [{ name: 'd' }] },
  }));
}

/** Pods and volumes reach the authorizer by watches of their own; the last ones are marks. */
async function seen(ask: Ask, seed: number): Promise<void> {
  const user = { name: 'system:node:mark', groups: ['system:nodes'] };
  const mark = `mark-${seed}`;
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'a', name: mark } };
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: mark } }];
  const spec = { nodeName: 'mark', automountServiceAccountToken: false, volumes, containers: [{ name: 'c', image: 'i' }] };
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: mark },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      csi: { driver: 'd', volumeHandle: 'h' },
      claimRef: { namespace: 'a', name: mark },
    },
  };
  const attachment = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: mark },
    spec: { attacher: 'd', nodeName: 'mark', source: { persistentVolumeName: mark } },
  };
  for (const object of [{ ...pod, spec }, volume, attachment]) {
    const { status, text } = await ask('POST', pathOf(object, false), object);
    if (status !== 201) throw new Error(`${status} ${text}`);
  }
  for (const [apiGroup, resource] of [
    ['', 'persistentvolumes'],
    ['storage.k8s.io', 'volumeattachments'],
  ] as const) {
    const request = { verb: 'get', apiGroup, resource, subresource: '', name: mark, namespace: '' };
    await waitFor('the mark', () => review(ask, { user, request }));
  }
}

async function bootstrap(ask: Ask): Promise<Raw[]> {
  const lists = await each(['ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding'], async (kind) => {
    const answer = await ask('GET', `/apis/rbac.authorization.k8s.io/v1/${kind.toLowerCase()}s`);
    return (answer.json() as { items: Raw[] }).items.map((item) => ({ ...item, kind, apiVersion: 'rbac.authorization.k8s.io/v1' }));
  });
  return lists.flat();
}

async function later(ask: Ask, one: Case): Promise<boolean> {
  await pause(5000);
  return review(ask, one);
}

async function review(ask: Ask, { user, request }: Case): Promise<boolean> {
  if ('path' in request) throw new Error('only resources are asked for');
  const { verb, apiGroup, resource, subresource, namespace, fields } = request;
  const requirements = Object.entries(fields ?? {}).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
  const answer = await ask('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: user.name,
      groups: user.groups,
      resourceAttributes: {
        verb,
        group: apiGroup,
        resource,
        subresource,
        namespace,
        name: request.name,
        ...(requirements.length > 0 && { fieldSelector: { requirements } }),
      },
    },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return (answer.json() as { status: { allowed: boolean } }).status.allowed;
}

function read(object: Raw): ApiObject {
  return toApiObject({ object, origin: { source: '', line: 1, format: 'json', prefix: [] } }, 0) as ApiObject;
}
