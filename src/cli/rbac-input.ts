/** What the commands of `castellan rbac` have in common: what they read, and whom and what they are asked about. */
import {
  DEFAULT_ROLE_NAMES,
  type Catalog,
  type Rbac,
  type RbacRequest,
  type Subject,
  type User,
  accountOf,
  accountUserName,
  catalogOf,
  defaultRole,
  isResourceRequest,
  rbacOf,
  resourceText,
  withImplicitGroups,
} from '../engines/rbac/index.ts';
import { NodeAuthorizer } from '../engines/node-authorizer/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { type Cluster, buildCluster, isRecord } from '../model/index.ts';
import { type Gap, LOSSES, type Snapshot } from '../snapshot/index.ts';
import { nothingIn, readInput } from './reading.ts';
import type { ClusterFlags } from './live.ts';
import { type FurtherAuthorizers, furtherAuthorizers } from './rbac-authorizers.ts';

export interface RbacFlags extends Pick<ClusterFlags, 'kubeconfig' | 'context' | 'requestTimeout' | 'quiet'> {
  format?: string;
  /** Whom the question is about; the cluster is always read as oneself. */
  as?: string;
  asGroup?: string[];
  namespace?: string;
  allNamespaces?: boolean;
}

const FORMATS = ['table', 'json'] as const;
export type RbacFormat = (typeof FORMATS)[number];

export function rbacFormat(command: string, { format = 'table' }: RbacFlags): RbacFormat {
  const known = FORMATS.find((one) => one === format);
  if (known !== undefined) return known;
  throw new CastellanError('CAS_UNKNOWN_FORMAT', `rbac ${command} has no format "${format}"`, {
    remedy: `The formats are: ${FORMATS.join(', ')}.`,
  });
}

export interface RbacInput {
  cluster: Cluster;
  rbac: Rbac;
  catalog: Catalog;
  /** Where the question is about a node. */
  nodes: NodeAuthorizer | undefined;
  /** What decides besides; of a cluster only where a snapshot holds its API servers. */
  further: FurtherAuthorizers;
  /** What keeps a right from being seen. */
  gaps: readonly Gap[];
}

/** By API group, the resources whose kinds the answers are made from. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  '': ['namespaces', 'serviceaccounts'],
  'apiextensions.k8s.io': ['customresourcedefinitions'],
  'rbac.authorization.k8s.io': ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'],
};
const KINDS = new Set([
  'Namespace',
  'ServiceAccount',
  'CustomResourceDefinition',
  'ClusterRoleBinding',
  'ClusterRole',
  'RoleBinding',
  'Role',
  'AuthorizationConfiguration',
]);

/** What the Node authorizer goes by besides; it is listed only for questions about nodes. */
const NEEDED_FOR_NODES: Readonly<Record<string, readonly string[]>> = {
  '': ['persistentvolumes', 'pods'],
  'storage.k8s.io': ['volumeattachments'],
};
const KINDS_FOR_NODES = new Set(['PersistentVolume', 'Pod', 'ResourceSlice', 'VolumeAttachment']);

/** Files, or the cluster, of which only what is needed is listed. What is missing is told on standard error. */
export async function readRbac(paths: readonly string[], flags: RbacFlags): Promise<RbacInput> {
  const { kubeconfig, context, requestTimeout, quiet } = flags;
  const live = {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(requestTimeout !== undefined && { requestTimeout }),
    ...(quiet !== undefined && { quiet }),
  };
  const ofNode = flags.as?.startsWith('system:node:') === true;
  const isNeeded = (group: string, resource: string): boolean =>
    NEEDED[group]?.includes(resource) === true || (ofNode && NEEDED_FOR_NODES[group]?.includes(resource) === true);
  const snapshot = await readInput(paths, live, isNeeded);
  if (snapshot.counts.judged === 0) throw nothingIn(paths, snapshot);
  const cluster = buildCluster(withDefaults(onlyNeeded(snapshot, ofNode), quiet === true));
  const further = furtherAuthorizers(cluster);
  const gaps = [...snapshot.gaps.filter(({ code }) => LOSSES.has(code)), ...further.gaps];
  const [first] = gaps;
  if (first !== undefined && quiet !== true) {
    const more = gaps.length > 1 ? `; ${plural(gaps.length - 1, 'more gap')}` : '';
    const effect = first.code === 'other-authorizer' ? first.effect : 'there may be more rights than this shows';
    warn(`${effect}: ${first.scope}: ${first.reason}${more}`);
  }
  const nodes = ofNode ? new NodeAuthorizer(cluster.objects, cluster.tables.kubernetes.minor) : undefined;
  return { cluster, rbac: rbacOf(cluster), catalog: catalogOf(cluster), nodes, further, gaps };
}

