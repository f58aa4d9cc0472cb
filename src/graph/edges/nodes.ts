/** What a node gives to whoever is root on it, and what its kubelet answers. */
import { type Workload, automountsToken } from '../../model/index.ts';
import { type Binding, NODES } from '../../engines/rbac/index.ts';
import {
  account,
  admin,
  allow,
  allowEverywhere,
  binding,
  controlPlane,
  deployment,
  namespace,
  node,
  pod,
  restricted,
  secret,
} from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { isControlPlane } from '../network.ts';
import type { Spots } from '../placement.ts';
import { right } from '../right.ts';
import { KubeletReads } from '../kubelet-reads.ts';
import { CONTROL_PLANE, type Scene } from '../scene.ts';
import { projectsToken, shadowsToken } from './mounted-token.ts';

const PROXY = right('get nodes/proxy');
const PROXY_CREATE = right('create nodes/proxy');
const LOG = right('get nodes/log');
const CHECKPOINT = right('create nodes/checkpoint');
const NODE_WRITE = right('update,patch nodes');
const NODE_STATUS = right('update,patch nodes/status');

/** From here on a kubelet gets tokens only for audiences that volumes of its pod name (ServiceAccountNodeAudienceRestriction). */
const AUDIENCES_SINCE = 33;

const CLAIM = { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] };
const TOKEN = { serviceAccountName: 's', automountServiceAccountToken: true };

