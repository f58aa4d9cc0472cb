/** Small worlds on a server: writing one, waiting until it is in force, and reading it back as the graph is to see it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { PlainObject } from '../../../src/graph/family.ts';
import { account, namespace } from '../../../src/graph/example-objects.ts';
import type { TestCluster } from '../test-cluster.ts';
import { waitFor } from '../wait.ts';
import { pathOf } from './api-paths.ts';
import type { Place, Way } from './way.ts';

type Written = PlainObject & { kind: string; metadata: { namespace?: string; name: string } };

/** What others need comes first: pods are made when their account, Secrets and volumes are there. */
const ORDER = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];
const LAST = ['Deployment', 'Pod'];

export async function buildWorld(cluster: TestCluster, place: Place, { world, kept }: Pick<Way, 'world' | 'kept'>): Promise<PlainObject[]> {
  const { ns, x } = place;
  const given = world(place) as readonly Written[];
  const isThere = (kind: string, name: string): boolean =>
    given.some((object) => object.kind === kind && `${object.metadata.namespace ?? ''}/${object.metadata.name}` === name);
  const objects = [
    ...(isThere('Namespace', `/${ns}`) ? [] : [namespace(ns) as Written]),
    ...(isThere('ServiceAccount', x) ? [] : [account(x) as Written]),
    ...given,
  ].toSorted((a, b) => rank(a) - rank(b));
  const namespaces = [...new Set(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name))];
  let accounts = false;
  for (const object of objects) {
    // The controller makes the account that pods have where they name none.
    if (!accounts && LAST.includes(object.kind)) {
      await Promise.all(
        namespaces.map((name) =>
          waitFor('default account', async () => isFound(cluster, `/api/v1/namespaces/${name}/serviceaccounts/default`)),
        ),
      );
      accounts = true;
    }
    await write(cluster, object);
  }
  const later = (await kept?.(cluster, place)) as readonly Written[] | undefined;
  for (const object of later ?? []) await write(cluster, object);
  await inForce(cluster, ns);
  await Promise.all(objects.filter(isPlaced).map((pod) => running(cluster, pod)));
  // The keeper of policies tells nobody when it has seen one.
  if (cluster.machines.length > 0 && objects.some(({ kind }) => kind === 'NetworkPolicy')) await pause(2000);
  // By it the graph knows which certificates the server takes.
  const authority = later === undefined ? [] : [await authorityIn(cluster, ns)];
  return [...(await readBack(cluster, [...objects, ...(later ?? [])], namespaces)), ...authority];
}

function authorityIn(cluster: TestCluster, ns: string): Promise<PlainObject> {
  return waitFor('authority of the cluster', async () => {
    const answer = await cluster.request('GET', `/api/v1/namespaces/${ns}/configmaps/kube-root-ca.crt`);
    return answer.status === 200 ? (answer.json() as PlainObject) : undefined;
  });
}

function rank({ kind }: Written): number {
  const last = LAST.indexOf(kind);
  const first = ORDER.indexOf(kind);
  return last >= 0 ? ORDER.length + 1 + last : first >= 0 ? first : ORDER.length;
}

async function write(cluster: TestCluster, object: Written): Promise<void> {
  const answer = await cluster.request('POST', pathOf(object, false), { body: object });
  if (answer.status !== 201) throw new Error(`${object.kind} ${object.metadata.name}: ${answer.status} ${answer.text}`);
}

async function isFound(cluster: TestCluster, path: string): Promise<boolean> {
  return (await cluster.request('GET', path)).status === 200;
}

/** Roles and bindings reach the authorizer by watches of their own; what was written last is seen last. */
async function inForce(cluster: TestCluster, ns: string): Promise<void> {
  const group = 'rbac.authorization.k8s.io';
  const rules = [{ verbs: ['get'], apiGroups: ['mark'], resources: ['marks'] }];
  for (const [kind, home] of [
    ['Role', { namespace: ns }],
    ['ClusterRole', {}],
  ] as const) {
    const name = `mark-${kind.toLowerCase()}-${ns}`;
    const made = { apiVersion: `${group}/v1`, metadata: { ...home, name } };
    await write(cluster, { ...made, kind, rules });
    const subjects = [{ apiGroup: group, kind: 'User', name }];
    await write(cluster, { ...made, kind: `${kind}Binding`, roleRef: { apiGroup: group, kind, name }, subjects });
    const resourceAttributes = { verb: 'get', group: 'mark', resource: 'marks', ...home };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user: name, resourceAttributes } };
    await waitFor('world to be in force', async () => {
      const answer = await cluster.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { body });
      return (answer.json() as { status?: { allowed?: boolean } }).status?.allowed;
    });
  }
}

/** A pod that some scheduler of the cluster puts somewhere, or that was put there. */
function isPlaced({ kind, spec }: Written): boolean {
  return kind === 'Pod' && (spec as { nodeName?: string }).nodeName !== undefined;
}

async function running(cluster: TestCluster, pod: Written): Promise<void> {
  if (cluster.machines.length === 0) return;
  await waitFor(`pod ${pod.metadata.name}`, async () => {
    const { status } = (await cluster.request('GET', pathOf(pod, true))).json() as {
      status?: { conditions?: { type: string; status: string }[] };
    };
    return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
  });
}

/** Objects as the server stored them, with what it made itself: pods of controllers, accounts, nodes. */
async function readBack(cluster: TestCluster, objects: readonly Written[], namespaces: readonly string[]): Promise<PlainObject[]> {
  const read = await Promise.all(
    objects
      .filter(({ kind }) => kind !== 'Pod' && kind !== 'ServiceAccount')
      .map(async (object) => (await cluster.request('GET', pathOf(object, true))).json() as PlainObject),
  );
  const lists = await Promise.all(
    [
      '/api/v1/nodes',
      ...namespaces.flatMap((name) => [`/api/v1/namespaces/${name}/pods`, `/api/v1/namespaces/${name}/serviceaccounts`]),
    ].map(async (path) => listed((await cluster.request('GET', path)).json())),
  );
  return [...read, ...lists.flat()];
}

/** Items of a list leave out what the list says for all. */
function listed(answer: unknown): PlainObject[] {
  const { kind, apiVersion, items } = answer as { kind: string; apiVersion: string; items: PlainObject[] };
  return items.map((item) => ({ ...item, kind: kind.replace(/List$/, ''), apiVersion }));
}
