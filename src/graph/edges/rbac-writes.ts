/** Handing out rights that one does not have: the checks of bind and escalate, and who passes them. */
import {
  account,
  allow,
  allowEverywhere,
  allowEverywhereTo,
  allowTo,
  binding,
  clusterRole,
  namespace,
  role,
  strong,
} from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { drawBinding } from '../binding-writes.ts';
import {
  BIND_CLUSTER_ROLE,
  BIND_ROLE,
  ESCALATE_CLUSTER_ROLE,
  ESCALATE_ROLE,
  NEW_BINDING,
  NEW_CLUSTER_BINDING,
  NEW_CLUSTER_ROLE,
  NEW_ROLE,
  OLD_BINDING,
  OLD_CLUSTER_BINDING,
  OLD_CLUSTER_ROLE,
  OLD_ROLE,
} from '../rbac-rights.ts';
import { right } from '../right.ts';
import { drawEscalation } from '../role-writes.ts';
import type { Scene } from '../scene.ts';

const NEW_ACCOUNT = right('create serviceaccounts');

export const family = defineFamily({
  edges: {
    BIND_CLUSTER: { says: 'bind a cluster role to itself in the whole cluster', mitigation: 'Grant bind with resourceNames only.' },
    BIND_NAMESPACE: { says: 'bind a role to itself in the namespace', mitigation: 'Grant bind with resourceNames only.' },
    ROLE_ESCALATE: { says: 'write any rule into a role that it is bound to', mitigation: 'Do not grant escalate.' },
    ROLE_CREATE_ESCALATE: {
      says: 'create a role with any rule and bind it',
      mitigation: 'Do not grant escalate, and bind with resourceNames only.',
    },
    AGGREGATION_LABEL: {
      says: 'write a cluster role with any rule that is added to an aggregated one',
      mitigation: 'Do not grant escalate; watch which roles carry the labels of aggregation.',
    },
    DANGLING_SUBJECT_CLAIM: {
      says: 'create the service account that a binding names though it does not exist',
      mitigation: 'Delete bindings of accounts that do not exist.',
    },
  },
  rights: [
    NEW_CLUSTER_BINDING,
    OLD_CLUSTER_BINDING,
    NEW_BINDING,
    OLD_BINDING,
    BIND_CLUSTER_ROLE,
    BIND_ROLE,
    NEW_ROLE,
    OLD_ROLE,
    ESCALATE_ROLE,
    NEW_CLUSTER_ROLE,
    OLD_CLUSTER_ROLE,
    ESCALATE_CLUSTER_ROLE,
    NEW_ACCOUNT,
  ],
  draw(scene) {
    drawBinding(scene);
    drawEscalation(scene);
    drawClaims(scene);
  },
  examples: () => [
    {
      edge: 'BIND_CLUSTER',
      objects: [account('a/x'), ...allowEverywhere('create clusterrolebindings', 'bind clusterroles')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'BIND_CLUSTER',
      objects: [account('a/x'), ...allowEverywhere('create clusterrolebindings', 'bind clusterroles:cluster-admin')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'BIND_CLUSTER',
      objects: [account('a/x'), ...allowEverywhere('create clusterrolebindings', 'bind clusterroles:view')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'only a role that reads may be bound',
    },
    {
      edge: 'BIND_CLUSTER',
      objects: [account('a/x'), ...allowEverywhere('create clusterrolebindings', 'bind roles')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'a ClusterRoleBinding takes no Role',
    },
    {
      edge: 'BIND_CLUSTER',
      objects: [
        account('a/x'),
        account('a/y'),
        ...allowEverywhere('create clusterrolebindings', 'create serviceaccounts/token'),
        ...allowEverywhereTo('a/y', 'bind clusterroles'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'both are asked of one request, and no account has both',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [account('a/x'), ...allow('a', 'create rolebindings', 'bind clusterroles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [account('a/x'), role('a/all', '* *'), ...allow('a', 'create rolebindings', 'bind roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [account('a/x'), ...strong(), ...allow('a', 'create rolebindings')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'the server refuses bindings of rights that one does not have',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [account('a/x'), ...allow('a', 'create rolebindings', 'bind rolebindings')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'bind is asked of the role, not of the binding',
    },
    {
      edge: 'ROLE_ESCALATE',
      objects: [account('a/x'), ...allow('a', 'patch roles', 'escalate roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'ROLE_ESCALATE',
      objects: [account('a/x'), ...allow('a', 'patch roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'without escalate one writes only rules that one has',
    },
    {
      edge: 'ROLE_ESCALATE',
      objects: [
        account('a/x'),
        clusterRole('w', 'patch clusterroles', 'escalate clusterroles'),
        binding('RoleBinding', { namespace: 'a', name: 'w' }, { role: { kind: 'ClusterRole', name: 'w' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'a RoleBinding grants nothing on cluster roles',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [account('a/x'), ...allow('a', 'create roles', 'escalate roles', 'create rolebindings', 'bind roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [
        account('a/x'),
        role('a/writer', 'patch roles:target', 'escalate roles:target'),
        role('a/target', 'get pods'),
        ...allow('a', 'create rolebindings', 'bind roles:writer,target'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [
        account('a/x'),
        role('a/writer', 'patch roles:target', 'escalate roles:target'),
        role('a/target', 'get pods'),
        ...allow('a', 'create rolebindings', 'bind roles:writer'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'nobody is bound to the role that he then may write, and he may not bind it',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        ...allowEverywhere('create clusterroles', 'escalate clusterroles', 'create clusterrolebindings', 'bind clusterroles:mine'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        clusterRole('mine'),
        ...allowEverywhere('create clusterroles', 'escalate clusterroles', 'create clusterrolebindings', 'bind clusterroles:mine'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'the role of that name is there already, and he may only create others',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        ...allowEverywhere('create clusterroles', 'escalate clusterroles'),
        binding('ClusterRoleBinding', { name: 'gone' }, { role: { kind: 'ClusterRole', name: 'gone' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        ...allow('a', 'create roles', 'escalate roles', 'patch rolebindings:old', 'bind roles:gone'),
        binding('RoleBinding', { namespace: 'a', name: 'old' }, { role: { kind: 'Role', name: 'gone' }, who: 'a/y' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        ...allow('a', 'create roles', 'escalate roles', 'patch rolebindings:old', 'bind roles:other'),
        binding('RoleBinding', { namespace: 'a', name: 'old' }, { role: { kind: 'Role', name: 'gone' }, who: 'a/y' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'he may not bind a role of the name that the binding is for',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [account('a/x'), ...allow('a', 'create roles', 'escalate roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'a role that nobody is bound to grants nothing',
    },
    {
      edge: 'AGGREGATION_LABEL',
      objects: [
        account('a/x'),
        ...allowEverywhere('create clusterroles', 'escalate clusterroles'),
        { ...clusterRole('wide'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { wide: 'yes' } }] } },
        binding('ClusterRoleBinding', { name: 'wide' }, { role: { kind: 'ClusterRole', name: 'wide' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'AGGREGATION_LABEL',
      objects: [
        account('a/x'),
        ...allowEverywhere('create clusterroles'),
        { ...clusterRole('wide'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { wide: 'yes' } }] } },
        binding('ClusterRoleBinding', { name: 'wide' }, { role: { kind: 'ClusterRole', name: 'wide' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'without escalate one adds only rules that one has',
    },
    {
      edge: 'AGGREGATION_LABEL',
      objects: [
        account('a/x'),
        clusterRole('plain', 'get pods'),
        ...allowEverywhere('patch clusterroles:plain', 'escalate clusterroles:plain'),
        { ...clusterRole('wide'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { wide: 'yes' } }] } },
        binding('ClusterRoleBinding', { name: 'wide' }, { role: { kind: 'ClusterRole', name: 'wide' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'DANGLING_SUBJECT_CLAIM',
      objects: [
        account('a/x'),
        namespace('b'),
        ...allowEverywhereTo('b/ghost', '* *'),
        ...allowTo('a/x', 'b', 'create serviceaccounts', 'create serviceaccounts/token'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'DANGLING_SUBJECT_CLAIM',
      objects: [
        account('a/x'),
        namespace('b'),
        ...allowEverywhereTo('b/ghost', '* *'),
        ...allowTo('a/x', 'b', 'create serviceaccounts/token'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'there is no such account to have a token of',
    },
  ],
});

/** An account that is only named by bindings exists as soon as somebody creates it; then it is taken over as any other. */
function drawClaims(scene: Scene): void {
  for (const { kind, namespace: where, name } of scene.rbac.subjects) {
    if (kind !== 'ServiceAccount' || scene.accountsIn(where).has(name)) continue;
    const create = scene.rights.in(NEW_ACCOUNT, where);
    if (create === undefined) continue;
    // Any account of the namespace can then be had in the ways in which this one can.
    scene.step('DANGLING_SUBJECT_CLAIM', [create, scene.allAccounts(where)], scene.account(where, name));
  }
}
