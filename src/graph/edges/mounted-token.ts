/** Tokens of service accounts that lie in containers. */
import type { Container, PodSpec } from '../../model/index.ts';
import { account, admin, allow, pod, policy } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { AUDIENCES_OF_THE_API } from '../identities.ts';
import type { Scene, Unit } from '../scene.ts';

const NO_EGRESS = policy('a/closed', { podSelector: {}, policyTypes: ['Egress'], egress: [] });

export const family = defineFamily({
  edges: {
    POD_MOUNTED_TOKEN: {
      says: 'read the token that is mounted in it',
      mitigation: 'Set automountServiceAccountToken: false on the pod or the account, or take rights from the account.',
    },
    POD_PROJECTED_TOKEN: {
      says: 'read a token that a projected volume brings',
      mitigation: 'Give the token an audience other than the API server, or mount it only where it is used.',
    },
    APISERVER_REACH: {
      says: 'open a connection to the API server',
      mitigation: 'Deny pods that need no API the way to it, by a NetworkPolicy for egress.',
    },
  },
  draw(scene) {
    for (const unit of scene.units) drawUnit(scene, unit);
  },
  examples: () => [
    {
      edge: 'POD_MOUNTED_TOKEN',
      objects: [account('a/s'), ...admin('a/s'), pod('a/p', token('s'))],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
    },
    {
      edge: 'POD_MOUNTED_TOKEN',
      objects: [account('a/s'), ...admin('a/s'), pod('a/p', { serviceAccountName: 's' })],
      from: 'Container/a/p/c',
      to: 'ServiceAccount/a/s',
      because: 'the pod asks for no token, whatever the account says',
    },
    {
      edge: 'POD_MOUNTED_TOKEN',
      objects: [account('a/s'), pod('a/p', token('s')), NO_EGRESS],
      from: 'Container/a/p/c',
      to: 'ServiceAccount/a/s',
      because: 'the pod cannot talk to the API server, so its token is of no use there',
    },
    {
      edge: 'POD_MOUNTED_TOKEN',
      objects: [account('a/s'), ...admin('a/s'), { ...pod('a/p', token('s')), status: { phase: 'Succeeded' } }],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
      because: 'the pod ended, and nothing runs in it',
    },
    {
      edge: 'POD_MOUNTED_TOKEN',
      objects: [account('a/s'), ...admin('a/s'), { ...pod('a/p', token('s')), status: { phase: 'Pending' } }],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
    },
    {
      edge: 'POD_MOUNTED_TOKEN',
      objects: [account('a/s'), pod('a/p', { ...token('s'), volumes: [{ name: 'e', emptyDir: {} }] }, at(TOKEN_FOLDER))],
      from: 'Container/a/p/c',
      to: 'ServiceAccount/a/s',
      because: 'a volume lies where the token would, so that none is mounted',
    },
    {
      edge: 'POD_MOUNTED_TOKEN',
      objects: [account('a/s'), pod('a/p', { ...token('s'), volumes: [{ name: 'e', emptyDir: {} }] }, at(`${TOKEN_FOLDER}/more`))],
      from: 'Container/a/p/c',
      to: 'ServiceAccount/a/s',
    },
    {
      edge: 'POD_PROJECTED_TOKEN',
      objects: [account('a/s'), pod('a/p', ...projected(undefined))],
      from: 'Container/a/p/c',
      to: 'ServiceAccount/a/s',
    },
    {
      edge: 'POD_PROJECTED_TOKEN',
      objects: [account('a/s'), pod('a/p', ...projected('vault'))],
      from: 'Container/a/p/c',
      to: 'ServiceAccount/a/s',
      because: 'the API server takes no token for the audience vault',
    },
    {
      edge: 'APISERVER_REACH',
      objects: [
        account('a/s'),
        pod('a/p', token('s')),
        pod('a/q', token('x')),
        account('a/x'),
        ...allow('a', 'create pods/exec'),
        policy('a/closed', { podSelector: { matchLabels: { app: 'p' } }, policyTypes: ['Egress'], egress: [] }),
      ],
      from: 'Container/a/q/c',
      to: 'ServiceAccount/a/s',
    },
    {
      edge: 'APISERVER_REACH',
      objects: [pod('a/p'), NO_EGRESS],
      from: 'Container/a/p/c',
      to: 'APIServer',
      because: 'its policy lets it talk to nobody',
    },
  ],
});

