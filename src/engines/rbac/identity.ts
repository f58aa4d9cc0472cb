/** Users, groups and service accounts, and the names by which the API server knows them. */

export interface User {
  readonly name: string;
  /** In full: nothing is implied. `withImplicitGroups` adds what the API server adds. */
  readonly groups: readonly string[];
}

export const MASTERS = 'system:masters';
export const AUTHENTICATED = 'system:authenticated';
export const UNAUTHENTICATED = 'system:unauthenticated';
export const ANONYMOUS = 'system:anonymous';
export const NODES = 'system:nodes';
export const SERVICE_ACCOUNTS = 'system:serviceaccounts';

const ACCOUNT_PREFIX = 'system:serviceaccount:';
const NODE_PREFIX = 'system:node:';
const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

export interface Account {
  readonly namespace: string;
  readonly name: string;
}

export function accountUserName({ namespace, name }: Account): string {
  return `${ACCOUNT_PREFIX}${namespace}:${name}`;
}

/** The service account that a user name stands for; undefined for every other name (serviceaccount.SplitUsername). */
export function accountOf(userName: string): Account | undefined {
  if (!userName.startsWith(ACCOUNT_PREFIX)) return undefined;
  const [namespace = '', name = '', more] = userName.slice(ACCOUNT_PREFIX.length).split(':');
  return more === undefined && isAccount({ namespace, name }) ? { namespace, name } : undefined;
}

/** Whether there can be an account called so, which the user name of one then stands for. */
export function isAccount({ namespace, name }: Account): boolean {
  return LABEL.test(namespace) && isSubdomain(name);
}

/** The node that a user name stands for; undefined where the rest of the name can be that of none. */
export function nodeOf(userName: string): string | undefined {
  const name = userName.startsWith(NODE_PREFIX) ? userName.slice(NODE_PREFIX.length) : '';
  return isSubdomain(name) ? name : undefined;
}

/** IsDNS1123Subdomain of apimachinery, which asks nothing of the length of labels. */
export function isSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}

/** The groups of every service account of a namespace, without `system:authenticated`. */
export function accountGroups(namespace: string): string[] {
  return [SERVICE_ACCOUNTS, `${SERVICE_ACCOUNTS}:${namespace}`];
}

/**
 * The user with the groups that authentication adds by itself: those of service accounts, `system:authenticated` of
 * everybody who signed in, `system:unauthenticated` of the anonymous. A node's own group comes with its certificate, so
 * it is added by name; a certificate may give further groups, which nobody knows from outside.
 */
export function withImplicitGroups(user: User): User {
  const groups = new Set(user.groups);
  const account = accountOf(user.name);
  if (account !== undefined) for (const group of accountGroups(account.namespace)) groups.add(group);
  if (user.name.startsWith(NODE_PREFIX)) groups.add(NODES);
  if (user.name === ANONYMOUS) groups.add(UNAUTHENTICATED);
  if (!groups.has(UNAUTHENTICATED)) groups.add(AUTHENTICATED);
  return { name: user.name, groups: [...groups] };
}
