/** Roles from nothing but the record: for each subject a ClusterRole for what it did across namespaces, and a Role in each namespace. */
import { accountOf } from '../../engines/rbac/index.ts';
import { groupBy } from '../../lib/groups.ts';
import type { Need } from './needs.ts';
import { type NeededRule, rulesFor } from './rules.ts';

export interface GeneratedRole {
  /** `Role/shop/reader`. */
  readonly ref: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** User names and names of groups that have it. */
  readonly holders: readonly string[];
  readonly rules: readonly NeededRule[];
  /** Rights that it gave before and gives no more; none of a new role. */
  readonly dropped: readonly string[];
  /** What is worth knowing of it. */
  readonly notes: readonly string[];
}

export interface NewRoles {
  readonly roles: readonly GeneratedRole[];
  readonly bindings: readonly Readonly<Record<string, unknown>>[];
}

export const RBAC_API = 'rbac.authorization.k8s.io';

export function newRoles(userName: string, needs: readonly Need[]): NewRoles {
  const roles: GeneratedRole[] = [];
  const bindings: Record<string, unknown>[] = [];
  const name = roleNameFor(userName);
  const scopes = [...groupBy(needs, ({ namespace }) => namespace)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [namespace, scoped] of scopes) {
    const rules = rulesFor(scoped);
    const metadata = namespace === '' ? { name } : { name, namespace };
    const kind = namespace === '' ? 'ClusterRole' : 'Role';
    roles.push({
      ref: namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`,
      object: { apiVersion: `${RBAC_API}/v1`, kind, metadata, rules: rules.map(({ rule }) => rule) },
      holders: [userName],
      rules,
      dropped: [],
      notes: [],
    });
    bindings.push({
      apiVersion: `${RBAC_API}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: RBAC_API, kind, name },
      subjects: [subjectFor(userName)],
    });
  }
  return { roles, bindings };
}

function subjectFor(userName: string): Record<string, string> {
  const account = accountOf(userName);
  return account === undefined
    ? { apiGroup: RBAC_API, kind: 'User', name: userName }
    : { kind: 'ServiceAccount', namespace: account.namespace, name: account.name };
}

/** No namespace has a dot, so no two accounts share a name; other users keep theirs as far as a path can hold it. */
function roleNameFor(userName: string): string {
  const account = accountOf(userName);
  if (account !== undefined) return `used-by-${account.namespace}.${account.name}`;
  return `used-by-user-${userName.replaceAll(/[^A-Za-z0-9.:@_-]/g, (sign) => `_${sign.codePointAt(0)?.toString(16)}_`)}`;
}
