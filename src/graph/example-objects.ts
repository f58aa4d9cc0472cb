/** Small objects for the examples of edges, so that an example is a few lines. */
import { NODE_FACTS_SCHEMA, type NodeFacts } from '../snapshot/index.ts';
import type { PlainObject } from './family.ts';
import { right } from './right.ts';

const RBAC = 'rbac.authorization.k8s.io';

export function namespace(name: string, labels: Record<string, string> = {}): PlainObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A namespace in which Pod Security enforces the strictest level. */
export function restricted(name: string): PlainObject {
  return namespace(name, { 'pod-security.kubernetes.io/enforce': 'restricted' });
}

export function account(at: string, more: Record<string, unknown> = {}): PlainObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: placed(at), ...more };
}

export function secret(at: string, more: Record<string, unknown> = {}): PlainObject {
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: placed(at), ...more };
}

export function configMap(at: string, data: Record<string, string> = {}): PlainObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: placed(at), data };
}

export function node(name: string, labels: Record<string, string> = {}, more: Record<string, unknown> = {}): PlainObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, ...more };
}

export function controlPlane(name: string): PlainObject {
  return node(name, { 'node-role.kubernetes.io/control-plane': '' });
}

/** A pod on node `n` with one container `c`; `spec` and `container` add to it. No token is mounted unless one is asked for. */
export function pod(at: string, spec: Record<string, unknown> = {}, container: Record<string, unknown> = {}): PlainObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...placed(at), labels: { app: at.slice(at.indexOf('/') + 1) } },
    spec: { nodeName: 'n', automountServiceAccountToken: false, containers: [{ name: 'c', image: 'app:1', ...container }], ...spec },
  };
}

/** The same with a folder of the node. */
export function withHostPath(
  at: string,
  path: string,
  { mount = {}, container = {} }: { mount?: Record<string, unknown>; container?: Record<string, unknown> } = {},
): PlainObject {
  return pod(
    at,
    { volumes: [{ name: 'h', hostPath: { path } }] },
    { volumeMounts: [{ name: 'h', mountPath: '/h', ...mount }], ...container },
  );
}

export function deployment(at: string, spec: Record<string, unknown> = {}, container: Record<string, unknown> = {}): PlainObject {
  const { metadata, spec: template } = pod(at, spec, container) as { metadata: { labels: unknown }; spec: Record<string, unknown> };
  const { nodeName: _, ...own } = template;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: placed(at),
    spec: { selector: { matchLabels: metadata.labels }, template: { metadata: { labels: metadata.labels }, spec: own } },
  };
}

export function service(at: string, spec: Record<string, unknown>): PlainObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: placed(at), spec };
}

export function policy(at: string, spec: Record<string, unknown>): PlainObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: placed(at), spec };
}

/**
 * Lets the account `a/x` do things in a namespace: `create pods`, and after a colon only for names: `get secrets:one`.
 * `who` is an account as `ns/name`, or `User/name`, `Group/name`.
 */
export function allow(where: string, ...rights: readonly string[]): PlainObject[] {
  return allowTo('a/x', where, ...rights);
}

export function allowTo(who: string, where: string, ...rights: readonly string[]): PlainObject[] {
  const name = nameFor(who, rights);
  return [
    { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { namespace: where, name }, rules: rights.map(ruleOf) },
    binding('RoleBinding', { namespace: where, name }, { role: { kind: 'Role', name }, who }),
  ];
}

/** The same in the whole cluster. */
export function allowEverywhere(...rights: readonly string[]): PlainObject[] {
  return allowEverywhereTo('a/x', ...rights);
}

export function allowEverywhereTo(who: string, ...rights: readonly string[]): PlainObject[] {
  const name = nameFor(who, rights);
  return [clusterRole(name, ...rights), binding('ClusterRoleBinding', { name }, { role: { kind: 'ClusterRole', name }, who })];
}

export function clusterRole(name: string, ...rights: readonly string[]): PlainObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules: rights.map(ruleOf) };
}

export function role(at: string, ...rights: readonly string[]): PlainObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: placed(at), rules: rights.map(ruleOf) };
}

/** Makes the account `a/strong` with every right in the cluster. */
export function strong(at = 'a/strong'): PlainObject[] {
  return [account(at), ...admin(at)];
}

export function admin(who: string): PlainObject[] {
  return [binding('ClusterRoleBinding', { name: `admin-${plain(who)}` }, { role: { kind: 'ClusterRole', name: 'cluster-admin' }, who })];
}

export function binding(
  kind: 'RoleBinding' | 'ClusterRoleBinding',
  metadata: Record<string, string>,
  { role: { kind: roleKind, name }, who }: { role: { kind: string; name: string }; who: string },
): PlainObject {
  const [first = '', ...rest] = who.split('/');
  const subject =
    first === 'User' || first === 'Group'
      ? { kind: first, apiGroup: RBAC, name: rest.join('/') }
      : { kind: 'ServiceAccount', namespace: first, name: rest.join('/') };
  return { apiVersion: `${RBAC}/v1`, kind, metadata, roleRef: { apiGroup: RBAC, kind: roleKind, name }, subjects: [subject] };
}

function ruleOf(text: string): PlainObject {
  const [what = '', ...names] = text.split(':');
  if (what === '* *') return { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  const { verbs, group, resource, subresource } = right(what);
  const resources = [subresource === '' ? resource : `${resource}/${subresource}`];
  return { verbs, apiGroups: [group], resources, ...(names.length > 0 && { resourceNames: names.join(':').split(',') }) };
}

function placed(at: string): { namespace: string; name: string } {
  const [where = '', name = ''] = at.split('/');
  return { namespace: where, name };
}

function nameFor(who: string, rights: readonly string[]): string {
  return plain(`${who} ${rights.join(' ')}`).slice(0, 200);
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** What was collected on a node on which one program runs. */
export function factsOf(node: string, argv: readonly string[]): NodeFacts {
  return {
    schema: NODE_FACTS_SCHEMA,
    node,
    collectedAt: '2026-11-01T08:00:00Z',
    collectedBy: '1.0.0',
    running: true,
    distribution: 'kubernetes',
    os: { id: '', version: '', name: '' },
    kernel: '',
    versions: {},
    processes: [{ pid: 1, name: argv[0] ?? '', argv: [...argv] }],
    units: [],
    files: [],
    absent: [],
    certificates: [],
    sockets: [],
    sysctls: {},
    gaps: [],
  };
}
