/** Which domains of a proof a change may have a part in, by the fields that its patches edit. */
import { isRecord, textOf } from '../lib/record.ts';
import type { Change, Patch } from '../rules/index.ts';
import { deletedToken } from './legacy-tokens.ts';
import { refIn } from './overlay.ts';
import { POLICY_KINDS, isPluginPolicy } from './policy-kinds.ts';
import type { UnknownBecause } from './proof.ts';
import type { State } from './state.ts';

export const DOMAINS = ['requests', 'flows', 'admission', 'starts'] as const;
export type Domain = (typeof DOMAINS)[number];

export const RBAC_KINDS: ReadonlySet<string> = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);

/** What a patch may have a part in, by what it edits. */
export function touchedBy({ patches }: Change, before: State): ReadonlySet<Domain> {
  const touched = new Set<Domain>();
  for (const patch of patches) {
    const kind = kindOf(patch);
    if (RBAC_KINDS.has(kind) || isTokenPatch(patch) || isAccountPatch(patch) || deletedToken(patch, before) !== undefined)
      touched.add('requests');
    else if (POLICY_KINDS.has(kind) || isPluginPolicy(kind)) touched.add('flows');
    else if (kind === 'Namespace') {
      touched.add('admission');
      if (patch.operation !== 'patch' || isDoubted(patch, before) || picksByLevel(before)) touched.add('flows');
    } else if (isMoved(patch)) touched.add('flows');
    if (isDoubted(patch, before)) touched.add('starts');
  }
  return touched;
}

/** The pods of a Service or workload that goes, and the fields by which policies and Services find pods and their ports. */
const SELECTED_BY = [
  '/metadata/labels',
  '/spec/hostNetwork',
  '/spec/containers',
  '/spec/initContainers',
  '/spec/selector',
  '/spec/ports',
].flatMap((path) => ['', '/spec/template', '/spec/jobTemplate/spec/template'].map((prefix) => prefix + path));
const OF_CONTAINER = /\/(containers|initContainers)\/[^/]+\/(?!ports(\/|$))/;
/** They lead to no connection, and select nothing. */
const APART: ReadonlySet<string> = new Set(['ConfigMap', 'Secret', 'ServiceAccount', 'PersistentVolume', 'PersistentVolumeClaim']);

/** Whether other pods may be selected, or ports be open. A patch of what lies above such a field may bring another one. */
function isMoved(patch: Patch): boolean {
  if (APART.has(kindOf(patch)) || patch.operation === 'create') return false;
  if (patch.operation === 'delete') return true;
  return patch.patch.some(({ op, path }) => {
    if (op === 'test' || OF_CONTAINER.test(path)) return false;
    return SELECTED_BY.some((field) => path === field || path.startsWith(`${field}/`) || field.startsWith(`${path}/`) || path === '');
  });
}

/** Policies of a namespace are for its own pods; what else a change does may concern any, so that all are compared. */
export function concernedBy({ patches }: Change, before: State, after: State): { concerned?: ReadonlySet<string> } {
  const policies = patches.filter((patch) => kindOf(patch) === 'NetworkPolicy');
  const isAllOfPods = patches.every((patch) => {
    const kind = kindOf(patch);
    return kind === 'NetworkPolicy' || !(POLICY_KINDS.has(kind) || kind === 'Namespace' || isMoved(patch));
  });
  if (policies.length === 0 || !isAllOfPods) return {};
  const namespaces = new Set(policies.map(({ target }) => target.split('/')[1]));
  const pods = [...before.world.pods, ...after.world.pods].filter(({ namespace }) => namespaces.has(namespace));
  return { concerned: new Set(pods.map(({ workload }) => workload)) };
}

/** Labels of a namespace that mean something to Pod Security alone; others choose webhooks, meshes and more. */
const POD_SECURITY = /^\/metadata\/labels\/pod-security\.kubernetes\.io~1(enforce|warn|audit)$/;

