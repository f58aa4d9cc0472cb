/** The level that a policy gives to a request; k8s.io/apiserver/pkg/audit/policy/checker.go. */
import type { AuditPolicy, AuditRequest, AuditRule, AuditUser, GroupResources, Level, Stage } from './policy.ts';

/** What keeps a rule from matching, in the order in which the server looks. */
export type Mismatch = 'user' | 'group' | 'verb' | 'not-a-resource' | 'namespace' | 'resource' | 'name' | 'not-a-path' | 'path';

export interface Reason {
  /** Index of the rule. */
  readonly rule: number;
  readonly because: Mismatch;
}

export interface Decision {
  readonly level: Level;
  /** In the order in which a request passes them. */
  readonly omitStages: readonly Stage[];
  readonly omitManagedFields: boolean;
  /** Index of the rule that decides; left out where none matches, which means level None. */
  readonly rule?: number;
}

/** The first rule that matches decides. */
export function auditLevel(policy: AuditPolicy, request: AuditRequest): Decision {
  const { rules } = policy;
  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index];
    if (rule === undefined || mismatch(rule, request) !== undefined) continue;
    return { level: rule.level, omitStages: rule.omitStages, omitManagedFields: rule.omitManagedFields, rule: index };
  }
  return { level: 'None', omitStages: policy.omitStages, omitManagedFields: policy.omitManagedFields };
}

/** As `auditLevel`, with the reason why each rule before the one that decides does not match. */
export function explainLevel(policy: AuditPolicy, request: AuditRequest): Decision & { readonly reasons: readonly Reason[] } {
  const decision = auditLevel(policy, request);
  const passed = policy.rules.slice(0, decision.rule ?? policy.rules.length);
  const reasons = passed.map((rule, index): Reason => ({ rule: index, because: mismatch(rule, request) ?? 'user' }));
  return { ...decision, reasons };
}

/** Undefined where the rule matches. */
export function mismatch(rule: AuditRule, request: AuditRequest): Mismatch | undefined {
  const { user, verb } = request;
  if (rule.users.length > 0 && (user === undefined || !rule.users.includes(user.name))) return 'user';
  if (rule.userGroups.length > 0 && !isInAny(user, rule.userGroups)) return 'group';
  if (rule.verbs.length > 0 && !rule.verbs.includes(verb)) return 'verb';
  if (rule.namespaces.length > 0 || rule.resources.length > 0) return resourceMismatch(rule, request);
  if (rule.nonResourceURLs.length === 0) return undefined;
  if (request.isResourceRequest) return 'not-a-path';
  return rule.nonResourceURLs.some((pattern) => pathMatches(pattern, request.path)) ? undefined : 'path';
}

function isInAny(user: AuditUser | undefined, groups: readonly string[]): boolean {
  return user?.groups.some((group) => groups.includes(group)) === true;
}

/** A rule that only names namespaces is about resources too. */
function resourceMismatch(rule: AuditRule, request: AuditRequest): Mismatch | undefined {
  if (!request.isResourceRequest) return 'not-a-resource';
  if (rule.namespaces.length > 0 && !rule.namespaces.includes(request.namespace)) return 'namespace';
  if (rule.resources.length === 0) return undefined;
  let named = false;
  for (const entry of rule.resources) {
    if (!entryCovers(entry, request)) continue;
    if (entry.resourceNames.length === 0 || entry.resourceNames.includes(request.name)) return undefined;
    named = true;
  }
  return named ? 'name' : 'resource';
}

/** Whether an entry is about the resource, whatever object of it is meant. */
export function entryCovers(entry: GroupResources, asked: Pick<AuditRequest, 'apiGroup' | 'resource' | 'subresource'>): boolean {
  if (entry.group !== '*' && entry.group !== asked.apiGroup) return false;
  if (entry.resources.length === 0) return true;
  const { resource, subresource } = asked;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  for (const pattern of entry.resources) {
    if (pattern === '*' || pattern === whole) return true;
    if (subresource !== '' && pattern === `*/${subresource}`) return true;
    // `pods/*` takes the pods themselves as well, unlike what its documentation says.
    if (pattern === `${resource}/*`) return true;
  }
  return false;
}

export function pathMatches(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true;
  return pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, ''));
}
