/** Acting as somebody else by the Impersonate headers. */
import { MASTERS, NODES, type Subject, accountOf, withImplicitGroups } from '../../engines/rbac/index.ts';
import { account, admin, allow, allowEverywhere, allowEverywhereTo, allowTo, binding, node, strong } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { right } from '../right.ts';
import type { Ask, Entry } from '../right-entries.ts';
import type { Scene } from '../scene.ts';

const USERS = right('impersonate users');
const GROUPS = right('impersonate groups');
const ACCOUNTS = right('impersonate serviceaccounts');
const EXTRA = right('impersonate uids');

/** Constrained impersonation, on from 1.36 on: by mode, the right to the identity. */
const CONSTRAINED_SINCE = 36;
const CONSTRAINED = [
  { mode: 'user-info', asked: right('impersonate:user-info users.authentication.k8s.io') },
  { mode: 'serviceaccount', asked: right('impersonate:serviceaccount serviceaccounts.authentication.k8s.io') },
  { mode: 'arbitrary-node', asked: right('impersonate:arbitrary-node nodes.authentication.k8s.io') },
] as const;

const NODE = 'system:node:';

export const family = defineFamily({
  edges: {
    IMPERSONATE_USER: { says: 'act as another user', mitigation: 'Name the users in resourceNames.' },
    IMPERSONATE_GROUP: {
      says: 'act as a member of any group that is granted',
      mitigation: 'Name the groups in resourceNames, and never system:masters.',
    },
    IMPERSONATE_SA: {
      says: 'act as a service account',
      mitigation: 'Name the accounts in resourceNames; the built-in role edit contains this right.',
    },
    IMPERSONATE_NODE: { says: 'act as a node', mitigation: 'Do not grant impersonation of system:nodes.' },
    IMPERSONATE_EXTRA_UID: {
      says: 'send a uid or extra that some policies trust',
      mitigation: 'Do not decide by the uid or extras of users in admission policies.',
    },
    IMPERSONATE_CONSTRAINED: {
      says: 'act as somebody else in the requests that are listed',
      mitigation: 'Name the identities in resourceNames, and list the requests that are needed.',
      versions: 'from 1.36 on; unknown, as only what is listed can be done',
    },
  },
  rights: [USERS, GROUPS, ACCOUNTS, EXTRA, ...CONSTRAINED.map(({ asked }) => asked)],
  draw(scene) {
    drawUsers(scene);
    for (const { vertex, namespace, name } of scene.held(ACCOUNTS)) {
      if (name === undefined) scene.step('IMPERSONATE_SA', vertex, anyAccount(scene, namespace));
      else scene.step('IMPERSONATE_SA', vertex, scene.account(namespace, name));
    }
    for (const { vertex } of scene.held(EXTRA)) scene.step('IMPERSONATE_EXTRA_UID', vertex, scene.builder.vertex('AuthorizerAttributes'));
    drawGroups(scene);
    if (scene.minor >= CONSTRAINED_SINCE) drawConstrained(scene);
  },
  examples: () => [
    {
      edge: 'IMPERSONATE_USER',
      objects: [account('a/x'), ...admin('User/ann'), ...allowEverywhere('impersonate users')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'IMPERSONATE_USER',
      objects: [account('a/x'), ...admin('User/ann'), ...allow('a', 'impersonate users')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'users lie in no namespace, so a RoleBinding grants nothing',
    },
    {
      edge: 'IMPERSONATE_GROUP',
      objects: [account('a/x'), ...allowEverywhere('impersonate groups', 'impersonate users:ann')],
      from: 'ServiceAccount/a/x',
      to: 'Group/system:masters',
    },
    {
      edge: 'IMPERSONATE_GROUP',
      objects: [account('a/x'), ...allowEverywhere('impersonate groups')],
      from: 'ServiceAccount/a/x',
      to: 'Group/system:masters',
      because: 'the server takes groups only beside a user',
    },
    {
      edge: 'IMPERSONATE_GROUP',
      objects: [
        account('a/x'),
        account('a/y'),
        ...allowEverywhere('impersonate groups', 'create serviceaccounts/token'),
        ...allowEverywhereTo('a/y', 'impersonate users'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'Group/system:masters',
      because: 'both headers are of one request, and no account may send both',
    },
    {
      edge: 'IMPERSONATE_SA',
      objects: [account('a/x'), ...strong('b/strong'), ...allow('b', 'impersonate serviceaccounts:strong')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'IMPERSONATE_SA',
      objects: [account('a/x'), ...strong('b/strong'), ...allow('a', 'impersonate serviceaccounts')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'the grant is for accounts of another namespace',
    },
    {
      edge: 'IMPERSONATE_NODE',
      objects: [account('a/x'), node('n'), ...allowEverywhere('impersonate groups:system:nodes', 'impersonate users:system:node:n')],
      from: 'ServiceAccount/a/x',
      to: 'NodeIdentity/n',
    },
    {
      edge: 'IMPERSONATE_NODE',
      objects: [account('a/x'), node('n'), ...allowEverywhere('impersonate users:system:node:n')],
      from: 'ServiceAccount/a/x',
      to: 'NodeIdentity/n',
      because: 'the name of a node without its group is no node',
    },
    {
      edge: 'IMPERSONATE_EXTRA_UID',
      objects: [account('a/x'), ...allowEverywhere('impersonate uids.authentication.k8s.io')],
      from: 'ServiceAccount/a/x',
      to: 'AuthorizerAttributes',
    },
    {
      edge: 'IMPERSONATE_EXTRA_UID',
      objects: [account('a/x'), ...allowTo('a/x', 'a', 'impersonate uids.authentication.k8s.io')],
      from: 'ServiceAccount/a/x',
      to: 'AuthorizerAttributes',
      because: 'uids lie in no namespace',
    },
    {
      edge: 'IMPERSONATE_CONSTRAINED',
      objects: [account('a/x'), ...admin('User/ann'), ...constrained('impersonate-on:user-info:get')],
      from: 'ServiceAccount/a/x',
      to: 'User/ann',
    },
    {
      edge: 'IMPERSONATE_CONSTRAINED',
      objects: [account('a/x'), ...admin('User/ann'), ...constrained('get')],
      from: 'ServiceAccount/a/x',
      to: 'User/ann',
      because: 'no request may be made as the other',
    },
    {
      edge: 'IMPERSONATE_CONSTRAINED',
      objects: [account('a/x'), ...admin('User/ann'), ...constrained('impersonate-on:user-info:get')],
      from: 'ServiceAccount/a/x',
      to: 'User/ann',
      context: { minor: 35 },
      because: 'releases before 1.36 know nothing of it',
    },
  ],
});

/** The server does not ask whether an account exists before somebody acts as it. */
function anyAccount(scene: Scene, namespace: string): number {
  return scene.hub(`any name of an account in ${namespace}`, (hub) => {
    scene.link(hub, scene.allAccounts(namespace));
    for (const subject of scene.strangersIn(namespace)) scene.link(hub, scene.subject(subject));
  });
}

/** Names of service accounts are asked for as service accounts, so `users` does not cover them. */
function drawUsers(scene: Scene): void {
  const everyUser = scene.hub('User/*', (hub) => {
    for (const { kind, name } of scene.rbac.subjects) if (kind === 'User') scene.link(hub, scene.user(name));
    scene.link(hub, scene.group('system:authenticated'));
  });
  for (const { vertex, name } of scene.held(USERS)) {
    if (name === undefined) scene.step('IMPERSONATE_USER', vertex, everyUser);
    else if (accountOf(name) === undefined) scene.step('IMPERSONATE_USER', vertex, scene.user(name));
  }
}

/** A group goes only beside a user, in one request of one identity. */
function drawGroups(scene: Scene): void {
  for (const second of [USERS, ACCOUNTS]) {
    for (const { subject, entries } of scene.rights.jointly([GROUPS, second])) {
      const [groups = [], others = []] = entries;
      drawEach(scene, { subject, groups, beside: { right: second, entries: others, namespace: '', some: true } });
    }
  }
  // Who holds a whole namespace lets anybody act as its accounts, who then may act as them beside a group.
  const lets = scene.hub('the right to act as the accounts of some namespace', (hub) => {
    for (const namespace of scene.namespaces) scene.link(scene.builder.vertex(`NamespaceAdmin/${namespace}`), hub);
  });
  for (const { subject, entries } of scene.rights.jointly([GROUPS])) {
    const [groups = []] = entries;
    for (const name of namesIn(groups)) {
      const may = scene.rights.as(subject, { right: GROUPS, entries: groups, namespace: '', name });
      if (may !== undefined) scene.step('IMPERSONATE_GROUP', [may, lets], name === undefined ? everyGroup(scene) : scene.group(name));
    }
  }
}

function everyGroup(scene: Scene): number {
  return scene.hub('every group', (hub) => {
    scene.link(hub, scene.group(MASTERS));
    for (const { kind, name } of scene.rbac.subjects) if (kind === 'Group') scene.link(hub, scene.group(name));
  });
}

interface Impersonator {
  subject: Subject;
  groups: readonly Entry[];
  /** That he may act as somebody at all. */
  beside: Ask;
}

function drawEach(scene: Scene, { subject, groups, beside }: Impersonator): void {
  for (const name of namesIn(groups)) {
    const asked: Ask = { right: GROUPS, entries: groups, namespace: '', name };
    const may = scene.rights.as(subject, asked, beside);
    if (may === undefined) continue;
    scene.step('IMPERSONATE_GROUP', may, name === undefined ? everyGroup(scene) : scene.group(name));
    if (beside.right !== USERS || (name !== undefined && name !== NODES)) continue;
    // Here the group goes beside the node's own name.
    for (const { name: node } of scene.tables.Node.all) {
      const as = scene.rights.as(subject, asked, {
        right: USERS,
        entries: beside.entries,
        namespace: '',
        name: userOf(node, beside.entries),
      });
      if (as !== undefined) scene.step('IMPERSONATE_NODE', as, scene.onNode(node, 'NodeIdentity'));
    }
  }
}

/** Everything for which a right is asked by a name of its own, and undefined where some rule gives it for all. */
function namesIn(entries: readonly Entry[]): Set<string | undefined> {
  return new Set(entries.flatMap(({ names }): (string | undefined)[] => (names === undefined ? [undefined] : [...names])));
}

/** The name of a node's user, where some rule is for it; undefined asks for what is for all. */
function userOf(node: string, entries: readonly Entry[]): string | undefined {
  return entries.some(({ names }) => names?.includes(`${NODE}${node}`) === true) ? `${NODE}${node}` : undefined;
}

/** One identity must have both: the right to the other, and one to some request as another. What comes of that is not judged. */
function drawConstrained(scene: Scene): void {
  for (const { mode, asked } of CONSTRAINED) {
    for (const { subject, entries } of scene.rights.jointly([asked])) {
      const [who = []] = entries;
      const on = scene.hub(`${scene.builder.nameOf(scene.subject(subject))} may make requests as others by ${mode}`, (hub) => {
        for (const vertex of requestsOf(scene, subject, mode)) scene.link(vertex, hub);
      });
      for (const namespace of new Set(who.map(({ binding }) => binding.namespace))) {
        for (const name of namesIn(who)) {
          const may = scene.rights.as(subject, { right: asked, entries: who, namespace, name });
          if (may === undefined) continue;
          for (const gives of identitiesOf(scene, { mode, namespace, name }))
            scene.maybe('IMPERSONATE_CONSTRAINED', 'unknown', { needs: [may, on], gives });
        }
      }
    }
  }
}

/** The rules that name requests which a subject may make as somebody else. */
function requestsOf(scene: Scene, subject: Subject, mode: string): number[] {
  const { rbac, rights } = scene;
  const bound =
    subject.kind === 'Group' ? rbac.bindingsNaming(subject) : rbac.bindingsOf(withImplicitGroups({ name: subject.userName, groups: [] }));
  return bound.flatMap(({ binding }) =>
    (binding.role?.rules ?? [])
      .filter(({ rule }) => rule.verbs.some((verb) => verb === '*' || verb.startsWith(`impersonate-on:${mode}:`)))
      .map((roleRule) => rights.by(subject, { binding, roleRule })),
  );
}

function identitiesOf(
  scene: Scene,
  { mode, namespace, name }: { mode: (typeof CONSTRAINED)[number]['mode']; namespace: string; name: string | undefined },
): number[] {
  if (mode === 'user-info') return name === undefined ? [scene.builder.vertex('User/*')] : [scene.user(name)];
  if (mode === 'arbitrary-node') {
    const nodes = scene.tables.Node.all.filter((object) => name === undefined || object.name === name);
    return nodes.map((object) => scene.onNode(object.name, 'NodeIdentity'));
  }
  const places = namespace === '' ? scene.namespaces : [namespace];
  return places.map((where) => (name === undefined ? anyAccount(scene, where) : scene.account(where, name)));
}

function constrained(verb: string): Readonly<Record<string, unknown>>[] {
  const api = 'rbac.authorization.k8s.io';
  const rules = [
    { verbs: ['impersonate:user-info'], apiGroups: ['authentication.k8s.io'], resources: ['users'], resourceNames: ['ann'] },
    { verbs: [verb], apiGroups: [''], resources: ['secrets'] },
  ];
  return [
    { apiVersion: `${api}/v1`, kind: 'ClusterRole', metadata: { name: 'act' }, rules },
    binding('ClusterRoleBinding', { name: 'act' }, { role: { kind: 'ClusterRole', name: 'act' }, who: 'a/x' }),
  ];
}
