/**
 * RBAC the slow way, sharing no line with the engine: plain objects, no index, aggregation by repeating the
 * controller's step until nothing changes.
 */
export interface Raw {
  [field: string]: unknown;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

export interface RawRule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

export interface RawRole extends Raw {
  rules?: RawRule[];
  aggregationRule?: { clusterRoleSelectors: { matchLabels?: Record<string, string>; matchExpressions?: RawExpression[] }[] };
}

interface RawExpression {
  key: string;
  operator: string;
  values?: string[];
}

export interface RawBinding extends Raw {
  roleRef: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
}

export interface Who {
  name: string;
  groups: string[];
}

export type Asked =
  | { verb: string; apiGroup: string; resource: string; subresource: string; name: string; namespace: string }
  | { verb: string; path: string };

/** The objects as they are when the aggregation controller has nothing left to do. */
export function settle(objects: readonly Raw[]): RawRoleOf {
  const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole').map((role) => ({ ...role }) as RawRole);
  const clusterRoles = roles.filter(({ kind }) => kind === 'ClusterRole');
  for (let changed = true; changed;) {
    changed = false;
    for (const role of clusterRoles) {
      const gathered: RawRule[] = [];
      for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
        for (const part of clusterRoles) {
          if (part.metadata.name === role.metadata.name || !isSelected(selector, part.metadata.labels ?? {})) continue;
          gathered.push(...(part.rules ?? []));
        }
      }
      // It applies what it gathers, and to apply an empty list changes nothing.
      if (gathered.length === 0 || JSON.stringify(gathered) === JSON.stringify(role.rules)) continue;
      role.rules = gathered;
      changed = true;
    }
  }
  return { roles, bindings: bindingsOf(objects) };
}

export interface RawRoleOf {
  roles: RawRole[];
  bindings: RawBinding[];
}

export function bindingsOf(objects: readonly Raw[]): RawBinding[] {
  return objects.filter(({ kind }) => kind.endsWith('Binding')) as RawBinding[];
}

function isSelected(
  { matchLabels = {}, matchExpressions = [] }: { matchLabels?: Record<string, string>; matchExpressions?: RawExpression[] },
  labels: Record<string, string>,
): boolean {
  for (const key of Object.keys(matchLabels)) if (labels[key] !== matchLabels[key]) return false;
  for (const { key, operator, values = [] } of matchExpressions) {
    const there = key in labels;
    const listed = there && values.includes(labels[key] ?? '');
    if (operator === 'In' && !listed) return false;
    if (operator === 'NotIn' && listed) return false;
    if (operator === 'Exists' && !there) return false;
    if (operator === 'DoesNotExist' && there) return false;
  }
  return true;
}

export function roleOf({ roles }: RawRoleOf, binding: RawBinding): RawRole | undefined {
  const home = binding.metadata.namespace;
  return roles.find(({ kind, metadata }) => {
    if (kind !== binding.roleRef.kind || metadata.name !== binding.roleRef.name) return false;
    return kind === 'ClusterRole' || (home !== undefined && metadata.namespace === home);
  });
}

function appliesTo(binding: RawBinding, who: Who): boolean {
  return (binding.subjects ?? []).some(({ kind, name, namespace = '' }) => {
    if (kind === 'User') return name === who.name;
    if (kind === 'Group') return who.groups.includes(name);
    const home = namespace === '' ? (binding.metadata.namespace ?? '') : namespace;
    return home !== '' && who.name === `system:serviceaccount:${home}:${name}`;
  });
}

/** The rules that somebody has in a namespace, '' being the cluster as a whole. */
export function rulesFor(world: RawRoleOf, who: Who, namespace: string): RawRule[] {
  return world.bindings
    .filter((binding) => binding.metadata.namespace === undefined || binding.metadata.namespace === namespace)
    .filter((binding) => appliesTo(binding, who))
    .flatMap((binding) => roleOf(world, binding)?.rules ?? []);
}

export function allows(world: RawRoleOf, who: Who, asked: Asked): boolean {
  if (who.groups.includes('system:masters')) return true;
  return rulesFor(world, who, 'path' in asked ? '' : asked.namespace).some((rule) => ruleMatches(rule, asked));
}

function ruleMatches(
  { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: RawRule,
  asked: Asked,
): boolean {
  if (!verbs.some((verb) => verb === '*' || verb === asked.verb)) return false;
  if ('path' in asked) return nonResourceURLs.some((url) => urlCovers(url, asked.path));
  const full = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  return (
    apiGroups.some((group) => group === '*' || group === asked.apiGroup) &&
    resources.some((entry) => entry === '*' || entry === full || (asked.subresource !== '' && entry === `*/${asked.subresource}`)) &&
    (resourceNames.length === 0 || resourceNames.some((name) => name === asked.name))
  );
}

function urlCovers(pattern: string, path: string): boolean {
  if (pattern === path) return true;
  let end = pattern.length;
  while (end > 0 && pattern[end - 1] === '*') end -= 1;
  return end < pattern.length && path.slice(0, end) === pattern.slice(0, end);
}

/** Whether each single right of `wanted` is inside of one rule of `owned`. */
export function covers(owned: readonly RawRule[], wanted: readonly RawRule[]): boolean {
  for (const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } of wanted) {
    for (const verb of verbs) {
      for (const url of nonResourceURLs) if (!owned.some((rule) => ownsUrl(rule, verb, url))) return false;
      for (const group of apiGroups) {
        for (const resource of resources) {
          const names = resourceNames.length === 0 ? [undefined] : resourceNames;
          for (const name of names) if (!owned.some((rule) => owns(rule, [verb, group, resource, name]))) return false;
        }
      }
    }
  }
  return true;
}

function ownsUrl({ verbs = [], resourceNames = [], nonResourceURLs = [] }: RawRule, verb: string, url: string): boolean {
  return (
    resourceNames.length === 0 &&
    (verbs.includes('*') || verbs.includes(verb)) &&
    nonResourceURLs.some((pattern) => urlCovers(pattern, url))
  );
}

function owns(
  { verbs = [], apiGroups = [], resources = [], resourceNames = [] }: RawRule,
  [verb, group, resource, name]: [string, string, string, string | undefined],
): boolean {
  if (!verbs.includes('*') && !verbs.includes(verb)) return false;
  if (!apiGroups.includes('*') && !apiGroups.includes(group)) return false;
  const below = resource.includes('/') ? `*${resource.slice(resource.indexOf('/'))}` : resource;
  if (!resources.includes('*') && !resources.includes(resource) && !resources.includes(below)) return false;
  return resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name));
}
