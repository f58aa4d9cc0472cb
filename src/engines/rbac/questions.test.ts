import { describe, expect, it } from 'vitest';
import { objectsOf, clusterOf } from '../../../test/rule-tester.ts';
import { catalogOf } from './catalog.ts';
import { defaultRole } from './default-roles.ts';
import { diffRbac } from './diff.ts';
import { escalationsOf } from './escalations.ts';
import { withImplicitGroups } from './identity.ts';
import { lintRbac } from './lint.ts';
import { permissionsOf } from './permissions.ts';
import { rbacOf, rbacOfObjects } from './read.ts';
import type { Rbac } from './rbac.ts';

const API = 'rbac.authorization.k8s.io';
const CATALOG = catalogOf(clusterOf([]));

function role(name: string, ...rules: string[]): string {
  const [bare = '', namespace] = name.split('@');
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const at = namespace === undefined ? '' : `, namespace: ${namespace}`;
  return `apiVersion: ${API}/v1\nkind: ${kind}\nmetadata: {name: ${bare}${at}}\nrules: [${rules.join(', ')}]\n`;
}

function bind(name: string, ref: string, ...subjects: string[]): string {
  const [bare = '', namespace] = name.split('@');
  const kind = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  const at = namespace === undefined ? '' : `, namespace: ${namespace}`;
  const [roleKind, roleName] = ref.split('/');
  return `apiVersion: ${API}/v1\nkind: ${kind}\nmetadata: {name: ${bare}${at}}\nroleRef: {kind: ${roleKind}, name: "${roleName}"}\nsubjects: [${subjects.join(', ')}]\n`;
}

const JANE = '{kind: User, name: jane}';
const CI = '{kind: ServiceAccount, name: ci, namespace: a}';
const EVERYBODY = '{kind: Group, name: "system:authenticated"}';

function rbac(...docs: string[]): Rbac {
  return rbacOf(clusterOf(objectsOf(docs.join('---\n'))));
}

const READ_PODS = '{apiGroups: [""], resources: [pods], verbs: [get, list]}';

describe('permissions', () => {
  const shown = (world: Rbac, name: string): unknown[] => {
    const { permissions, void: idle } = permissionsOf(world, withImplicitGroups({ name, groups: [] }), CATALOG);
    return [permissions, idle].map((list) =>
      list.map(({ namespace, right, through }) => [
        namespace,
        right.resources.join(),
        right.urls.join(),
        right.names.join(),
        right.verbs.join(),
        through.length,
      ]),
    );
  };
  it('gather verbs, leave out what the cluster gives already, and tell what is in vain', () => {
    const world = rbac(
      role('r', READ_PODS, '{apiGroups: [""], resources: [pods, services], verbs: [watch]}', '{nonResourceURLs: [/metrics], verbs: [get]}'),
      role(
        'some',
        '{apiGroups: [""], resources: [pods, nodes, namespaces], verbs: [get]}',
        '{apiGroups: [""], resources: [secrets], resourceNames: [db], verbs: [get]}',
      ),
      bind('everywhere', 'ClusterRole/r', JANE),
      bind('here@a', 'ClusterRole/some', JANE),
      bind('twice@a', 'ClusterRole/some', EVERYBODY),
      bind('nowhere', 'ClusterRole/absent', JANE),
    );
    expect(shown(world, 'jane')).toEqual([
      [
        ['', 'pods', '', '', 'get,list,watch', 1],
        ['', 'services', '', '', 'watch', 1],
        ['', '', '/metrics', '', 'get', 1],
        ['a', 'pods,namespaces', '', '', 'get', 2],
        ['a', 'secrets', '', 'db', 'get', 2],
      ],
      [['a', 'nodes', '', '', 'get', 2]],
    ]);
  });
  it('are in vain by name where no request carries one', () => {
    const rule = '{apiGroups: [""], resources: [secrets, pods/exec], resourceNames: [db], verbs: [get, create, deletecollection]}';
    const world = rbac(role('r@a', rule), bind('b@a', 'Role/r', JANE));
    expect(shown(world, 'jane')).toEqual([
      [
        ['a', 'secrets', '', 'db', 'get', 1],
        ['a', 'pods/exec', '', 'db', 'get,create', 1],
      ],
      [
        ['a', 'secrets', '', 'db', 'create,deletecollection', 1],
        ['a', 'pods/exec', '', 'db', 'deletecollection', 1],
      ],
    ]);
    const open = rbac(
      role('r@a', '{apiGroups: [""], resources: [secrets], resourceNames: [""], verbs: [create]}'),
      bind('b@a', 'Role/r', JANE),
    );
    expect(shown(open, 'jane')[1]).toEqual([]);
  });
  it('name a resource in the groups that have it', () => {
    const world = rbac(
      role('r', '{apiGroups: ["", apps, example.com], resources: [pods, deployments, oddities], verbs: [get]}'),
      bind('b', 'ClusterRole/r', JANE),
    );
    expect(shown(world, 'jane')[0]).toEqual([
      ['', 'pods,deployments.apps,pods.example.com,deployments.example.com,oddities.example.com', '', '', 'get', 1],
    ]);
  });
});

