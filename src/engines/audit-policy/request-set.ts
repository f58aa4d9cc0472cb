/** Sets of requests about which a question to a policy can be asked as a whole. */
import type { AuditRequest } from './policy.ts';

export const ANY = '*';

/**
 * Who sends them: everybody who has all of `groups`, and no other group when `closed`; of one name, or of any. In the
 * groups stands what the server adds itself, such as `system:authenticated`. Undefined is who cannot be authenticated.
 */
export interface Who {
  readonly name?: string;
  readonly groups: readonly string[];
  readonly closed: boolean;
}

/** Everybody whose credentials the server accepts. */
export const AUTHENTICATED: Who = { groups: ['system:authenticated'], closed: false };
export const ANONYMOUS: Who = { name: 'system:anonymous', groups: ['system:unauthenticated'], closed: true };

/** `namespace`: the object is a namespace, whose own name stands as its namespace. `any`: not known, so either. */
export type ResourceScope = 'namespaced' | 'cluster' | 'namespace' | 'any';

/** Each part may be ANY; `subresource` '' is the object itself. */
export interface ResourceTarget {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly scope: ResourceScope;
}

/** Requests with one of the verbs on one of the targets, or with one of the methods (in lower case) on one of the paths. */
export interface RequestSet {
  readonly who: Who | undefined;
  /** [ANY] for all that the API has. */
  readonly verbs: readonly string[];
  readonly targets: readonly ResourceTarget[];
  /** A star at the end stands for whatever follows. */
  readonly paths: readonly string[];
  /** Only requests in these namespaces ('' for none or all), and on objects of these names; where left out, in and on any. */
  readonly namespaces?: readonly string[];
  readonly names?: readonly string[];
}

export const API_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;
export const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const;

/** Requests that differ in user, namespace and name only. */
export type Atom = Pick<AuditRequest, 'isResourceRequest' | 'verb' | 'apiGroup' | 'resource' | 'subresource' | 'path'> & {
  readonly scope: ResourceScope;
};

/** Whether a part of a request can be empty, and whether it can be filled. */
export interface Possible {
  readonly none: boolean;
  readonly some: boolean;
}

/** Of the namespace. A namespace is inside itself as soon as it is named. */
export function namespacesOf(atom: Pick<Atom, 'isResourceRequest' | 'verb' | 'subresource' | 'scope'>): Possible {
  const { isResourceRequest, verb, scope } = atom;
  if (!isResourceRequest || scope === 'cluster') return { none: true, some: false };
  if (scope === 'namespace') return namesOf(atom);
  return { none: scope === 'any' || verb === 'list' || verb === 'watch', some: true };
}

/**
 * Of the name: what is created is named in the body, which the policy does not see, and a list has the name that its
 * field selector asks for.
 */
export function namesOf({ isResourceRequest, verb, subresource }: Pick<Atom, 'isResourceRequest' | 'verb' | 'subresource'>): Possible {
  if (!isResourceRequest || verb === 'deletecollection' || (verb === 'create' && subresource === '')) return { none: true, some: false };
  return { none: verb === 'list' || verb === 'watch', some: true };
}
