/**
 * Whether rules that somebody has contain rules that he would hand out, as the escalation checks compare them:
 * k8s.io/component-helpers/auth/rbac/validation/policy_comparator.go. What is handed out is broken into single rights;
 * each must be inside of one rule. So a list of every verb does not contain `*`.
 */
import { ALL, type RuleContent, urlMatches } from './rule.ts';

/** A PolicyRule as it is written: with the lists that it has. */
export interface SingleRight {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
  verbs: string[];
}

const NOTHING: RuleContent = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };

/** Everything there is; who sets an aggregation rule must have it. */
export const FULL_AUTHORITY: readonly RuleContent[] = [
  { ...NOTHING, verbs: [ALL], apiGroups: [ALL], resources: [ALL] },
  { ...NOTHING, verbs: [ALL], nonResourceURLs: [ALL] },
];

/** The single rights of `wanted` that no rule of `owned` contains; none where all are covered. */
export function uncovered(owned: Iterable<RuleContent>, wanted: Iterable<RuleContent>): SingleRight[] {
  const owners = [...new Set(owned)];
  const missing: SingleRight[] = [];
  for (const rule of wanted) {
    // A rule is contained as a whole in most cases, and then no right of it has to be looked at. Not one with URLs and
    // names, as names say nothing of URLs.
    const isWhole = rule.nonResourceURLs.length === 0 || rule.resourceNames.length === 0;
    if (isWhole && owners.some((owner) => owner === rule || containsWhole(owner, rule))) continue;
    for (const right of breakDown(rule)) if (!owners.some((owner) => contains(owner, right))) missing.push(right);
  }
  return missing;
}

/** Resources combine with names, groups and verbs; non-resource URLs with verbs alone. */
export function breakDown({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: RuleContent): SingleRight[] {
  const rights: SingleRight[] = [];
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const right = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (resourceNames.length === 0) rights.push(right);
        else for (const name of resourceNames) rights.push({ ...right, resourceNames: [name] });
      }
    }
  }
  for (const url of nonResourceURLs) for (const verb of verbs) rights.push({ nonResourceURLs: [url], verbs: [verb] });
  return rights;
}

function contains(owner: RuleContent, right: SingleRight): boolean {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs } = right;
  return containsWhole(owner, { apiGroups, resources, resourceNames, nonResourceURLs, verbs });
}

/** Whether every right of the rule is in this one. */
function containsWhole(owner: RuleContent, rule: RuleContent): boolean {
  return (
    hasAll(owner.verbs, rule.verbs) &&
    hasAll(owner.apiGroups, rule.apiGroups) &&
    rule.resources.every((resource) => hasResource(owner.resources, resource)) &&
    rule.nonResourceURLs.every((url) => owner.nonResourceURLs.some((pattern) => urlMatches(pattern, url))) &&
    (owner.resourceNames.length === 0 ||
      (rule.resourceNames.length > 0 && rule.resourceNames.every((n) => owner.resourceNames.includes(n))))
  );
}

function hasAll(owned: readonly string[], wanted: readonly string[]): boolean {
  return owned.includes(ALL) || wanted.every((each) => owned.includes(each));
}

/** Another pattern is covered like a resource: by itself, by `*`, and what has a slash by `*\/` and the rest. */
function hasResource(owned: readonly string[], wanted: string): boolean {
  if (owned.includes(ALL) || owned.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash >= 0 && owned.includes(`*${wanted.slice(slash)}`);
}
