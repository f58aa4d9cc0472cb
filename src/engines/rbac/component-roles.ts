/** What the roles of Kubernetes' own parts (controllers, scheduler, nodes, …) grant in a cluster that nobody has changed. */
import { COMPONENT_ROLES, NEWER_RELEASE, OLDER_RELEASE } from './component-roles-data.ts';
import { type SingleRight, uncovered } from './covers.ts';
import type { RuleContent } from './rule.ts';

/** Minor releases of Kubernetes 1 between which the table holds, both included. */
export const COMPONENT_ROLE_RELEASES = { first: OLDER_RELEASE, last: NEWER_RELEASE } as const;

export interface ComponentRole {
  /** `ClusterRole/system:node`, `Role/kube-system/system:controller:token-cleaner`. */
  readonly ref: string;
  /** In the first and in the last release of the table. */
  readonly first: readonly RuleContent[];
  readonly last: readonly RuleContent[];
}

let roles: ReadonlyMap<string, ComponentRole> | undefined;

/** Undefined for a role that is not one of Kubernetes' own, or one that gathers its rules from others. */
export function componentRole(ref: string): ComponentRole | undefined {
  roles ??= readTable(COMPONENT_ROLES);
  return roles.get(ref);
}

export function componentRoleRefs(): readonly string[] {
  roles ??= readTable(COMPONENT_ROLES);
  return [...roles.keys()];
}

/** Every verb, group, resource, name and URL in their rules: what anybody may know, whoever runs the cluster. */
export function componentRoleWords(): ReadonlySet<string> {
  roles ??= readTable(COMPONENT_ROLES);
  const rules = [...roles.values()].flatMap(({ first, last }) => [...first, ...last]);
  return new Set(rules.flatMap((rule) => Object.values(rule).flat()).filter((word) => word !== ''));
}

/**
 * The single rights among `rules` that the role has in neither release. Between the two a release may have had a right
 * for a while that both of them lack; no such one is known.
 */
export function addedRights({ first, last }: ComponentRole, rules: readonly RuleContent[]): SingleRight[] {
  return uncovered([...first, ...last], rules);
}

function readTable(text: string): Map<string, ComponentRole> {
  const found = new Map<string, Reading>();
  let role: Reading | undefined;
  for (const line of text.trim().split('\n')) {
    const [, indent = '', mark, content = ''] = /^( *)([<>])? ?(.*)$/.exec(line) ?? [];
    if (indent === '') {
      role = { ref: content.replace(' ', '/'), mark, first: [], last: [] };
      found.set(role.ref, role);
    } else if (role !== undefined) {
      const rule = ruleOf(content);
      const only = role.mark ?? mark;
      if (only !== '>') role.first.push(rule);
      if (only !== '<') role.last.push(rule);
    }
  }
  return found;
}

interface Reading {
  ref: string;
  mark: string | undefined;
  first: RuleContent[];
  last: RuleContent[];
}

function ruleOf(line: string): RuleContent {
  const [verbs = [], second = [], resources, resourceNames = []] = line.split(' | ').map((list) => list.split(' '));
  if (resources === undefined) return { verbs, apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: second };
  const apiGroups = second.map((group) => (group === 'core' ? '' : group));
  return { verbs, apiGroups, resources, resourceNames, nonResourceURLs: [] };
}