export const family = defineFamily({
  edges: {
    NODE_TO_POD: { says: 'enter every container that runs on it', mitigation: 'Keep strong workloads on nodes of their own.' },
    NODE_TO_TOKENS: { says: 'read the tokens of the pods on it', mitigation: 'Keep strong workloads on nodes of their own.' },
    NODE_KUBELET_CERT: { says: "use the kubelet's certificate", mitigation: 'Replace the node; the certificate is good until it expires.' },
    NODE_IDENTITY_SECRETS: {
      says: 'read, as the kubelet, the Secrets of its pods and make tokens of their accounts',
      mitigation: 'Keep strong workloads on nodes of their own.',
      versions: 'from 1.33 on tokens only where a pod has one',
    },
    NODE_IDENTITY_UNRESTRICTED: {
      says: 'use more than a node should, since its group is bound to system:node',
      mitigation: 'Take the subjects out of the ClusterRoleBinding system:node; the Node authorizer does without it.',
    },
    CONTROL_PLANE_NODE: { says: "take the cluster's keys from it", mitigation: 'Run nothing on nodes of the control plane.' },
    NODES_PROXY: {
      says: 'run commands in any container through the kubelet',
      mitigation: 'Grant nodes/metrics, nodes/stats, nodes/pods or nodes/healthz instead of nodes/proxy.',
    },
    NODES_LOG: {
      says: 'read /var/log of any node through the kubelet',
      mitigation: 'Do not grant nodes/log, or set enableSystemLogHandler: false.',
    },
    NODES_CHECKPOINT: { says: 'write the memory of a container to a file', mitigation: 'Do not grant nodes/checkpoint.' },
    NODE_SPOOF_STATUS: { says: 'change the addresses or labels of nodes', mitigation: 'Let no workload change nodes.' },
  },
  rights: [PROXY, PROXY_CREATE, LOG, CHECKPOINT, NODE_WRITE, NODE_STATUS],
  draw(scene) {
    const unrestricted = bindingOfNodes(scene);
    for (const name of scene.placement.nodes) drawNode(scene, name, unrestricted);
    for (const object of scene.tables.Node.all) {
      if (!isControlPlane(object.labels)) continue;
      scene.step(
        { edge: 'CONTROL_PLANE_NODE', where: { object, path: 'metadata.labels' } },
        scene.node(object.name),
        scene.builder.vertex('ClusterAdmin'),
      );
      scene.link(scene.onNode(object.name, 'ControlPlaneFiles'), scene.builder.vertex('ClusterAdmin'));
    }
    if (scene.mayHaveControlPlane) {
      const admin = scene.builder.vertex('ClusterAdmin');
      scene.step('CONTROL_PLANE_NODE', scene.node(CONTROL_PLANE), admin);
      scene.link(scene.onNode(CONTROL_PLANE, 'ControlPlaneFiles'), admin);
    }
    drawPods(scene);
    drawTemplates(scene);
    drawPossible(scene);
    drawKubelet(scene);
  },
  examples: () => [
    { edge: 'NODE_TO_POD', objects: [node('n'), pod('a/p')], from: 'Node/n', to: 'Container/a/p/c' },
    {
      edge: 'NODE_TO_POD',
      objects: [node('n'), node('m'), pod('a/p')],
      from: 'Node/m',
      to: 'Container/a/p/c',
      because: 'the pod runs elsewhere',
    },
    { edge: 'NODE_TO_TOKENS', objects: [node('n'), account('a/s'), pod('a/p', TOKEN)], from: 'Node/n', to: 'ServiceAccount/a/s' },
    {
      edge: 'NODE_TO_TOKENS',
      objects: [node('n'), account('a/s'), pod('a/p', { serviceAccountName: 's' })],
      from: 'Node/n',
      to: 'ServiceAccount/a/s',
      because: 'no token is mounted',
    },
    {
      edge: 'NODE_TO_TOKENS',
      objects: [node('n'), account('a/s'), deployment('a/p', TOKEN)],
      from: 'Node/n',
      to: 'ServiceAccount/a/s',
    },
    {
      edge: 'NODE_TO_TOKENS',
      objects: [node('n'), account('a/s'), deployment('a/p', { ...TOKEN, nodeSelector: { disk: 'ssd' } })],
      from: 'Node/n',
      to: 'ServiceAccount/a/s',
      because: 'no pod of the workload can come to run there',
    },
    { edge: 'NODE_KUBELET_CERT', objects: [node('n'), pod('a/p')], from: 'Node/n', to: 'Group/system:nodes' },
    {
      edge: 'NODE_KUBELET_CERT',
      objects: [node('n'), pod('a/p')],
      from: 'Container/a/p/c',
      to: 'Group/system:nodes',
      because: 'a plain container does not see it',
    },
    {
      edge: 'NODE_IDENTITY_SECRETS',
      objects: [node('n'), secret('a/pull'), pod('a/p', { imagePullSecrets: [{ name: 'pull' }] })],
      from: 'Node/n',
      to: 'Secret/a/pull',
    },
    {
      edge: 'NODE_IDENTITY_SECRETS',
      objects: [node('n'), secret('a/other'), pod('a/p')],
      from: 'Node/n',
      to: 'Secret/a/other',
      because: 'a kubelet reads only what its pods refer to',
    },
    {
      edge: 'NODE_IDENTITY_SECRETS',
      objects: [node('n'), account('a/s'), pod('a/p', { serviceAccountName: 's' })],
      from: 'NodeIdentity/n',
      to: 'ServiceAccount/a/s',
      context: { minor: 32 },
    },
    {
      edge: 'NODE_IDENTITY_SECRETS',
      objects: [node('n'), account('a/s'), pod('a/p', { serviceAccountName: 's' })],
      from: 'NodeIdentity/n',
      to: 'ServiceAccount/a/s',
      context: { minor: 33 },
      because: 'from 1.33 on a kubelet makes only tokens that its pods have',
    },
    {
      edge: 'NODE_IDENTITY_SECRETS',
      objects: [node('n'), secret('csi/stage'), pod('a/p', CLAIM), volume('nodeStageSecretRef')],
      from: 'NodeIdentity/n',
      to: 'Secret/csi/stage',
    },
    {
      edge: 'NODE_IDENTITY_SECRETS',
      objects: [node('n'), secret('csi/stage'), pod('a/p', CLAIM), volume('controllerPublishSecretRef')],
      from: 'NodeIdentity/n',
      to: 'Secret/csi/stage',
      because: 'that Secret of the volume is for its controller, not for kubelets',
    },
    {
      edge: 'NODE_IDENTITY_UNRESTRICTED',
      objects: [node('n'), secret('a/s'), ...systemNode('Group/system:nodes')],
      from: 'Node/n',
      to: 'Secret/a/s',
    },
    {
      edge: 'NODE_IDENTITY_UNRESTRICTED',
      objects: [node('n'), secret('a/s'), ...systemNode('User/ann')],
      from: 'Node/n',
      to: 'Secret/a/s',
      because: 'it is bound to somebody else',
    },
    { edge: 'CONTROL_PLANE_NODE', objects: [controlPlane('n')], from: 'Node/n', to: 'ClusterAdmin' },
    {
      edge: 'CONTROL_PLANE_NODE',
      objects: [node('n')],
      from: 'Node/n',
      to: 'ClusterAdmin',
      because: 'a worker has no keys of the cluster',
    },
    {
      edge: 'CONTROL_PLANE_NODE',
      objects: [node('n'), namespace('a'), account('a/x'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      context: { assumeSystem: true },
    },
    {
      edge: 'CONTROL_PLANE_NODE',
      objects: [restricted('a'), account('a/x'), ...allow('a', 'create pods')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      context: { assumeSystem: true },
      because: 'Pod Security lets no privileged pod run, on whatever node',
    },
    {
      edge: 'NODES_PROXY',
      objects: [node('n'), account('a/x'), pod('b/p'), ...allowEverywhere('get nodes/proxy')],
      from: 'ServiceAccount/a/x',
      to: 'Container/b/p/c',
    },
    {
      edge: 'NODES_PROXY',
      objects: [node('n'), account('a/x'), pod('b/p'), ...allowEverywhere('get nodes/metrics')],
      from: 'ServiceAccount/a/x',
      to: 'Container/b/p/c',
      because: 'metrics run nothing',
    },
    {
      edge: 'NODES_PROXY',
      objects: [node('n'), account('a/x'), pod('b/p'), ...allow('b', 'get nodes/proxy')],
      from: 'ServiceAccount/a/x',
      to: 'Container/b/p/c',
      because: 'nodes lie in no namespace, so a RoleBinding grants nothing',
    },
    {
      edge: 'NODES_LOG',
      objects: [node('n'), account('a/x'), ...allowEverywhere('get nodes/log')],
      from: 'ServiceAccount/a/x',
      to: 'NodeFiles/n',
    },
    {
      edge: 'NODES_LOG',
      objects: [node('n'), account('a/x'), ...allowEverywhere('get nodes/stats')],
      from: 'ServiceAccount/a/x',
      to: 'NodeFiles/n',
      because: 'statistics are no files',
    },
    {
      edge: 'NODES_CHECKPOINT',
      objects: [node('n'), account('a/x'), ...allowEverywhere('create nodes/checkpoint')],
      from: 'ServiceAccount/a/x',
      to: 'ContainerMemory',
    },
    {
      edge: 'NODES_CHECKPOINT',
      objects: [node('n'), account('a/x'), ...allowEverywhere('get nodes/checkpoint')],
      from: 'ServiceAccount/a/x',
      to: 'ContainerMemory',
      because: 'a checkpoint is made, not read',
    },
    {
      edge: 'NODE_SPOOF_STATUS',
      objects: [node('n'), account('a/x'), ...allowEverywhere('patch nodes/status')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/nodes',
    },
    {
      edge: 'NODE_SPOOF_STATUS',
      objects: [node('n'), account('a/x'), ...admin('User/ann'), ...allowEverywhere('get nodes')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/nodes',
      because: 'reading changes nothing',
    },
  ],
});

/** The kubelet's identity is that of its certificate, which a name alone does not make. */
function drawNode(scene: Scene, name: string, unrestricted: Binding | undefined): void {
  const identity = scene.onNode(name, 'NodeIdentity');
  const object = scene.tables.Node.get('', name);
  const where = object === undefined ? undefined : { object, path: 'metadata.name' };
  scene.step({ edge: 'NODE_KUBELET_CERT', where }, scene.node(name), identity);
  scene.link(identity, scene.user(`system:node:${name}`));
  scene.link(identity, scene.group(NODES));
  if (unrestricted !== undefined) {
    scene.step(
      { edge: 'NODE_IDENTITY_UNRESTRICTED', where: { object: unrestricted.object, path: 'subjects' } },
      [identity, scene.rights.bindingVertex(unrestricted)],
      scene.builder.vertex('AllSecrets'),
    );
  }
}

/** By which all nodes may read what is of others too, as before there was an authorizer of their own. */
function bindingOfNodes({ rbac }: Scene): Binding | undefined {
  return rbac.bindings.find(
    ({ object, roleRef, subjects }) =>
      object.kind === 'ClusterRoleBinding' &&
      roleRef === 'ClusterRole/system:node' &&
      subjects.some(({ subject }) => subject.kind === 'Group' && subject.name === NODES),
  );
}

/** A pod as root on its node sees it: what it holds, by the step that gives it. */
interface Held {
  /** `file` is what lies in the kubelet's folder, which is read without being root on the node. */
  readonly by: (typeof STEPS)[number]['edge'] | 'file';
  readonly gives: number;
}

/** The steps from a node, and where each begins. */
const STEPS = [
  { edge: 'NODE_TO_POD', from: 'Node' },
  { edge: 'NODE_TO_TOKENS', from: 'Node' },
  { edge: 'NODE_IDENTITY_SECRETS', from: 'NodeIdentity' },
] as const;

interface Placed {
  readonly workload: Workload;
  readonly root: Workload;
}

function drawPods(scene: Scene): void {
  const drawn = new Set<string>();
  for (const { workload, root, node: name } of scene.placement.pods) {
    if (name === '') continue;
    // Replicas of a workload on one node are alike.
    const key = root === workload ? '' : `${name} ${root.object.id} ${workload.serviceAccount}`;
    if (drawn.has(key)) continue;
    if (key !== '') drawn.add(key);
    drawPod(scene, { workload, root }, { name, path: 'spec.nodeName' });
  }
}

/** DaemonSets of files, whose pods are on every node that takes them. */
function drawTemplates(scene: Scene): void {
  const { placement } = scene;
  for (const placed of templatesOf(scene)) {
    if (!placement.runsByTemplate(placed.root) || placement.isRunning(placed.root)) continue;
    for (const name of placement.nodesOf(placed.root).nodes) drawPod(scene, placed, { name, path: placed.workload.podPath });
  }
}

function drawPod(scene: Scene, placed: Placed, { name, path }: { name: string; path: string }): void {
  const where = { object: placed.workload.object, path };
  const from = { Node: scene.node(name), NodeIdentity: scene.onNode(name, 'NodeIdentity') };
  const tokens = scene.onNode(name, 'PodTokens');
  for (const { by, gives } of heldBy(scene, placed)) {
    const step = STEPS.find(({ edge }) => edge === by);
    if (step === undefined) scene.link(tokens, gives, { where, klass: 'placement-now' });
    else scene.maybe(step.edge, 'placement-now', { needs: from[step.from], gives, where });
  }
}

/** Pods that may come to run on a node. What all of those hold that may run on the same nodes is drawn once. */
function drawPossible(scene: Scene): void {
  for (const placed of templatesOf(scene)) {
    const spots = scene.placement.spotsOf(placed.root);
    if (spots === undefined) continue;
    const where = { object: placed.workload.object, path: placed.workload.podPath };
    for (const { by, gives } of heldBy(scene, placed)) scene.link(possibly(scene, spots, by), gives, { where });
  }
}

function possibly(scene: Scene, { id, nodes }: Spots, by: Held['by']): number {
  return scene.hub(`${by} of what may run on nodes of group ${id}`, (hub) => {
    const step = STEPS.find(({ edge }) => edge === by);
    for (const name of nodes) {
      if (step === undefined) scene.link(scene.onNode(name, 'PodTokens'), hub, { klass: 'placement-possible' });
      else scene.maybe(step.edge, 'placement-possible', { needs: scene.onNode(name, step.from), gives: hub });
    }
  });
}

/** Each template that can run, and pods that are of none, once. */
function templatesOf({ units }: Scene): Placed[] {
  return [...new Map(units.map(({ container: { workload }, root }) => [workload, { workload, root }])).values()];
}

function heldBy(scene: Scene, { workload, root }: Placed): Held[] {
  const held: Held[] = workload.containers.map(({ name }) => ({ by: 'NODE_TO_POD', gives: scene.unitVertex(root, name) }));
  const account = scene.account(workload.namespace, workload.serviceAccount);
  const holder = scene.tables.ServiceAccount.get(workload.namespace, workload.serviceAccount);
  const hasToken = (automountsToken(workload.pod, holder) && !workload.containers.every(shadowsToken)) || projectsToken(workload.pod);
  if (hasToken) held.push({ by: 'NODE_TO_TOKENS', gives: account }, { by: 'file', gives: account });
  if (hasToken || scene.minor < AUDIENCES_SINCE) held.push({ by: 'NODE_IDENTITY_SECRETS', gives: account });
  for (const { kind, namespace, name } of readsOf(scene).of(workload)) {
    if (kind !== 'Secret') continue;
    const secret = scene.secret(namespace, name);
    held.push({ by: 'NODE_IDENTITY_SECRETS', gives: secret });
    if (namespace === workload.namespace && isMounted(workload, name)) held.push({ by: 'file', gives: secret });
  }
  return held;
}

const READS = new WeakMap<Scene, KubeletReads>();

function readsOf(scene: Scene): KubeletReads {
  let reads = READS.get(scene);
  if (reads === undefined) READS.set(scene, (reads = new KubeletReads(scene.tables)));
  return reads;
}

/** Whether a Secret lies in the kubelet's folder: what is only pulled with, or in variables, does not. */
function isMounted(
  {
    pod: spec,
  }: {
    pod: { volumes?: readonly { secret?: { secretName?: string }; projected?: { sources?: readonly { secret?: { name?: string } }[] } }[] };
  },
  name: string,
): boolean {
  return (spec.volumes ?? []).some(
    ({ secret: asked, projected }) =>
      asked?.secretName === name || (projected?.sources ?? []).some((source) => source.secret?.name === name),
  );
}

/** The kubelet's API, by way of the API server: without names it is that of every node. */
function drawKubelet(scene: Scene): void {
  for (const { vertex, name } of [...scene.held(PROXY), ...scene.held(PROXY_CREATE)]) {
    if (name === undefined) for (const where of scene.namespaces) scene.step('NODES_PROXY', vertex, scene.allContainers(where));
    else
      for (const { root, workload, node: at } of scene.placement.pods)
        if (at === name)
          for (const container of workload.containers)
            scene.maybe('NODES_PROXY', 'placement-now', { needs: vertex, gives: scene.unitVertex(root, container.name) });
  }
  for (const { vertex, name } of scene.held(LOG))
    scene.step('NODES_LOG', vertex, name === undefined ? scene.allNodeFiles() : scene.onNode(name, 'NodeFiles'));
  for (const { vertex } of [...scene.held(CHECKPOINT), ...scene.held(PROXY_CREATE)])
    scene.step('NODES_CHECKPOINT', vertex, scene.builder.vertex('ContainerMemory'));
  for (const { vertex } of [...scene.held(NODE_WRITE), ...scene.held(NODE_STATUS)])
    scene.step('NODE_SPOOF_STATUS', vertex, scene.builder.vertex('TrafficIntercept/nodes'));
}

function volume(field: string): Readonly<Record<string, unknown>> {
  const spec = { claimRef: { namespace: 'a', name: 'data' }, csi: { [field]: { namespace: 'csi', name: 'stage' } } };
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv' }, spec };
}

function systemNode(who: string): Readonly<Record<string, unknown>>[] {
  return [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'system:node' }, rules: [] },
    binding('ClusterRoleBinding', { name: 'system:node' }, { role: { kind: 'ClusterRole', name: 'system:node' }, who }),
  ];
}