function onlyNeeded(snapshot: Snapshot, ofNode: boolean): Snapshot {
  const objects = [];
  for (const each of snapshot.objects) {
    const kind = String(each.object.kind);
    if (KINDS.has(kind) || (ofNode && KINDS_FOR_NODES.has(kind)) || mayRunApiServer(each.object)) objects.push(each);
  }
  return { ...snapshot, objects };
}

/** Its flags tell who else decides. */
function mayRunApiServer({ kind, spec }: Readonly<Record<string, unknown>>): boolean {
  if (kind !== 'Pod' && kind !== 'Deployment' && kind !== 'DaemonSet' && kind !== 'StatefulSet') return false;
  const template = kind === 'Pod' ? { spec } : isRecord(spec) ? spec.template : undefined;
  if (!isRecord(template) || !isRecord(template.spec) || !Array.isArray(template.spec.containers)) return false;
  return template.spec.containers.some(
    (container: unknown) =>
      isRecord(container) && JSON.stringify([container.command, container.args, container.image]).includes('apiserver'),
  );
}

/** Manifests bind roles that every cluster has; they are added as Kubernetes makes them, which is told. */
function withDefaults(snapshot: Snapshot, quiet: boolean): Snapshot {
  if (snapshot.header.complete) return snapshot;
  const there = new Set<string>();
  const bound = new Set<string>();
  const objects = [...snapshot.objects];
  for (const { object } of objects) {
    if (object.kind === 'ClusterRole' && isRecord(object.metadata)) there.add(String(object.metadata.name));
    if (isRecord(object.roleRef) && object.roleRef.kind === 'ClusterRole') bound.add(String(object.roleRef.name));
  }
  const absent = DEFAULT_ROLE_NAMES.filter((name) => !there.has(name));
  const used = absent.filter((name) => bound.has(name));
  if (used.length === 0) return snapshot;
  if (!quiet)
    warn(
      `not in the input and taken as Kubernetes makes ${used.length === 1 ? 'it' : 'them'}: ${used.map((name) => `ClusterRole/${name}`).join(', ')}`,
    );
  for (const name of absent) {
    const object = defaultRole(name);
    if (object !== undefined) objects.push({ object, origin: { source: '', line: 1, format: 'json', prefix: [] } });
  }
  return { ...snapshot, objects };
}

export function warn(text: string): void {
  process.stderr.write(`${lineStart(printable(`castellan: ${text}`))}\n`);
}

/** `sa:ns/name` is short for `system:serviceaccount:ns:name`; groups that authentication adds are added. */
export function askedUser(command: string, { as, asGroup = [] }: RbacFlags): User {
  if (as === undefined && asGroup.length === 0) {
    throw new CastellanError('CAS_USAGE', `rbac ${command} needs --as`, {
      remedy: 'Name a user, a service account as sa:namespace/name, or with --as-group alone any member of a group.',
    });
  }
  if (as === '')
    throw new CastellanError('CAS_USAGE', '--as names nobody', { remedy: 'Leave --as out to ask for any member of --as-group.' });
  return withImplicitGroups({ name: userName(as ?? ''), groups: asGroup });
}

/** A user as people name it: an account may be written `sa:NAMESPACE/NAME`, and both as the ends of paths are. */
export function userName(text: string): string {
  if (text.startsWith('User/')) return text.slice('User/'.length);
  if (text.startsWith('Group/')) {
    const group = text.slice('Group/'.length);
    throw new CastellanError('CAS_USAGE', `"${text}" is a group and no user`, { remedy: `Ask for its members: --as-group ${group}.` });
  }
  const account = /^(?:sa:|ServiceAccount\/)(.*)$/s.exec(text)?.[1];
  if (account === undefined) return text;
  const [namespace = '', name = '', more] = account.split('/');
  const whole = accountUserName({ namespace, name });
  if (more === undefined && accountOf(whole) !== undefined) return whole;
  throw new CastellanError('CAS_USAGE', `"${text}" is no service account`, { remedy: 'Write it as sa:namespace/name.' });
}

/** `service account ci/runner`, `user jane`, or `members of dev` where no name is given. */
export function userText({ name, groups }: User): string {
  if (name === '') return `members of ${groups[0] ?? 'no group'}`;
  const account = accountOf(name);
  return account === undefined ? `user ${name}` : `service account ${account.namespace}/${account.name}`;
}

