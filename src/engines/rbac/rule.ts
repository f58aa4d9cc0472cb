/**
 * Whether a rule of a role covers a request: plugin/pkg/auth/authorizer/rbac/rbac.go and the helpers of
 * pkg/apis/rbac/v1/evaluation_helpers.go. Verb, group, resource and name must all match within one rule.
 */
import type { RbacRequest, ResourceRequest } from './request.ts';
import { isResourceRequest } from './request.ts';

export const ALL = '*';

/** A PolicyRule with every list present; rules of equal content are one object. */
export interface Rule {
  /** Dense over the distinct rules of a world. */
  readonly id: number;
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export type RuleContent = Omit<Rule, 'id'>;

export function ruleAllows(rule: RuleContent, request: RbacRequest): boolean {
  if (!isResourceRequest(request)) {
    return includesOrAll(rule.verbs, request.verb) && rule.nonResourceURLs.some((url) => urlMatches(url, request.path));
  }
  return ruleReaches(rule, request) && nameMatches(rule, request.name);
}

/** As `ruleAllows`, whatever the name. */
export function ruleReaches(rule: RuleContent, request: Omit<ResourceRequest, 'name' | 'namespace'>): boolean {
  return (
    includesOrAll(rule.verbs, request.verb) &&
    includesOrAll(rule.apiGroups, request.apiGroup) &&
    rule.resources.some((entry) => resourceMatches(entry, request.resource, request.subresource))
  );
}

/** `*` covers everything, `*\/scale` the subresource of every resource; `pods/*` is no pattern and covers nothing. */
export function resourceMatches(entry: string, resource: string, subresource: string): boolean {
  if (entry === ALL) return true;
  if (subresource === '') return entry === resource;
  return entry === `${resource}/${subresource}` || entry === `*/${subresource}`;
}

/** A request without a name, such as a create, matches a rule with names only where one of them is ''. */
export function nameMatches(rule: Pick<Rule, 'resourceNames'>, name: string): boolean {
  return rule.resourceNames.length === 0 || rule.resourceNames.includes(name);
}

/** A star counts only at the end, where any number of them is one; the same for a path and for another pattern. */
export function urlMatches(pattern: string, path: string): boolean {
  if (pattern === ALL || pattern === path) return true;
  return pattern.endsWith(ALL) && path.startsWith(pattern.replace(/\*+$/, ''));
}

export function includesOrAll(values: readonly string[], value: string): boolean {
  return values.includes(value) || values.includes(ALL);
}
