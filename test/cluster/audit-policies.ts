/**
 * Audit policies and requests at random, from a seed: for comparing our engine with a server. What policies name is
 * what requests are about, so that rules match often and for many reasons.
 */
import type { Random } from './random.ts';

/**
 * A request that a test can send: as a front proxy (X-Remote-User, X-Remote-Group), or without credentials where the user
 * is system:anonymous. It needs no rights, since what is forbidden is audited as well; the header Audit-ID names its events.
 */
export interface SendableRequest {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly url: string;
  /** With the groups that the server adds by itself. */
  readonly user: { readonly name: string; readonly groups: readonly string[] };
}

export const USERS = ['alice', 'bob', 'system:kube-proxy', 'system:serviceaccount:shop:cart', 'system:node:n1'] as const;
export const GROUPS = ['dev', 'ops', 'system:nodes', 'system:serviceaccounts', 'system:serviceaccounts:shop'] as const;
export const NAMESPACES = ['default', 'kube-system', 'shop'] as const;
export const NAMES = ['a', 'kube-system', 'shop', 'controller-leader'] as const;
const VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'proxy',
  'head',
  'post',
  '*',
  '',
] as const;
const PATHS = [
  '/',
  '/healthz',
  '/healthz/ping',
  '/livez',
  '/version',
  '/metrics',
  '/openapi/v3',
  '/api',
  '/api/v1',
  '/apis',
  '/apis/apps',
  '/apis/apps/v1',
] as const;
const PATTERNS = [
  '*',
  '/',
  '/*',
  '/healthz*',
  '/healthz',
  '/livez*',
  '/version',
  '/metrics',
  '/api*',
  '/api/v1',
  '/apis/*',
  '/openapi*',
] as const;

interface ServedGroup {
  readonly group: string;
  readonly version: string;
  /** Resources and whether they live in a namespace. */
  readonly resources: Readonly<Record<string, boolean>>;
}
const SERVED: readonly ServedGroup[] = [
  {
    group: '',
    version: 'v1',
    resources: { pods: true, secrets: true, configmaps: true, services: true, serviceaccounts: true, nodes: false, namespaces: false },
  },
  { group: 'apps', version: 'v1', resources: { deployments: true, statefulsets: true } },
  { group: 'rbac.authorization.k8s.io', version: 'v1', resources: { roles: true, clusterroles: false } },
  { group: 'authentication.k8s.io', version: 'v1', resources: { tokenreviews: false } },
  { group: 'example.com', version: 'v1beta1', resources: { widgets: true } },
];
const RESOURCES = SERVED.flatMap(({ resources }) => Object.keys(resources));
const SUBRESOURCES = ['status', 'log', 'exec', 'scale', 'token', 'proxy', 'finalize'] as const;
const LEVELS = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;

/** A policy that the server accepts. */
export function randomPolicy(random: Random): Record<string, unknown> {
  const rules = Array.from({ length: 1 + random.int(7) }, () => randomRule(random));
  if (random.chance(0.6)) rules.push({ level: random.pick(LEVELS) });
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    ...(random.chance(0.4) && { omitStages: few(random, STAGES, 2) }),
    ...(random.chance(0.3) && { omitManagedFields: random.chance(0.5) }),
    rules,
  };
}

/** Narrowed in most cases: a rule for everything leaves nothing to those behind it. */
function randomRule(random: Random): Record<string, unknown> {
  const rule: Record<string, unknown> = { level: random.pick(LEVELS) };
  if (random.chance(0.25)) rule.users = few(random, USERS, 2);
  if (random.chance(0.25)) rule.userGroups = few(random, [...GROUPS, 'system:authenticated', 'system:unauthenticated'], 2);
  if (random.chance(0.35)) rule.verbs = few(random, VERBS, 4);
  if (random.chance(0.2)) rule.nonResourceURLs = few(random, PATTERNS, 3);
  else {
    if (random.chance(0.6)) rule.resources = Array.from({ length: 1 + random.int(2) }, () => randomEntry(random));
    if (random.chance(0.3)) rule.namespaces = few(random, [...NAMESPACES, ''], 2);
  }
  if (Object.keys(rule).length === 1 && random.chance(0.8)) rule.verbs = few(random, VERBS, 3);
  if (random.chance(0.15)) rule.omitStages = few(random, STAGES, 2);
  if (random.chance(0.15)) rule.omitManagedFields = random.chance(0.5);
  return rule;
}