export function subjectText({ kind, name, namespace }: Subject): string {
  if (kind === 'ServiceAccount') return `ServiceAccount ${namespace}/${name}`;
  return `${kind} ${name}`;
}

export function subjectJson({ kind, name, namespace }: Subject): Record<string, string> {
  return { kind, name, ...(kind === 'ServiceAccount' && { namespace }) };
}

export function scopeText(namespace: string): string {
  return namespace === '' ? 'whole cluster' : `namespace ${namespace}`;
}

/** `create pods/exec in namespace shop`. */
export function requestText(request: RbacRequest): string {
  if (!isResourceRequest(request)) return `${request.verb} ${request.path}`;
  const { verb, apiGroup, resource, subresource, name, namespace } = request;
  const what = resourceText(apiGroup, subresource === '' ? resource : `${resource}/${subresource}`);
  return `${verb} ${what}${name === '' ? '' : ` "${name}"`} in ${namespace === '' ? 'the whole cluster' : `namespace ${namespace}`}`;
}

export interface TargetFlags extends RbacFlags {
  subresource?: string;
}

export interface Question {
  verb: string;
  target: string;
  paths: readonly string[];
}

/**
 * What is asked for, written as for kubectl: `pods`, `deploy`, `deployments.apps`, `pods/exec`, `secrets/db`,
 * `pods/web/log`, `/metrics`. What stands after the slash is a subresource where there is one of that name.
 */
export function requestOf(verb: string, target: string, { catalog, flags }: { catalog: Catalog; flags: TargetFlags }): RbacRequest {
  if (target.startsWith('/')) return { verb, path: target };
  const slash = target.indexOf('/');
  const [type, rest] = slash < 0 ? [target, ''] : [target.slice(0, slash), target.slice(slash + 1)];
  const known = catalog.find(type);
  const dot = type.indexOf('.');
  const named = known ?? { group: dot < 0 ? '' : type.slice(dot + 1), resource: dot < 0 ? type : type.slice(0, dot) };
  if (known === undefined && type !== '*' && flags.quiet !== true) {
    warn(
      `no resource "${type}" is known here; it is taken as one of ${named.group === '' ? 'the core group' : named.group}, in a namespace`,
    );
  }
  const { name, subresource } = partsOf(rest, {
    isBelow: (part) => isSubresource(known, part),
    whole: WITH_SLASHES.has(named.resource),
    given: flags.subresource,
  });
  const apiGroup = type === '*' ? '*' : named.group;
  return {
    verb,
    apiGroup,
    resource: named.resource,
    subresource,
    name,
    namespace: namespaceOf({ verb, resource: named.resource, name, isInNamespace: known?.namespaced !== false }, flags),
  };
}

/** Names of these have slashes themselves. */
const WITH_SLASHES = new Set(['signers', 'users', 'groups']);

function isSubresource(known: ReturnType<Catalog['find']>, part: string): boolean {
  return known?.subresources?.has(part) === true || known?.resource === 'userextras' || (known === undefined && COMMON.has(part));
}
const COMMON = new Set(['status', 'scale', 'finalizers']);

interface Reading {
  isBelow: (part: string) => boolean;
  whole: boolean;
  given: string | undefined;
}

function partsOf(rest: string, { isBelow, whole, given }: Reading): { name: string; subresource: string } {
  if (given !== undefined || whole || rest === '') return { name: rest, subresource: given ?? '' };
  const [first = '', second, ...more] = rest.split('/');
  if (more.length > 0)
    throw new CastellanError('CAS_USAGE', `"${rest}" has more parts than a name and a subresource`, {
      remedy: 'Write pods/exec, pods/NAME or pods/NAME/exec; a name with slashes goes with --subresource.',
    });
  if (second !== undefined) return isBelow(first) ? { name: second, subresource: first } : { name: first, subresource: second };
  return isBelow(first) ? { name: '', subresource: first } : { name: first, subresource: '' };
}

function namespaceOf(
  { verb, resource, name, isInNamespace }: { verb: string; resource: string; name: string; isInNamespace: boolean },
  { namespace = '', allNamespaces }: RbacFlags,
): string {
  if (namespace !== '' && allNamespaces === true) throw new CastellanError('CAS_USAGE', '-n and -A are both given');
  if (resource === 'namespaces' && name !== '') return name;
  // A cluster role lies in no namespace, but is bound in one.
  if (isInNamespace || (resource === 'clusterroles' && verb === 'bind')) return namespace;
  return '';
}
