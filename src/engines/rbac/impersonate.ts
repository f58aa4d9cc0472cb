/**
 * Whether a user may act as another: k8s.io/apiserver/pkg/endpoints/filters/impersonation. The old way lets the whole
 * request through; the constrained way (KEP-5284, on from Kubernetes 1.36) also asks for the request itself.
 */
import { MASTERS, type User, accountOf, isSubdomain, nodeOf } from './identity.ts';
import type { Decision, Rbac } from './rbac.ts';
import { type RbacRequest, type ResourceRequest, resourceRequest } from './request.ts';

export interface Impersonator extends User {
  /** What authentication says of him besides; a pod's token names its node under `authentication.kubernetes.io/node-name`. */
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The Impersonate headers. */
export interface Impersonation {
  /** Without a user the server refuses all the others. */
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid: string;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export type ImpersonationMode = 'legacy' | 'associated-node' | 'arbitrary-node' | 'serviceaccount' | 'user-info';

export interface ImpersonationDecision {
  readonly allowed: boolean;
  readonly mode?: ImpersonationMode;
  /** Each identity asked for and how it was decided, up to the first that is denied; of the mode that allows, else of the old one. */
  readonly checks: readonly { readonly request: RbacRequest; readonly decision: Decision }[];
  readonly refused?: string;
}

/** The first minor release that knows constrained impersonation without a feature gate. */
const CONSTRAINED_SINCE = 36;

const AUTHENTICATION = 'authentication.k8s.io';
const NODE_NAME = 'authentication.kubernetes.io/node-name';
/** From so many on the server first asks for all groups, or all extras, at once. */
const MANY = 4;

export interface ImpersonationRequest {
  readonly wanted: Impersonation;
  /** The request that is to be made as the other; constrained impersonation is asked only where it is given. */
  readonly on?: RbacRequest | undefined;
  /** Of the release, 34 of 1.34; the newest where left out. */
  readonly minor?: number | undefined;
}

export function authorizeImpersonation(rbac: Rbac, actor: Impersonator, request: ImpersonationRequest): ImpersonationDecision {
  const { wanted, minor = CONSTRAINED_SINCE } = request;
  const on = minor < CONSTRAINED_SINCE ? undefined : request.on;
  if (wanted.user === '') return { allowed: false, checks: [], refused: 'groups, a uid or extras cannot be impersonated without a user' };
  for (const mode of on === undefined ? [] : modesFor(actor, wanted)) {
    if (on === undefined) break;
    const asked = { ...on, verb: `impersonate-on:${mode}:${on.verb}` };
    const decision = rbac.authorize(actor, asked);
    if (!decision.allowed) continue;
    const checks = identityChecks(rbac, actor, { wanted, mode });
    if (checks.every((check) => check.decision.allowed)) return { allowed: true, mode, checks: [{ request: asked, decision }, ...checks] };
  }
  const checks = identityChecks(rbac, actor, { wanted, mode: 'legacy' });
  const allowed = checks.every(({ decision }) => decision.allowed);
  return allowed ? { allowed, mode: 'legacy', checks } : { allowed, checks };
}

/** In the order in which the server tries them. Nodes and service accounts have their groups from the server, so only the name may be given. */
function modesFor(actor: Impersonator, { user, groups, uid, extra }: Impersonation): Exclude<ImpersonationMode, 'legacy'>[] {
  const onlyName = groups.length === 0 && uid === '' && Object.keys(extra).length === 0;
  const node = nodeOf(user);
  if (node !== undefined) {
    if (!onlyName) return [];
    const [its, ...more] = actor.extra?.[NODE_NAME] ?? [];
    const isOwn = accountOf(actor.name) !== undefined && its === node && more.length === 0;
    return isOwn ? ['associated-node', 'arbitrary-node'] : ['arbitrary-node'];
  }
  if (accountOf(user) !== undefined) return onlyName ? ['serviceaccount'] : [];
  const isStrict =
    !groups.includes(MASTERS) && !groups.includes('') && Object.entries(extra).every(([key, values]) => isExtra(key, values));
  return isStrict ? ['user-info'] : [];
}

/** What only the constrained way asks of extras: a key that begins with a domain (IsDomainPrefixedPath), and values. */
function isExtra(key: string, values: readonly string[]): boolean {
  const slash = key.indexOf('/');
  const isPath = slash > 0 && isSubdomain(key.slice(0, slash)) && PATH.test(key.slice(slash + 1));
  return isPath && key === key.toLowerCase() && values.length > 0 && !values.includes('');
}

const PATH = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

function identityChecks(
  rbac: Rbac,
  actor: User,
  { wanted, mode }: { wanted: Impersonation; mode: ImpersonationMode },
): { request: RbacRequest; decision: Decision }[] {
  const checks: { request: RbacRequest; decision: Decision }[] = [];
  const verb = mode === 'legacy' ? 'impersonate' : `impersonate:${mode}`;
  const isAllowed = (request: RbacRequest): boolean => {
    const decision = rbac.authorize(actor, request);
    checks.push({ request, decision });
    return decision.allowed;
  };
  const apiGroup = mode === 'legacy' ? '' : AUTHENTICATION;
  const all = (requests: readonly ResourceRequest[], any: ResourceRequest): boolean => {
    if (mode !== 'legacy' && requests.length >= MANY && rbac.authorize(actor, any).allowed) return isAllowed(any);
    return requests.every(isAllowed);
  };
  const groups = wanted.groups.map((name) => resourceRequest(verb, 'groups', { apiGroup, name }));
  const extras = Object.entries(wanted.extra).flatMap(([key, values]) =>
    values.map((name) => resourceRequest(verb, 'userextras', { apiGroup: AUTHENTICATION, subresource: key, name })),
  );
  const uid = wanted.uid === '' ? [] : [resourceRequest(verb, 'uids', { apiGroup: AUTHENTICATION, name: wanted.uid })];
  const passed =
    isAllowed(userRequest(wanted.user, { verb, apiGroup, mode })) &&
    uid.every(isAllowed) &&
    all(groups, resourceRequest(verb, 'groups', { apiGroup, name: '*' }));
  if (passed) all(extras, resourceRequest(verb, 'userextras', { apiGroup: AUTHENTICATION, subresource: '*', name: '*' }));
  return checks;
}

function userRequest(user: string, { verb, apiGroup, mode }: { verb: string; apiGroup: string; mode: ImpersonationMode }): ResourceRequest {
  const account = accountOf(user);
  if (account !== undefined) return resourceRequest(verb, 'serviceaccounts', { apiGroup, ...account });
  if (mode === 'associated-node') return resourceRequest(verb, 'nodes', { apiGroup, name: '*' });
  if (mode === 'arbitrary-node') return resourceRequest(verb, 'nodes', { apiGroup, name: nodeOf(user) ?? '' });
  return resourceRequest(verb, 'users', { apiGroup, name: user });
}
