/** Groups that somebody is in without being named, and what a name alone opens. */
import { parseBoolean, settingOf } from '../../engines/command-line/index.ts';
import { AUTHENTICATED, UNAUTHENTICATED, MASTERS, NODES, ANONYMOUS, SERVICE_ACCOUNTS, type Subject } from '../../engines/rbac/index.ts';
import { mapIn } from '../../lib/groups.ts';
import { apiServersIn } from '../api-servers.ts';
import { account, admin, allowTo, binding, clusterRole, factsOf, pod, secret } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import type { Where } from '../drawing.ts';
import { placeIn } from '../right-entries.ts';
import type { Scene } from '../scene.ts';

export const family = defineFamily({
  edges: {
    SA_IMPLICIT_GROUPS: {
      says: 'count as a member of the groups that every service account is in',
      mitigation: 'Bind roles to single accounts, never to system:serviceaccounts or system:authenticated.',
    },
    USER_GROUP_MEMBERSHIP: {
      says: 'count as a member of the group',
      mitigation: 'Review who is in the group where identities are managed.',
    },
    MASTERS_GROUP: {
      says: 'do everything, as system:masters is never asked for rights',
      mitigation: 'Never issue certificates with the organization system:masters; a lost one is good until the CA is replaced.',
    },
    ANONYMOUS_GRANT: {
      says: 'ask the API server without signing in',
      mitigation:
        'Take the bindings of system:anonymous and system:unauthenticated away, or allow anonymous requests for health checks only.',
    },
    SUBJECT_GRANT: {
      says: 'use what the binding grants',
      mitigation: 'Delete the binding, or take rules from its role.',
    },
    RBAC_WILDCARD: {
      says: 'do everything to everything',
      mitigation: 'Replace the wildcards by what is needed.',
    },
  },
  draw(scene) {
    drawGroups(scene);
    drawAnonymous(scene);
    scene.step('MASTERS_GROUP', scene.group(MASTERS), scene.builder.vertex('ClusterAdmin'));
  },
  examples: () => [
    {
      edge: 'SA_IMPLICIT_GROUPS',
      objects: [account('a/x'), secret('b/s'), ...allowTo('Group/system:serviceaccounts:a', 'b', 'get secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Secret/b/s',
    },
    {
      edge: 'SA_IMPLICIT_GROUPS',
      objects: [account('a/x'), secret('b/s'), ...allowTo('Group/system:serviceaccounts:b', 'b', 'get secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Secret/b/s',
      because: 'the group is that of the accounts of another namespace',
    },
    {
      edge: 'USER_GROUP_MEMBERSHIP',
      objects: [...admin('Group/system:authenticated'), ...allowTo('User/ann', 'a', 'get pods')],
      from: 'User/ann',
      to: 'ClusterAdmin',
    },
    {
      edge: 'USER_GROUP_MEMBERSHIP',
      objects: [...admin('Group/system:authenticated')],
      from: 'Group/system:unauthenticated',
      to: 'ClusterAdmin',
      because: 'who did not sign in is not in the group of those who did',
    },
    { edge: 'MASTERS_GROUP', objects: [account('a/x')], from: 'Group/system:masters', to: 'ClusterAdmin' },
    {
      edge: 'MASTERS_GROUP',
      objects: [...allowTo('Group/masters', 'a', 'get pods')],
      from: 'Group/masters',
      to: 'ClusterAdmin',
      because: 'it only sounds like it',
    },
    {
      edge: 'ANONYMOUS_GRANT',
      objects: [pod('a/p'), ...admin('Group/system:unauthenticated')],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ANONYMOUS_GRANT',
      objects: [pod('a/p'), ...admin('Group/system:unauthenticated'), apiServer('--anonymous-auth=false')],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
      because: 'the API server refuses anonymous requests',
    },
    {
      edge: 'ANONYMOUS_GRANT',
      objects: [pod('a/p'), ...admin('Group/system:unauthenticated')],
      nodes: [factsOf('n', ['kube-apiserver', '--anonymous-auth=False'])],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
      because: 'the API server that was seen on its node refuses anonymous requests',
    },
    {
      edge: 'ANONYMOUS_GRANT',
      objects: [pod('a/p'), ...admin('Group/system:unauthenticated'), apiServer('--anonymous-auth=false')],
      nodes: [factsOf('m', ['kube-apiserver', '--anonymous-auth=true'])],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
    },
    {
      edge: 'SUBJECT_GRANT',
      objects: [account('a/x'), secret('b/s'), ...allowTo('a/x', 'b', 'get secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Secret/b/s',
    },
    {
      edge: 'SUBJECT_GRANT',
      objects: [
        account('a/x'),
        secret('b/s'),
        clusterRole('r', 'get secrets'),
        binding('RoleBinding', { namespace: 'a', name: 'r' }, { role: { kind: 'ClusterRole', name: 'r' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'Secret/b/s',
      because: 'a RoleBinding grants a cluster role in its own namespace only',
    },
    { edge: 'RBAC_WILDCARD', objects: [account('a/x'), ...admin('a/x')], from: 'ServiceAccount/a/x', to: 'ClusterAdmin' },
    {
      edge: 'RBAC_WILDCARD',
      objects: [
        account('a/x'),
        binding('RoleBinding', { namespace: 'a', name: 'r' }, { role: { kind: 'ClusterRole', name: 'cluster-admin' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'a RoleBinding to cluster-admin is worth one namespace',
    },
  ],
});

function drawGroups(scene: Scene): void {
  const authenticated = scene.group(AUTHENTICATED);
  const accounts = scene.group(SERVICE_ACCOUNTS);
  scene.link(accounts, authenticated);
  scene.link(scene.group(NODES), authenticated);
  const named = whereNamed(scene);
  const drawAccount = (namespace: string, name: string, group: number): void => {
    const where = whereIs(scene, namespace, name) ?? named('ServiceAccount', namespace, name);
    scene.step({ edge: 'SA_IMPLICIT_GROUPS', where }, scene.account(namespace, name), group);
  };
  for (const namespace of scene.namespaces) {
    const group = scene.group(`${SERVICE_ACCOUNTS}:${namespace}`);
    scene.link(group, accounts);
    for (const name of scene.accountsIn(namespace)) drawAccount(namespace, name, group);
  }
  for (const { kind, namespace, name } of scene.strangers) {
    if (kind === 'ServiceAccount') {
      const group = scene.group(`${SERVICE_ACCOUNTS}:${namespace}`);
      scene.link(group, accounts);
      drawAccount(namespace, name, group);
    }
    if (kind === 'User') {
      const group = name === ANONYMOUS ? UNAUTHENTICATED : AUTHENTICATED;
      scene.step({ edge: 'USER_GROUP_MEMBERSHIP', where: named(kind, namespace, name) }, scene.user(name), scene.group(group));
    }
    if (kind === 'Group' && name !== UNAUTHENTICATED && name !== AUTHENTICATED) {
      scene.step({ edge: 'USER_GROUP_MEMBERSHIP', where: named(kind, namespace, name) }, scene.group(name), authenticated);
    }
  }
}

/** The first binding that names each subject. Of most accounts there is an object, so that nobody asks. */
function whereNamed(scene: Scene): (kind: Subject['kind'], namespace: string, name: string) => Where | undefined {
  const [accounts, others] = [true, false].map((isAccount) => once(() => namedBy(scene, isAccount)));
  return (kind, namespace, name) => (kind === 'ServiceAccount' ? accounts : others)?.().get(kind)?.get(namespace)?.get(name);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function namedBy({ rbac }: Scene, isAccount: boolean): Map<Subject['kind'], Map<string, Map<string, Where>>> {
  const named = new Map<Subject['kind'], Map<string, Map<string, Where>>>();
  for (const { object, subjects } of rbac.bindings) {
    for (const { subject, index } of subjects) {
      if ((subject.kind === 'ServiceAccount') !== isAccount) continue;
      const alike = mapIn(mapIn(named, subject.kind), subject.namespace);
      if (!alike.has(subject.name)) alike.set(subject.name, { object, path: placeIn('subjects', index) });
    }
  }
  return named;
}

/** The account itself, else the first workload that runs as it. */
function whereIs({ tables }: Scene, namespace: string, name: string): Where | undefined {
  const object = tables.ServiceAccount.get(namespace, name);
  if (object !== undefined) return { object, path: 'metadata.name' };
  const [workload] = tables.workloads.runningAs(namespace, name);
  return workload === undefined ? undefined : { object: workload.object, path: workload.podPath };
}

function drawAnonymous(scene: Scene): void {
  const group = scene.group(UNAUTHENTICATED);
  const api = scene.builder.vertex('APIServer');
  scene.link(group, scene.user(ANONYMOUS));
  // Whoever can use an identity talks to the API server.
  for (const subject of scene.strangers) scene.link(scene.subject(subject), api);
  for (const namespace of scene.namespaces) for (const name of scene.accountsIn(namespace)) scene.link(scene.account(namespace, name), api);
  if (refusesAnonymous(scene)) return;
  scene.step('ANONYMOUS_GRANT', api, group);
  // Whether the API server is open to the internet is not told by its objects.
  scene.maybe('ANONYMOUS_GRANT', 'unknown', { needs: scene.builder.vertex('Internet'), gives: group });
}

/** By a flag of the API server, or by its configuration, which may allow it for health checks only. */
function refusesAnonymous({ tables }: Scene): boolean {
  const configured = tables.AuthenticationConfiguration.all.some(
    ({ body: { anonymous } }) => anonymous !== undefined && (anonymous.enabled !== true || (anonymous.conditions ?? []).length > 0),
  );
  if (configured) return true;
  const servers = apiServersIn(tables);
  // One that was forgotten is enough to get in by.
  return servers.length > 0 && servers.every(({ line }) => parseBoolean(settingOf(line, '--anonymous-auth')?.value ?? '') === false);
}

function apiServer(flag: string): Readonly<Record<string, unknown>> {
  return pod('kube-system/kube-apiserver', {}, { command: ['kube-apiserver', flag] });
}