/** What nobody can judge here is counted to the starts of programs. */
function isDoubted(patch: Patch, before: State): boolean {
  const kind = kindOf(patch);
  if (RBAC_KINDS.has(kind) || POLICY_KINDS.has(kind) || isPluginPolicy(kind) || isTokenPatch(patch)) return false;
  // Nothing runs as an account that is new, until something is said to.
  if (kind === 'ServiceAccount' && patch.operation === 'create') return false;
  if (deletedToken(patch, before) !== undefined) return false;
  if (isAccountPatch(patch)) return before.surroundings.users.every(({ ref }) => ref !== patch.target);
  if (kind !== 'Namespace') return true;
  if (patch.operation !== 'patch') return patch.operation === 'delete';
  const was = before.objects.findLast(({ object }) => refIn(object) === patch.target)?.object;
  const labels = at(was, 'metadata', 'labels');
  const isUnlabelled = !isRecord(labels) || Object.keys(labels).length === 0;
  return !patch.patch.every(({ op, path, value }) => {
    if (op === 'test' || POD_SECURITY.test(path)) return true;
    if (op === 'replace' && path === '' && isRecord(value)) return isOfPodSecurity(was ?? {}, value);
    // The first labels of all.
    if (op !== 'add' || path !== '/metadata/labels' || !isUnlabelled || !isRecord(value)) return false;
    return Object.keys(value).every(isOwnLabel);
  });
}

function isOwnLabel(key: string): boolean {
  return POD_SECURITY.test(`/metadata/labels/${key.replaceAll('/', '~1')}`);
}

/** Whether a namespace that is written anew differs in nothing but such labels, and in what the server and kubectl put there. */
function isOfPodSecurity(was: Readonly<Record<string, unknown>>, is: Readonly<Record<string, unknown>>): boolean {
  const differing = (field: string, isApart: (key: string) => boolean): boolean => {
    const [old, now] = [at(was, 'metadata', field), at(is, 'metadata', field)].map((one) => (isRecord(one) ? one : {}));
    return Object.keys({ ...old, ...now }).some((key) => !isApart(key) && old?.[key] !== now?.[key]);
  };
  return (
    !differing('labels', (key) => isOwnLabel(key) || key === 'kubernetes.io/metadata.name') &&
    !differing('annotations', (key) => key.startsWith('kubectl.kubernetes.io/'))
  );
}

const TOKEN = /\/automountServiceAccountToken$/;

export function isTokenPatch({ operation, patch }: Patch): boolean {
  return (
    operation === 'patch' &&
    patch.length > 0 &&
    patch.every(({ op, path, value }) => op === 'test' || (TOKEN.test(path) && op !== 'remove' && value === false))
  );
}

export const ACCOUNT_NAME = /\/serviceAccountName$/;

export function isAccountPatch({ operation, patch }: Patch): boolean {
  const isName = ({ op, path, value }: Patch['patch'][number]): boolean =>
    op === 'test' || ((op === 'add' || op === 'replace') && ACCOUNT_NAME.test(path) && typeof value === 'string' && value !== '');
  return operation === 'patch' && patch.some(({ op }) => op !== 'test') && patch.every(isName);
}

export function startDoubts({ patches }: Change, before: State): UnknownBecause[] {
  return patches.filter((patch) => isDoubted(patch, before)).map(({ target }) => ({ code: 'behaviour-unseen', about: target }));
}

/** Whether a policy picks namespaces by the labels of Pod Security. */
function picksByLevel({ objects }: State): boolean {
  return objects.some(
    ({ object }) => POLICY_KINDS.has(textOf(object.kind)) && JSON.stringify(object).includes('pod-security.kubernetes.io'),
  );
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), value);
}

/** With its group where it is none of Kubernetes' own, as `refIn` has it. */
export function kindOf({ target, object }: Patch): string {
  return (isRecord(object) ? refIn(object) : target).split('/', 1)[0] ?? '';
}
