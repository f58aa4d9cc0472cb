/**
 * What a request asks for, from its method and URL, as the API server derives it before anything else:
 * k8s.io/apiserver/pkg/endpoints/request/requestinfo.go. Authorization, audit and flow control all stand on it.
 */
import { listOptions } from './list-options.ts';
import { type RequestTarget, parseTarget } from './request-target.ts';

/** Texts are '' where the request has no such part. */
export interface RequestInfo {
  readonly isResourceRequest: boolean;
  /** The verb of the API, or the method in lower case where the request is not about a resource. */
  readonly verb: string;
  readonly apiGroup: string;
  readonly apiVersion: string;
  /** '' for what has no namespace, and for a list over all of them. */
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** As sent; only where the server honours it. */
  readonly fieldSelector: string;
  readonly labelSelector: string;
  /** Decoded, without the query. */
  readonly path: string;
  /** The server answers 500 and neither authorizes nor audits: a watch or proxy path that names nothing. */
  readonly problem?: string;
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const WITH_SELECTORS = new Set(['list', 'watch', 'deletecollection']);
const PREFIX_VERBS = new Set(['proxy', 'watch']);
/** What follows the name of a namespace and is not a resource inside it. */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

/** `url` is the request line's: a path with an optional query. Undefined where the server answers 400 at once. */
export function requestInfo(method: string, url: string): RequestInfo | undefined {
  const target = parseTarget(url);
  return target === undefined ? undefined : infoOf(method, target);
}

function infoOf(method: string, { path, query }: RequestTarget): RequestInfo {
  const none = {
    apiGroup: '',
    apiVersion: '',
    namespace: '',
    resource: '',
    subresource: '',
    name: '',
    fieldSelector: '',
    labelSelector: '',
  };
  const other: RequestInfo = { isResourceRequest: false, verb: method.toLowerCase(), ...none, path };
  const place = apiPlace(partsOf(path));
  if (place === undefined) return other;

  const { apiGroup, apiVersion } = place;
  const byPrefix = PREFIX_VERBS.has(place.parts[0] ?? '');
  const [prefixVerb, ...afterPrefix] = place.parts;
  const methodVerb = Object.hasOwn(VERBS, method) ? (VERBS[method] ?? '') : '';
  if (byPrefix && afterPrefix.length === 0) {
    return { ...other, isResourceRequest: true, apiGroup, apiVersion, problem: `nothing follows ${prefixVerb} in the path` };
  }
  const { namespace, parts } = withoutNamespace(byPrefix ? afterPrefix : place.parts);
  const asked = byPrefix ? (prefixVerb ?? '') : methodVerb;
  const [resource = '', name = ''] = parts;
  // What follows the name of a proxied object is for that object.
  const subresource = asked === 'proxy' ? '' : (parts[2] ?? '');
  const settled = settle(asked, name, query);
  const selects = !byPrefix && WITH_SELECTORS.has(settled.verb);
  return {
    isResourceRequest: true,
    ...settled,
    apiGroup,
    apiVersion,
    namespace,
    resource,
    subresource,
    fieldSelector: (selects ? query.get('fieldSelector')?.[0] : undefined) ?? '',
    labelSelector: (selects ? query.get('labelSelector')?.[0] : undefined) ?? '',
    path,
  };
}

function partsOf(path: string): string[] {
  const trimmed = path.replace(/^\/+/, '').replace(/\/+$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

interface Place {
  apiGroup: string;
  apiVersion: string;
  parts: readonly string[];
}

/** `/api/VERSION/…` and `/apis/GROUP/VERSION/…` with something behind the version; all else is no resource. */
function apiPlace(parts: readonly string[]): Place | undefined {
  const [prefix, second = '', third = ''] = parts;
  if (prefix === 'api' && parts.length >= 3) return { apiGroup: '', apiVersion: second, parts: parts.slice(2) };
  if (prefix === 'apis' && parts.length >= 4) return { apiGroup: second, apiVersion: third, parts: parts.slice(3) };
  return undefined;
}

/** `namespaces/NS/RESOURCE…` is RESOURCE in NS; `namespaces/NS` and its own subresources are the namespace, in itself. */
function withoutNamespace(parts: readonly string[]): { namespace: string; parts: readonly string[] } {
  const [first, namespace = '', next] = parts;
  if (first !== 'namespaces' || parts.length < 2) return { namespace: '', parts };
  const inside = next !== undefined && !NAMESPACE_SUBRESOURCES.has(next);
  return { namespace, parts: inside ? parts.slice(2) : parts };
}

/** Without a name a read is a list or a watch, and a deletion is of the whole collection. */
function settle(verb: string, name: string, query: RequestTarget['query']): { verb: string; name: string } {
  if (name !== '') return { verb, name };
  if (verb === 'delete') return { verb: 'deletecollection', name };
  if (verb !== 'get') return { verb, name };
  const options = listOptions(query);
  return { verb: options.watch ? 'watch' : 'list', name: options.name };
}

const LONG_VERBS = new Set(['watch', 'proxy']);
const LONG_SUBRESOURCES = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/** Requests that kube-apiserver lets run on (`BasicLongRunningRequestCheck`): audited when the answer starts as well. */
export function isLongRunning(info: Pick<RequestInfo, 'isResourceRequest' | 'verb' | 'subresource' | 'path'>): boolean {
  if (LONG_VERBS.has(info.verb)) return true;
  return info.isResourceRequest ? LONG_SUBRESOURCES.has(info.subresource) : info.path.startsWith('/debug/pprof/');
}
