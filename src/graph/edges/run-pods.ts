/** Running pods: as any account of the namespace, with any of its Secrets, and as privileged as admission lets them be. */
import {
  account,
  allow,
  allowEverywhere,
  controlPlane,
  deployment,
  namespace,
  node,
  restricted,
  secret,
  strong,
} from '../example-objects.ts';
import type { Where } from '../drawing.ts';
import { defineFamily } from '../family.ts';
import { foldersOfNodes } from '../host-volumes.ts';
import type { By, PodVerdict } from '../pod-admission.ts';
import { right } from '../right.ts';
import { ANYWHERE } from '../right-entries.ts';
import type { Scene } from '../scene.ts';

const PODS = right('create pods');
const CREATE = [
  'create deployments',
  'create daemonsets',
  'create statefulsets',
  'create replicasets',
  'create jobs',
  'create cronjobs',
  'create replicationcontrollers',
].map(right);
const PATCH = [
  ['Deployment', 'deployments'],
  ['DaemonSet', 'daemonsets'],
  ['StatefulSet', 'statefulsets'],
  ['ReplicaSet', 'replicasets'],
  ['CronJob', 'cronjobs'],
  ['ReplicationController', 'replicationcontrollers'],
  ['Job', 'jobs'],
] as const;
const WRITES = PATCH.map(([kind, resource]) => ({ kind, asked: right(`update,patch ${resource}`) }));
/** The API server keeps labels that come by way of a subresource, and admission looks at none of these. */
const RELABEL = ['update,patch namespaces', 'update,patch namespaces/status', 'update namespaces/finalize'].map(right);
const NEW_NAMESPACE = right('create namespaces');
const NEW_VOLUME = right('create persistentvolumes');
const USE_SCC = right('use securitycontextconstraints');

/** A pod that is root on its node in the plainest way. */
const PRIVILEGED = { spec: { containers: [{ name: 'c', image: 'i', securityContext: { privileged: true } }] } };
/** One that is root inside, and nothing more. */
const ROOT = { spec: { containers: [{ name: 'c', image: 'i', securityContext: { runAsUser: 0 } }] } };

/** No namespace is called so. */
const NOT_THERE_YET = '*';

const NODE_N = node('n');
const BASELINE = { 'pod-security.kubernetes.io/enforce': 'baseline' };