function token(name: string): Record<string, unknown> {
  return { serviceAccountName: name, automountServiceAccountToken: true };
}

function at(mountPath: string): Record<string, unknown> {
  return { volumeMounts: [{ name: 'e', mountPath }] };
}

function projected(audience: string | undefined): [Record<string, unknown>, Record<string, unknown>] {
  const serviceAccountToken = { path: 'token', ...(audience !== undefined && { audience }) };
  return [
    { serviceAccountName: 's', volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken }] } }] },
    { volumeMounts: [{ name: 't', mountPath: '/t' }] },
  ];
}

/** A token is of use only where the API server can be reached: from the container itself, or from another one that is held too. */
function drawUnit(scene: Scene, unit: Unit): void {
  const { container, vertex } = unit;
  const { workload } = container;
  const reaches = scene.network.reachesApiServer(workload);
  const api = scene.builder.vertex('APIServer');
  const object = workload.object;
  if (reaches) scene.step({ edge: 'APISERVER_REACH', where: { object, path: workload.podPath } }, vertex, api);
  const needs = reaches ? vertex : [vertex, api];
  const account = scene.account(workload.namespace, workload.serviceAccount);
  // A debugging container gets nothing mounted that it does not ask for.
  if (container.type !== 'ephemeral' && scene.mountsToken(unit) && !shadowsToken(container)) {
    const path = workload.pod.serviceAccountName === undefined ? workload.podPath : `${workload.podPath}.serviceAccountName`;
    scene.step({ edge: 'POD_MOUNTED_TOKEN', where: { object, path } }, needs, account);
  }
  const path = projectedTokenOf(unit);
  if (path !== undefined) scene.step({ edge: 'POD_PROJECTED_TOKEN', where: { object, path } }, needs, account);
}

const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
/** As admission called the Secrets that it mounted before 1.22. */
const TOKEN_SECRET = /-token-[a-z0-9]{5}$/;

/** Whether a container has something else where the token would lie: admission then mounts none (plugin/pkg/admission/serviceaccount). */
export function shadowsToken({ spec, workload: { pod: whole } }: Pick<Container, 'spec' | 'workload'>): boolean {
  const mount = (spec.volumeMounts ?? []).find(({ mountPath }) => mountPath === TOKEN_FOLDER);
  if (mount === undefined) return false;
  const volumes = (whole.volumes ?? []).filter(({ name }) => name === mount.name);
  return !projectsToken({ volumes }) && !volumes.some(({ secret }) => TOKEN_SECRET.test(secret?.secretName ?? ''));
}

function projectedTokenOf({ container: { workload, spec } }: Unit): string | undefined {
  const mounted = new Set((spec.volumeMounts ?? []).map(({ name = '' }) => name));
  for (const [index, { name = '', projected: volume }] of (workload.pod.volumes ?? []).entries()) {
    if (volume === undefined || !mounted.has(name)) continue;
    const at = (volume.sources ?? []).findIndex(
      ({ serviceAccountToken: asked }) => asked !== undefined && AUDIENCES_OF_THE_API.has(asked.audience ?? ''),
    );
    if (at >= 0) return `${workload.podPath}.volumes[${index}].projected.sources[${at}].serviceAccountToken`;
  }
  return undefined;
}

/** Whether a volume of a pod brings a token that opens the API, whichever container mounts it. */
export function projectsToken({ volumes = [] }: PodSpec): boolean {
  return volumes.some(({ projected: volume }) =>
    (volume?.sources ?? []).some(({ serviceAccountToken: asked }) => asked !== undefined && AUDIENCES_OF_THE_API.has(asked.audience ?? '')),
  );
}