/** One or more; now and then none, which narrows nothing. */
function few<T>(random: Random, values: readonly T[], most: number): T[] {
  return random.chance(0.05) ? [] : [random.pick(values), ...random.some(values, most - 1)];
}

function randomEntry(random: Random): Record<string, unknown> {
  const { group, resources } = random.pick(SERVED);
  const entry: Record<string, unknown> = { group: random.chance(0.2) ? '*' : group };
  const named = random.some([...Object.keys(resources), ...RESOURCES.slice(0, 2)], 2).map((resource) => randomPattern(random, resource));
  if (random.chance(0.8) && named.length > 0) entry.resources = named;
  if (entry.resources !== undefined && random.chance(0.4)) entry.resourceNames = few(random, [...NAMES, ''], 3);
  return entry;
}

function randomPattern(random: Random, resource: string): string {
  if (random.chance(0.5)) return resource;
  return random.pick([`${resource}/*`, `${resource}/${random.pick(SUBRESOURCES)}`, `*/${random.pick(SUBRESOURCES)}`, '*', '*/*']);
}

export function randomRequest(random: Random): SendableRequest {
  const user = random.chance(0.1)
    ? { name: 'system:anonymous', groups: ['system:unauthenticated'] }
    : { name: random.chance(0.2) ? 'carol' : random.pick(USERS), groups: [...random.some(GROUPS, 2), 'system:authenticated'] };
  const method = random.pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
  const url = random.chance(0.2) ? random.pick(PATHS) : resourceUrl(random, method);
  return { method, url, user };
}

function resourceUrl(random: Random, method: string): string {
  const { group, version, resources } = random.pick(SERVED);
  const resource = random.chance(0.1) ? 'unknowns' : random.pick(Object.keys(resources));
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const prefix = random.chance(0.06) ? `/${random.pick(['watch', 'proxy'])}` : '';
  const inside = resources[resource] !== false && random.chance(0.75) ? `/namespaces/${random.pick(NAMESPACES)}` : '';
  const name = random.chance(0.55) ? `/${random.pick(NAMES)}` : '';
  const below = name !== '' && random.chance(0.35) ? `/${random.pick(SUBRESOURCES)}` : '';
  const rest = below !== '' && random.chance(0.1) ? '/deeper/still' : '';
  return `${root}${prefix}${inside}/${resource}${name}${below}${rest}${method === 'GET' || method === 'DELETE' ? query(random) : ''}`;
}

/** A watch ends by itself after a second. */
function query(random: Random): string {
  const parts: string[] = [];
  if (random.chance(0.25)) parts.push(`watch=${random.pick(['true', '1', 'false', '0', '', 'no'])}`, 'timeoutSeconds=1');
  if (random.chance(0.2)) parts.push(`fieldSelector=${random.pick(FIELD_SELECTORS)}`);
  if (random.chance(0.15)) parts.push(`labelSelector=${random.pick(LABEL_SELECTORS)}`);
  if (random.chance(0.1)) parts.push(random.pick(['limit=5', 'limit=many', 'pretty=true']));
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

const FIELD_SELECTORS = [
  'metadata.name%3Da',
  'metadata.name=shop',
  'metadata.name%3D%3Dkube-system,metadata.namespace%3Ddefault',
  'metadata.name!%3Da',
  'metadata.namespace=shop',
  'metadata.name%3Da,nonsense',
  'metadata.name%3D..',
  'status.phase%3DRunning,metadata.name%3Da',
] as const;
const LABEL_SELECTORS = ['app%3Dcart', 'app', '!canary', 'app+in+(a,b)', 'app+in+a', 'tier%3E3', '-bad', 'example.com/app!%3Dx'] as const;