export const family = defineFamily({
  edges: {
    POD_CREATE_AS_SA: { says: 'run a pod as any account of the namespace', mitigation: 'Keep strong accounts in namespaces of their own.' },
    CONTROLLER_CREATE_AS_SA: {
      says: 'create a workload that runs as any account of the namespace',
      mitigation: 'Keep strong accounts in namespaces of their own.',
    },
    CONTROLLER_PATCH_AS_SA: {
      says: 'change a workload so that it runs as any account of the namespace',
      mitigation: 'Name the workloads in resourceNames, and keep strong accounts in namespaces of their own.',
    },
    POD_CREATE_SECRET_MOUNT: {
      says: 'run a pod that mounts any Secret of the namespace',
      mitigation: 'Keep Secrets of different trust in different namespaces.',
    },
    POD_CREATE_PRIVILEGED: {
      says: 'run a privileged pod on any node',
      mitigation: 'Enforce the Pod Security level baseline or restricted on the namespace.',
    },
    NAMESPACE_RELABEL: {
      says: "change the namespace's labels, by which Pod Security is enforced",
      mitigation: 'Do not grant update or patch of the Namespace to who works in it.',
    },
    PV_HOSTPATH: {
      says: 'mount a folder of any node through a PersistentVolume, which Pod Security does not see',
      mitigation: 'Let only provisioners create PersistentVolumes.',
    },
    SCC_USE: {
      says: 'use a SecurityContextConstraints that allows privileged pods',
      mitigation: 'Bind nobody but the system to privileged constraints.',
      versions: 'OpenShift',
    },
  },
  rights: [PODS, ...CREATE, ...WRITES.map(({ asked }) => asked), ...RELABEL, NEW_NAMESPACE, NEW_VOLUME, USE_SCC],
  draw(scene) {
    drawAccounts(scene);
    for (const name of scene.namespaces) drawPods(scene, name);
    for (const asked of [PODS, ...CREATE]) {
      const everywhere = scene.rights.in(asked, ANYWHERE);
      if (everywhere !== undefined) scene.step('POD_CREATE_SECRET_MOUNT', everywhere, scene.builder.vertex('AllSecrets'));
    }
    for (const { vertex, namespace: where, name } of RELABEL.flatMap((each) => [...scene.held(each)])) {
      if (name === undefined || name === where)
        scene.step('NAMESPACE_RELABEL', vertex, scene.builder.vertex(`PolicyBypass/Pod Security in ${where}`));
    }
    drawNewNamespaces(scene);
    drawConstraints(scene);
  },
  examples: () => [
    {
      edge: 'POD_CREATE_AS_SA',
      objects: [restricted('a'), ...strong(), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'POD_CREATE_AS_SA',
      objects: [restricted('a'), ...strong('b/strong'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'pods run as accounts of their own namespace',
    },
    {
      edge: 'CONTROLLER_CREATE_AS_SA',
      objects: [restricted('a'), ...strong(), ...allow('a', 'create cronjobs')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'CONTROLLER_CREATE_AS_SA',
      objects: [restricted('a'), ...strong(), ...allow('a', 'create deployments.extensions')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'the group is not that of Deployments any more',
    },
    {
      edge: 'CONTROLLER_PATCH_AS_SA',
      objects: [restricted('a'), ...strong(), deployment('a/web'), ...allow('a', 'patch deployments:web')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'CONTROLLER_PATCH_AS_SA',
      objects: [restricted('a'), ...strong(), deployment('a/web'), ...allow('a', 'patch deployments/scale')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'scaling changes no template',
    },
    {
      edge: 'CONTROLLER_PATCH_AS_SA',
      objects: [restricted('a'), ...strong(), job('a/once'), ...allow('a', 'patch jobs')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'the template of a Job that is not suspended cannot be changed',
    },
    {
      edge: 'POD_CREATE_SECRET_MOUNT',
      objects: [restricted('a'), secret('a/db'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'Secret/a/db',
    },
    {
      edge: 'POD_CREATE_SECRET_MOUNT',
      objects: [restricted('a'), secret('b/db'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'Secret/b/db',
      because: 'pods mount Secrets of their own namespace',
    },
    {
      edge: 'POD_CREATE_PRIVILEGED',
      objects: [NODE_N, namespace('a'), account('a/x'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
    },
    {
      edge: 'POD_CREATE_PRIVILEGED',
      objects: [NODE_N, restricted('a'), account('a/x'), ...allowEverywhere('create pods', 'create namespaces')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
    },
    {
      edge: 'POD_CREATE_PRIVILEGED',
      objects: [NODE_N, restricted('a'), account('a/x'), ...allow('a', 'create pods'), ...allowEverywhere('create namespaces')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'in the namespace that is made nobody may run pods',
    },
    {
      edge: 'POD_CREATE_PRIVILEGED',
      objects: [NODE_N, restricted('a'), account('a/x'), ...allowEverywhere('create pods'), ...allow('a', 'create namespaces')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'a RoleBinding makes no namespaces',
    },
    {
      edge: 'POD_CREATE_PRIVILEGED',
      objects: [controlPlane('m'), namespace('a'), account('a/x'), ...allow('a', 'create jobs')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'POD_CREATE_PRIVILEGED',
      objects: [NODE_N, namespace('a', { 'pod-security.kubernetes.io/enforce': 'baseline' }), account('a/x'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'Pod Security refuses the pod',
    },
    {
      edge: 'NAMESPACE_RELABEL',
      objects: [NODE_N, restricted('a'), account('a/x'), ...allow('a', 'create pods', 'patch namespaces')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
    },
    ...['patch namespaces/status', 'update namespaces/finalize:a'].map((what) => ({
      edge: 'NAMESPACE_RELABEL',
      objects: [NODE_N, restricted('a'), account('a/x'), ...allow('a', 'create pods', what)],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
    })),
    {
      edge: 'NAMESPACE_RELABEL',
      objects: [NODE_N, restricted('a'), account('a/x'), ...allow('a', 'create pods', 'patch namespaces:b')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'the grant is for another namespace',
    },
    {
      edge: 'PV_HOSTPATH',
      objects: [NODE_N, restricted('a'), account('a/x'), ...allow('a', 'create pods'), ...allowEverywhere('create persistentvolumes')],
      from: 'ServiceAccount/a/x',
      to: 'NodeFiles/n',
    },
    {
      edge: 'PV_HOSTPATH',
      objects: [NODE_N, restricted('a'), account('a/x'), ...allow('a', 'create pods'), ...allowEverywhere('create persistentvolumes')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
    },
    {
      edge: 'PV_HOSTPATH',
      objects: [
        NODE_N,
        restricted('a'),
        account('a/x'),
        ...allow('a', 'create persistentvolumeclaims'),
        ...allowEverywhere('create persistentvolumes'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'no pod mounts it',
    },
    ...[claimed('/'), [volume('/var/run')]].map((volumes) => ({
      edge: 'PV_HOSTPATH',
      objects: [NODE_N, restricted('a'), account('a/x'), ...volumes, ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
    })),
    {
      edge: 'PV_HOSTPATH',
      objects: [NODE_N, namespace('a', BASELINE), account('a/x'), volume('/etc/cron.d'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
    },
    {
      edge: 'PV_HOSTPATH',
      objects: [NODE_N, restricted('a'), account('a/x'), volume('/etc/cron.d'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'the folder is closed to all but root, whom Pod Security forbids',
    },
    {
      edge: 'PV_HOSTPATH',
      objects: [NODE_N, restricted('a'), account('a/x'), volume('/data'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'the node runs nothing of the folder',
    },
    {
      edge: 'PV_HOSTPATH',
      objects: [NODE_N, restricted('a'), restricted('b'), account('a/x'), ...claimed('/', 'b'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'the volume is bound to a claim of another namespace',
    },
    {
      edge: 'PV_HOSTPATH',
      objects: [
        NODE_N,
        restricted('a'),
        account('a/x'),
        ...allow('a', 'create pods', 'create persistentvolumeclaims', 'create persistentvolumes'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NodeFiles/n',
      because: 'PersistentVolumes lie in no namespace, so a RoleBinding grants nothing',
    },
    {
      edge: 'SCC_USE',
      objects: [
        NODE_N,
        restricted('a'),
        account('a/x'),
        constraints(true),
        ...allow('a', 'create pods', 'use securitycontextconstraints:open'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
    },
    {
      edge: 'SCC_USE',
      objects: [
        NODE_N,
        restricted('a'),
        account('a/x'),
        constraints(false),
        ...allow('a', 'create pods', 'use securitycontextconstraints:open'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'the constraints allow no privileged containers',
    },
  ],
});

/** That somebody can have pods with a template of his own run in a namespace, by whatever kind. */
export function podMaker(scene: Scene, where: string): number {
  return scene.builder.vertex(`Permission/run any pod in ${where}`);
}

export const BOTH = ['somebody', 'controller'] as const;

/** The same by his own hand or by a controller's, where policies tell the two apart; else it is one. */
export function podMakerBy(scene: Scene, where: string, by: By): number {
  const [own, controlled] = BOTH.map((each) => scene.podAdmission.ofEscape(where, { by: each }));
  if (own === controlled) return podMaker(scene, where);
  return scene.builder.vertex(by === 'somebody' ? `Permission/create any pod in ${where}` : `Permission/have any pod made in ${where}`);
}

function drawAccounts(scene: Scene): void {
  for (const { vertex, namespace: where, name } of scene.held(PODS)) {
    if (name !== undefined) continue;
    scene.step('POD_CREATE_AS_SA', vertex, scene.accountsForPods(where, 'somebody'));
    makesPods(scene, { vertex, where, by: 'somebody' });
  }
  for (const { vertex, namespace: where, name } of CREATE.flatMap((each) => [...scene.held(each)])) {
    if (name !== undefined) continue;
    scene.step('CONTROLLER_CREATE_AS_SA', vertex, scene.accountsForPods(where, 'controller'));
    makesPods(scene, { vertex, where, by: 'controller' });
  }
  for (const { kind, asked } of WRITES) {
    for (const { vertex, namespace: where, name } of scene.held(asked)) {
      const changed = scene.tables[kind]
        .in(where)
        .find((object) => (name === undefined || object.name === name) && (kind !== 'Job' || isSuspended(object.body)));
      if (changed === undefined) continue;
      const accounts = scene.accountsForPods(where, 'controller');
      scene.step({ edge: 'CONTROLLER_PATCH_AS_SA', where: { object: changed, path: 'metadata.name' } }, vertex, accounts);
      makesPods(scene, { vertex, where, by: 'controller' });
    }
  }
}

function makesPods(scene: Scene, { vertex, where, by }: { vertex: number; where: string; by: By }): void {
  for (const maker of new Set([podMaker(scene, where), podMakerBy(scene, where, by)])) scene.link(vertex, maker);
}

function isSuspended(body: { spec?: unknown }): boolean {
  return (body.spec as { suspend?: boolean } | undefined)?.suspend === true;
}

function drawPods(scene: Scene, where: string): void {
  const maker = podMaker(scene, where);
  const object = scene.tables.namespaces.get(where)?.object;
  const labels = object === undefined ? undefined : { object, path: 'metadata.labels' };
  scene.step('POD_CREATE_SECRET_MOUNT', maker, scene.allSecrets(where));
  const admits = scene.admits(where, PRIVILEGED);
  const makers = new Map(BOTH.map((by) => [podMakerBy(scene, where, by), by]));
  for (const [each, by] of makers) {
    const verdict = admits ? scene.podAdmission.ofEscape(where, { by }) : 'refused';
    const refuser = scene.podAdmission.refusers(where)[0];
    if (verdict === 'passes') scene.step({ edge: 'POD_CREATE_PRIVILEGED', where: labels }, each, scene.allNodes());
    if (verdict === 'unknown')
      scene.maybe('POD_CREATE_PRIVILEGED', 'unknown', {
        needs: each,
        gives: scene.allNodes(),
        where: refuser && { object: refuser, path: 'spec' },
      });
    if (verdict !== 'passes') drawRelabelled(scene, { where, maker: each, by, labels, verdict });
  }
  drawVolumes(scene, where);
}

/** Of a namespace that somebody makes, the labels are his; the right to run pods must be one for all namespaces. */
function drawNewNamespaces(scene: Scene): void {
  const made = scene.rights.in(NEW_NAMESPACE, ANYWHERE);
  if (made === undefined) return;
  for (const asked of [PODS, ...CREATE]) {
    const pods = scene.rights.in(asked, ANYWHERE);
    if (pods === undefined) continue;
    const by = asked === PODS ? 'somebody' : 'controller';
    const verdict = scene.podAdmission.ofEscape(NOT_THERE_YET, { by, relabelled: true });
    if (verdict === 'passes') scene.step('POD_CREATE_PRIVILEGED', [made, pods], scene.allNodes());
    if (verdict === 'unknown') scene.maybe('POD_CREATE_PRIVILEGED', 'unknown', { needs: [made, pods], gives: scene.allNodes() });
  }
}

interface Relabelling {
  readonly where: string;
  readonly maker: number;
  readonly by: By;
  readonly labels: Where | undefined;
  /** Without it. */
  readonly verdict: PodVerdict;
}

/** Whoever changes the labels of the namespace is rid of Pod Security there, and of policies that choose by them. */
function drawRelabelled(scene: Scene, { where, maker, by, labels, verdict }: Relabelling): void {
  const after = scene.podAdmission.ofEscape(where, { by, relabelled: true });
  if (after === 'refused' || after === verdict) return;
  const needs = [maker, scene.builder.vertex(`PolicyBypass/Pod Security in ${where}`)];
  if (after === 'passes') scene.step({ edge: 'POD_CREATE_PRIVILEGED', where: labels }, needs, scene.allNodes());
  else scene.maybe('POD_CREATE_PRIVILEGED', 'unknown', { needs, gives: scene.allNodes(), where: labels });
}

/**
 * The strictest level forbids root and no group: whoever chooses the folder and the group 0 opens the socket of the
 * container runtime, and with it the node. A pod brings its claim itself, as a volume that goes with it, so that no right
 * to claims is asked.
 */
function drawVolumes(scene: Scene, where: string): void {
  const maker = podMaker(scene, where);
  const added = scene.rights.in(NEW_VOLUME, '');
  if (added !== undefined) {
    scene.step('PV_HOSTPATH', [added, maker], scene.allNodeFiles());
    scene.step('PV_HOSTPATH', [added, maker], scene.allNodes());
  }
  const usable = foldersOfNodes(scene).find(
    ({ needsRoot, free, claims }) => (free || claims.has(where)) && (!needsRoot || scene.admits(where, ROOT)),
  );
  if (usable !== undefined)
    scene.step({ edge: 'PV_HOSTPATH', where: { object: usable.object, path: 'spec.hostPath.path' } }, maker, scene.allNodes());
}

function drawConstraints(scene: Scene): void {
  const open = scene.cluster.objects.filter(
    ({ kind, group, body }) =>
      kind === 'SecurityContextConstraints' &&
      group === 'security.openshift.io' &&
      (body as Record<string, unknown>).allowPrivilegedContainer === true,
  );
  for (const { vertex, namespace: where, name } of scene.held(USE_SCC)) {
    const used = open.find((object) => name === undefined || object.name === name);
    if (used === undefined) continue;
    scene.step(
      { edge: 'SCC_USE', where: { object: used, path: 'allowPrivilegedContainer' } },
      [vertex, podMaker(scene, where)],
      scene.allNodes(),
    );
  }
}

function volume(path: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'v' }, spec: { hostPath: { path }, ...more } };
}

function claimed(path: string, where = 'a'): Readonly<Record<string, unknown>>[] {
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { namespace: where, name: 'c' }, spec: { volumeName: 'v' } };
  return [volume(path, { claimRef: { namespace: where, name: 'c' } }), claim];
}

function job(at: string): Readonly<Record<string, unknown>> {
  return { ...deployment(at), apiVersion: 'batch/v1', kind: 'Job' };
}

function constraints(privileged: boolean): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'security.openshift.io/v1',
    kind: 'SecurityContextConstraints',
    metadata: { name: 'open' },
    allowPrivilegedContainer: privileged,
  };
}
