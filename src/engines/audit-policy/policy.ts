/** An audit policy and the requests that it is asked about; k8s.io/apiserver/pkg/apis/audit/types.go. */
import type { RequestInfo } from '../request-info/index.ts';

/** From nothing to everything. */
export const LEVELS = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export type Level = (typeof LEVELS)[number];

export const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type Stage = (typeof STAGES)[number];

/** `group` '' is the core group and `*` every group; no `resources` means all of the group. */
export interface GroupResources {
  readonly group: string;
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
}

/** Empty lists do not narrow the rule. */
export interface AuditRule {
  readonly level: Level;
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  readonly verbs: readonly string[];
  readonly resources: readonly GroupResources[];
  /** '' stands for what has no namespace. */
  readonly namespaces: readonly string[];
  readonly nonResourceURLs: readonly string[];
  /** Those of the policy among them. */
  readonly omitStages: readonly Stage[];
  readonly omitManagedFields: boolean;
}

export interface AuditPolicy {
  readonly rules: readonly AuditRule[];
  readonly omitStages: readonly Stage[];
  readonly omitManagedFields: boolean;
}

export interface AuditUser {
  readonly name: string;
  /** In full: `system:authenticated` is not implied. */
  readonly groups: readonly string[];
}

/**
 * A request as the policy sees it. The user is the one who authenticated, never one who is impersonated: audit stands
 * before impersonation in the server's chain. Undefined where nobody could be authenticated.
 */
export interface AuditRequest extends Pick<
  RequestInfo,
  'isResourceRequest' | 'verb' | 'apiGroup' | 'namespace' | 'resource' | 'subresource' | 'name' | 'path'
> {
  readonly user: AuditUser | undefined;
}

export function isAtLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}

/** Each stage once, in the order in which a request passes them. */
export function stagesOf(...lists: readonly (readonly Stage[])[]): Stage[] {
  return STAGES.filter((stage) => lists.some((list) => list.includes(stage)));
}
