/** Whether a release of Kubernetes serves an API, and what to use instead. */
import { API_REMOVALS, type ApiRemoval, GROUP_VERSIONS } from './api-removals.ts';

export interface ApiStatus {
  /** `unknown`: a version that the group has never had. */
  state: 'removed' | 'deprecated' | 'unknown';
  /** Minor in which it was deprecated; absent for `unknown`. */
  deprecated?: number;
  /** First minor without it. */
  removed?: number;
  replacement?: string;
}

/** By `apiVersion kind`; the key without a kind stands for every kind of the version. */
const BY_API = new Map<string, ApiRemoval>(
  API_REMOVALS.flatMap((entry) =>
    entry.kinds.length === 0 ? [[entry.api, entry] as const] : entry.kinds.map((kind) => [`${entry.api} ${kind}`, entry] as const),
  ),
);
/** The apiVersions with an entry at all, so that nearly every object costs one look-up. */
const LISTED = new Set(API_REMOVALS.map((entry) => entry.api));

/**
 * The status of an API at the minor of a release (`34` of 1.34), or undefined when it is served and stays.
 * Kinds are taken by name; a `List` counts as its items. Groups that Kubernetes itself does not own are never judged.
 */
export function apiStatus(apiVersion: string, kind: string, minor: number): ApiStatus | undefined {
  if (!LISTED.has(apiVersion)) return isUnknown(apiVersion) ? { state: 'unknown' } : undefined;
  const entry = BY_API.get(apiVersion) ?? BY_API.get(`${apiVersion} ${kind}`) ?? BY_API.get(`${apiVersion} ${kind.replace(/List$/, '')}`);
  if (entry === undefined || minor < entry.deprecated) return undefined;
  const status: ApiStatus = {
    state: entry.removed !== undefined && minor >= entry.removed ? 'removed' : 'deprecated',
    deprecated: entry.deprecated,
  };
  if (entry.removed !== undefined) status.removed = entry.removed;
  if (entry.replacement !== undefined) status.replacement = entry.replacement;
  return status;
}

function isUnknown(apiVersion: string): boolean {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  if (apiVersion === '' || !Object.hasOwn(GROUP_VERSIONS, group)) return false;
  return GROUP_VERSIONS[group]?.includes(apiVersion.slice(slash + 1)) !== true;
}
