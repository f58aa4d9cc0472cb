/** Getting into pods that run already. */
import { account, admin, allow, namespace, node, pod, restricted } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { right } from '../right.ts';
import type { Held } from '../rights.ts';
import type { Scene } from '../scene.ts';

const EXEC = right('create pods/exec');
const EXEC_GET = right('get pods/exec');
const ATTACH = right('create pods/attach');
const ATTACH_GET = right('get pods/attach');
const EPHEMERAL = right('update,patch pods/ephemeralcontainers');
const PODS = right('update,patch pods');
const LOGS = right('get pods/log');
const DELETE = right('delete,deletecollection pods');
const EVICT = right('create pods/eviction');
const NODES = right('update,patch nodes');
const NODE_STATUS = right('update,patch nodes/status');
const BINDING = right('create pods/binding');

/** From here on a connection is asked for as a create as well. */
const CREATE_SINCE = 35;

const PRIVILEGED_DEBUG = {
  spec: { containers: [], ephemeralContainers: [{ name: 'd', image: 'i', securityContext: { privileged: true } }] },
};

export const family = defineFamily({
  edges: {
    POD_EXEC: {
      says: 'run commands in running containers',
      mitigation: 'Do not grant pods/exec where strong accounts run.',
      versions: 'below 1.35 get is enough',
    },
    POD_ATTACH: {
      says: 'attach to a process that reads its input',
      mitigation: 'Do not grant pods/attach.',
      versions: 'below 1.35 get is enough',
    },
    EPHEMERAL_CONTAINER: {
      says: 'add a debugging container to a running pod',
      mitigation: 'Do not grant pods/ephemeralcontainers where strong accounts run.',
    },
    POD_IMAGE_PATCH: { says: 'change the image of a running pod', mitigation: 'Do not grant update or patch of pods.' },
    POD_LOG_READ: { says: 'read the logs of pods, with whatever they write there', mitigation: 'Keep credentials out of logs.' },
    POD_STEAL: {
      says: 'drive pods from the other nodes onto one that it controls',
      mitigation: 'Let no workload change nodes, and keep NodeRestriction on.',
    },
    POD_BINDING: { says: 'place a pending pod on a node of its choice', mitigation: 'Grant pods/binding to schedulers only.' },
  },
  rights: [EXEC, EXEC_GET, ATTACH, ATTACH_GET, EPHEMERAL, PODS, LOGS, DELETE, EVICT, NODES, NODE_STATUS, BINDING],
  draw(scene) {
    for (const asked of scene.minor >= CREATE_SINCE ? [EXEC] : [EXEC, EXEC_GET]) into(scene, 'POD_EXEC', asked);
    for (const asked of scene.minor >= CREATE_SINCE ? [ATTACH] : [ATTACH, ATTACH_GET]) drawAttach(scene, asked);
    into(scene, 'EPHEMERAL_CONTAINER', EPHEMERAL);
    into(scene, 'POD_IMAGE_PATCH', PODS);
    drawPrivilegedDebug(scene);
    for (const { vertex, namespace: where } of scene.held(LOGS))
      scene.step('POD_LOG_READ', vertex, scene.builder.vertex(`Credential/logs in ${where}`));
    for (const { vertex, namespace: where } of scene.held(BINDING))
      scene.step('POD_BINDING', vertex, scene.builder.vertex(`PolicyBypass/scheduling in ${where}`));
    drawStealing(scene);
  },
  examples: () => [
    {
      edge: 'POD_EXEC',
      objects: [account('a/x'), pod('a/p'), ...allow('a', 'create pods/exec')],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
    },
    {
      edge: 'POD_EXEC',
      objects: [account('a/x'), pod('a/p'), ...allow('a', 'get pods/exec')],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
      context: { minor: 34 },
    },
    {
      edge: 'POD_EXEC',
      objects: [account('a/x'), pod('a/p'), ...allow('a', 'get pods/exec')],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
      context: { minor: 35 },
      because: 'from 1.35 the server asks for create as well',
    },
    {
      edge: 'POD_EXEC',
      objects: [account('a/x'), pod('a/p'), pod('a/q'), ...allow('a', 'create pods/exec:q')],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
      because: 'the grant is for another pod',
    },
    {
      edge: 'POD_ATTACH',
      objects: [account('a/x'), pod('a/p', {}, { stdin: true }), ...allow('a', 'create pods/attach')],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
    },
    {
      edge: 'POD_ATTACH',
      objects: [account('a/x'), pod('a/p'), ...allow('a', 'create pods/attach')],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
      because: 'the process reads no input',
    },
    {
      edge: 'EPHEMERAL_CONTAINER',
      objects: [restricted('a'), account('a/x'), pod('a/p'), ...allow('a', 'patch pods/ephemeralcontainers')],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
    },
    {
      edge: 'EPHEMERAL_CONTAINER',
      objects: [namespace('a'), node('n'), account('a/x'), pod('a/p'), ...allow('a', 'patch pods/ephemeralcontainers')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
    },
    {
      edge: 'EPHEMERAL_CONTAINER',
      objects: [restricted('a'), node('n'), account('a/x'), pod('a/p'), ...allow('a', 'patch pods/ephemeralcontainers')],
      from: 'ServiceAccount/a/x',
      to: 'Node/n',
      because: 'Pod Security looks at debugging containers too',
    },
    {
      edge: 'POD_IMAGE_PATCH',
      objects: [
        account('a/x'),
        account('a/s'),
        ...admin('a/s'),
        pod('a/p', { serviceAccountName: 's', automountServiceAccountToken: true }),
        ...allow('a', 'patch pods'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'POD_IMAGE_PATCH',
      objects: [account('a/x'), pod('a/p'), ...allow('a', 'patch pods/status')],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
      because: 'the status holds no image that runs',
    },
    {
      edge: 'POD_LOG_READ',
      objects: [account('a/x'), pod('a/p'), ...allow('a', 'get pods/log')],
      from: 'ServiceAccount/a/x',
      to: 'Credential/logs in a',
    },
    {
      edge: 'POD_LOG_READ',
      objects: [account('a/x'), pod('a/p'), ...allow('a', 'get pods')],
      from: 'ServiceAccount/a/x',
      to: 'Credential/logs in a',
      because: 'logs are a resource of their own',
    },
    {
      edge: 'POD_STEAL',
      objects: stealing('delete pods', 'patch nodes'),
      from: 'Container/b/q/c',
      to: 'ServiceAccount/a/s',
      context: { minor: 34 },
    },
    {
      edge: 'POD_STEAL',
      objects: stealing('delete pods'),
      from: 'Container/b/q/c',
      to: 'ServiceAccount/a/s',
      because: 'the pod comes back where it was, as the other nodes still take it',
    },
    {
      edge: 'POD_BINDING',
      objects: [account('a/x'), ...allow('a', 'create pods/binding')],
      from: 'ServiceAccount/a/x',
      to: 'PolicyBypass/scheduling in a',
    },
    {
      edge: 'POD_BINDING',
      objects: [account('a/x'), ...allow('a', 'create pods/eviction')],
      from: 'ServiceAccount/a/x',
      to: 'PolicyBypass/scheduling in a',
      because: 'evicting places nothing',
    },
  ],
});

function into(scene: Scene, edge: string, asked: typeof EXEC): void {
  for (const held of scene.held(asked)) {
    if (held.name === undefined) scene.step(edge, held.vertex, scene.allContainers(held.namespace));
    else for (const vertex of containersOf(scene, held)) scene.step(edge, held.vertex, vertex);
  }
}

/** Of the pod that a grant names. */
function containersOf(scene: Scene, { namespace: where, name = '' }: Held): number[] {
  const { workload } = scene.placement.podNamed(where, name) ?? {};
  return workload?.containers.map((container) => scene.unitVertex(workload, container.name)) ?? [];
}

function drawAttach(scene: Scene, asked: typeof ATTACH): void {
  for (const held of scene.held(asked)) {
    const units = scene.unitsIn(held.namespace).filter(({ container }) => container.spec.stdin === true || container.spec.tty === true);
    const named = held.name === undefined ? undefined : new Set(containersOf(scene, held));
    for (const { vertex, container } of units) {
      if (named === undefined || named.has(vertex))
        scene.step(
          { edge: 'POD_ATTACH', where: { object: container.workload.object, path: `${container.path}.stdin` } },
          held.vertex,
          vertex,
        );
    }
  }
}

function drawPrivilegedDebug(scene: Scene): void {
  for (const { vertex, namespace: where, name } of scene.held(EPHEMERAL)) {
    if (name !== undefined || !scene.admits(where, PRIVILEGED_DEBUG) || scene.podAdmission.refusesContainers(where)) continue;
    const nodes = scene.hub(`nodes of the pods in ${where}`, (hub) => {
      for (const unit of scene.unitsIn(where)) if (unit.container.type !== 'init') scene.link(hub, scene.where(unit, 'Node'));
    });
    scene.step('EPHEMERAL_CONTAINER', vertex, nodes);
  }
}

/** Whoever has a node, drives pods away from the others, and keeps those from taking them back, gets the tokens of all pods. */
function drawStealing(scene: Scene): void {
  const cordon = [NODES, NODE_STATUS].flatMap((asked) => scene.rights.in(asked, '') ?? []);
  if (cordon.length === 0) return;
  const shut = scene.hub('make other nodes refuse pods', (hub) => {
    for (const vertex of cordon) scene.link(vertex, hub);
  });
  for (const { vertex, namespace: where, name } of [...scene.held(DELETE), ...scene.held(EVICT)]) {
    if (name !== undefined) continue;
    const accounts = scene.hub(`accounts of the pods in ${where}`, (hub) => {
      for (const { workload } of scene.placement.podsIn(where)) scene.link(hub, scene.account(where, workload.serviceAccount));
    });
    scene.maybe('POD_STEAL', 'placement-possible', { needs: [vertex, shut, scene.builder.vertex('Node/*')], gives: accounts });
  }
}

function stealing(...rights: readonly string[]): Readonly<Record<string, unknown>>[] {
  const bindings = rights.flatMap((each) => [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: each.replaceAll(/\W/g, '-') },
      rules: [{ verbs: [each.split(' ')[0]], apiGroups: [''], resources: [each.split(' ')[1]] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: each.replaceAll(/\W/g, '-') },
      roleRef: { kind: 'ClusterRole', name: each.replaceAll(/\W/g, '-') },
      subjects: [{ kind: 'ServiceAccount', namespace: 'b', name: 'y' }],
    },
  ]);
  return [
    node('n'),
    node('m'),
    account('a/s'),
    account('b/y'),
    pod('a/p', { serviceAccountName: 's', nodeName: 'm' }),
    pod('b/q', { serviceAccountName: 'y', automountServiceAccountToken: true }, { securityContext: { privileged: true } }),
    ...bindings,
  ];
}