describe('escalations', () => {
  const found = (world: Rbac, minor = 36): string[] =>
    escalationsOf(world, minor).map(({ subject, namespace, id, names, through }) =>
      [`${subject.kind} ${subject.name}`, namespace, id, ...names, through.length].join(' '),
    );
  it('are told once, in the widest place', () => {
    const secrets = role('r', '{apiGroups: [""], resources: [secrets], verbs: [list]}');
    expect(found(rbac(secrets, bind('b', 'ClusterRole/r', JANE), bind('c@a', 'ClusterRole/r', JANE)))).toEqual([
      'User jane  SECRET_LIST 1',
    ]);
    expect(found(rbac(secrets, bind('c@a', 'ClusterRole/r', CI), bind('d@b', 'ClusterRole/r', CI)))).toEqual([
      'ServiceAccount ci a SECRET_LIST 1',
      'ServiceAccount ci b SECRET_LIST 1',
    ]);
  });
  it('take all that a step needs, also from groups that everybody is in', () => {
    const write = role('write', `{apiGroups: [${API}], resources: [clusterrolebindings], verbs: [create]}`);
    const may = role('may', `{apiGroups: [${API}], resources: [clusterroles], resourceNames: [view], verbs: [bind]}`);
    expect(found(rbac(write, may, bind('b', 'ClusterRole/write', JANE)))).toEqual([]);
    expect(found(rbac(write, may, bind('b', 'ClusterRole/write', JANE), bind('c@a', 'ClusterRole/may', JANE)))).toEqual([]);
    expect(found(rbac(write, may, bind('b', 'ClusterRole/write', JANE), bind('c', 'ClusterRole/may', EVERYBODY)))).toEqual([
      'User jane  BIND_CLUSTER view 2',
    ]);
  });
  it('leave out what everybody has, and what everything holds', () => {
    const all = role('all', '{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}');
    expect(found(rbac(all, bind('b', 'ClusterRole/all', JANE, EVERYBODY)))).toEqual(['Group system:authenticated  EVERYTHING 1']);
    expect(found(rbac(all, bind('b@a', 'ClusterRole/all', JANE)))).toEqual(['User jane a EVERYTHING 1']);
  });
  it('know what a release lets through', () => {
    const exec = rbac(role('r', '{apiGroups: [""], resources: [pods/exec], verbs: [get]}'), bind('b', 'ClusterRole/r', JANE));
    expect(found(exec, 34)).toEqual(['User jane  POD_EXEC 1']);
    expect(found(exec, 35)).toEqual([]);
  });
  it('are none of what a namespace cannot give, or a name keeps out', () => {
    expect(found(rbac(role('r', '{apiGroups: [""], resources: [nodes/proxy], verbs: [get]}'), bind('b@a', 'ClusterRole/r', JANE)))).toEqual(
      [],
    );
    expect(
      found(rbac(role('r', '{apiGroups: [""], resources: [pods], resourceNames: [x], verbs: [create]}'), bind('b', 'ClusterRole/r', JANE))),
    ).toEqual([]);
  });
});

describe('diff', () => {
  const changes = (before: Rbac, after: Rbac): unknown[] =>
    diffRbac(before, after, CATALOG).map(({ subject, namespace, change, right, by }) => [
      change,
      subject.name,
      namespace,
      right.resources.join(),
      right.verbs.join(),
      by.length,
    ]);
  const wide = role('r', READ_PODS);
  it('tells rights and no texts', () => {
    const before = rbac(wide, bind('b@a', 'ClusterRole/r', JANE, CI));
    const after = rbac(role('other@a', '{apiGroups: [""], resources: [pods, secrets], verbs: [get]}'), bind('z@a', 'Role/other', JANE));
    expect(changes(before, after)).toEqual([
      ['gained', 'jane', 'a', 'secrets', 'get', 1],
      ['lost', 'jane', 'a', 'pods', 'list', 1],
      ['lost', 'ci', 'a', 'pods', 'get,list', 1],
    ]);
  });
  it('is empty where a right is had another way', () => {
    const one = rbac(wide, bind('b@a', 'ClusterRole/r', CI));
    const everywhere = rbac(wide, bind('c', 'ClusterRole/r', CI));
    const split = rbac(
      role('x', '{apiGroups: [""], resources: [pods], verbs: [get]}'),
      role('y', '{apiGroups: ["*"], resources: [pods], verbs: [list]}'),
      bind('d@a', 'ClusterRole/x', CI),
      bind('e@a', 'ClusterRole/y', CI),
    );
    expect(changes(one, everywhere)).toEqual([['gained', 'ci', '', 'pods', 'get,list', 1]]);
    expect(changes(everywhere, one)).toEqual([['lost', 'ci', '', 'pods', 'get,list', 1]]);
    expect(diffRbac(one, split, CATALOG).filter(({ change }) => change === 'lost')).toEqual([]);
    const byGroup = rbac(wide, bind('b@a', 'ClusterRole/r', '{kind: Group, name: "system:serviceaccounts:a"}'));
    expect(changes(one, byGroup)).toEqual([['gained', 'system:serviceaccounts:a', 'a', 'pods', 'get,list', 1]]);
  });
});

