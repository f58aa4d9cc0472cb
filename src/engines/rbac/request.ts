/** What is asked of the authorizer: the attributes of a request, as `request-info` derives them or a review names them. */

export interface ResourceRequest {
  readonly verb: string;
  /** '' is the core group. */
  readonly apiGroup: string;
  readonly resource: string;
  /** '' where the request is for the resource itself. */
  readonly subresource: string;
  /**
   * '' where the request names none: create of a resource itself, deletecollection, and list or watch without the field
   * selector metadata.name.
   */
  readonly name: string;
  /**
   * '' for all namespaces at once and for what lies in none, both of which only a ClusterRoleBinding answers. A request
   * for a Namespace by its name is one inside of that namespace.
   */
  readonly namespace: string;
}

export interface PathRequest {
  /** An HTTP method in lower case. */
  readonly verb: string;
  readonly path: string;
}

export type RbacRequest = ResourceRequest | PathRequest;

export function isResourceRequest(request: RbacRequest): request is ResourceRequest {
  return !('path' in request);
}

/** A resource request from what matters; all else is ''. `resource` may be written with its subresource: `pods/exec`. */
export function resourceRequest(verb: string, resource: string, rest: Partial<ResourceRequest> = {}): ResourceRequest {
  const slash = resource.indexOf('/');
  const [main, below] = slash < 0 ? [resource, ''] : [resource.slice(0, slash), resource.slice(slash + 1)];
  return { apiGroup: '', subresource: below, name: '', namespace: '', ...rest, verb, resource: main };
}