describe('lint', () => {
  const found = (...docs: string[]): string[] =>
    lintRbac(clusterOf(objectsOf(docs.join('---\n')))).map(
      ({ category, object, path, unsure }) => `${category} ${object.name} ${path}${unsure ? ' ?' : ''}`,
    );
  const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ci, namespace: a}\n';
  it('has nothing to say of what works', () => {
    expect(found(account, role('r', READ_PODS), bind('b@a', 'ClusterRole/r', CI, JANE), bind('c', 'ClusterRole/view', JANE))).toEqual([]);
  });
  it('tells entries that match nothing beside others that do', () => {
    expect(
      found(
        role(
          'r',
          '{apiGroups: [""], resources: [pods, "pods/*", deployments], verbs: [get, spin, GET]}',
          '{apiGroups: [""], resources: [secrets], resourceNames: ["*"], verbs: [get, create]}',
        ),
      ),
    ).toEqual([
      'void-entry r rules[0].resources[1]',
      'void-entry r rules[0].resources[2]',
      'void-entry r rules[0].verbs[1]',
      'void-entry r rules[0].verbs[2]',
      'void-entry r rules[1].verbs[1]',
      'void-entry r rules[1].resourceNames[0]',
    ]);
  });
  it('tells a rule whole of whose verbs none is ever asked for', () => {
    expect(
      found(role('r', '{nonResourceURLs: [/metrics], verbs: [GET, Head]}', '{nonResourceURLs: [/metrics], verbs: [GET, get]}')),
    ).toEqual(['void-rule r rules[0].verbs[0]', 'void-entry r rules[1].verbs[0]']);
  });
  it('tells what stands twice, once', () => {
    const narrow = '{apiGroups: [""], resources: [pods], verbs: [get]}';
    expect(found(role('r', narrow, READ_PODS))).toEqual(['contained-rule r rules[0]']);
    expect(found(role('r', narrow, narrow))).toEqual(['contained-rule r rules[1]']);
    expect(
      found(
        role('r', READ_PODS),
        bind('b', 'ClusterRole/r', JANE),
        bind('c@a', 'ClusterRole/r', JANE),
        bind('d@a', 'ClusterRole/r', JANE, EVERYBODY),
      ),
    ).toEqual(['duplicate-binding c subjects[0]', 'duplicate-binding d subjects[0]']);
  });
  it('tells what leads nowhere, and whether that is sure', () => {
    expect(found(role('r', READ_PODS), bind('b', 'ClusterRole/x', CI), bind('c', 'ClusterRole/r'))).toEqual([
      'dangling-role b roleRef.name ?',
      'dangling-subject b subjects[0].name ?',
      'no-subjects c subjects',
    ]);
    expect(found(account, bind('b', 'Role/x', '{kind: ServiceAccount, name: cy, namespace: a}'))).toEqual([
      'dangling-role b roleRef.kind',
      'dangling-subject b subjects[0].name',
    ]);
    expect(found(bind('b@kube-system', 'Role/extension-apiserver-authentication-reader', JANE))).toEqual([]);
  });
});

describe('the roles that every cluster has', () => {
  it('aggregate as they do there', () => {
    const world = rbacOfObjects(
      ['admin', 'edit', 'view', 'system:aggregate-to-admin', 'system:aggregate-to-edit', 'system:aggregate-to-view'].map(
        (name) => defaultRole(name) ?? {},
      ),
    );
    const sources = (name: string): string[] =>
      [...new Set(world.role(`ClusterRole/${name}`)?.rules.map(({ source }) => source.name))].toSorted();
    expect(sources('view')).toEqual(['system:aggregate-to-view']);
    expect(sources('admin')).toEqual(['system:aggregate-to-admin', 'system:aggregate-to-edit', 'system:aggregate-to-view']);
    expect(defaultRole('constructor')).toBeUndefined();
  });
});
