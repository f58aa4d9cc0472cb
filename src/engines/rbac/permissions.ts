/** All that a user may do: what each scope gives, through which binding and role, and what is granted in vain. */
import type { Catalog } from './catalog.ts';
import type { User } from './identity.ts';
import { type Rbac, isNeverNamed } from './rbac.ts';
import { type Right, RightsTable } from './rights.ts';
import { ALL, type Rule, type RuleContent } from './rule.ts';
import type { Binding, Role } from './world.ts';
import { uncovered } from './covers.ts';

export interface Through {
  readonly binding: Binding;
  readonly role: Role;
  /** The group by which the user has it; undefined where the binding names himself. */
  readonly group: string | undefined;
}

export interface Permission {
  /** '' in the whole cluster. */
  readonly namespace: string;
  readonly right: Right;
  readonly through: readonly Through[];
}

export interface Permissions {
  readonly permissions: readonly Permission[];
  /** What is granted in vain: in a namespace what lies in none, and what only looks like a pattern. */
  readonly void: readonly Permission[];
}

/** What a namespace gives beyond the whole cluster; the cluster first, then the namespaces by name. */
export function permissionsOf(rbac: Rbac, user: User, catalog: Catalog): Permissions {
  const tables = new Map<string, RightsTable<Through>>();
  const voids = new Map<string, RightsTable<Through>>();
  const everywhere = rbac.rulesFor(user, '').map(({ rule }) => rule);
  for (const { binding, subject } of rbac.bindingsOf(user)) {
    const { role, namespace } = binding;
    if (role === undefined) continue;
    const group = subject.subject.kind === 'Group' ? subject.subject.name : undefined;
    const through: Through = { binding, role, group };
    const tag = `${binding.ref} ${group ?? ''}`;
    for (const { rule } of role.rules) {
      const { named, unnamed } = splitByNames(rule);
      for (const part of unnamed) tableOf(voids, namespace).add(part, tag, through);
      for (const part of named) {
        const { works, idle } = splitByScope(part, namespace, catalog);
        if (works !== undefined && (namespace === '' || uncovered(everywhere, [works]).length > 0)) {
          for (const served of servedOf(works, catalog)) tableOf(tables, namespace).add(served, tag, through);
        }
        if (idle !== undefined) tableOf(voids, namespace).add(idle, tag, through);
      }
    }
  }
  return { permissions: rowsOf(tables), void: rowsOf(voids) };
}

/** A rule for several groups names each resource in all of them; of groups that are known only what they have is kept. */
export function servedOf(rule: RuleContent, catalog: Catalog): RuleContent[] {
  if (rule.apiGroups.length < 2) return [rule];
  const isThere = (group: string, entry: string): boolean => {
    const [main = ''] = entry.split('/');
    return group === ALL || main === ALL || catalog.group(group) === undefined || catalog.get(group, main) !== undefined;
  };
  const nowhere = new Set(rule.resources.filter((entry) => !rule.apiGroups.some((group) => isThere(group, entry))));
  return rule.apiGroups.map((group, index) => ({
    ...rule,
    apiGroups: [group],
    resources: rule.resources.filter((entry) => isThere(group, entry) || (index === 0 && nowhere.has(entry))),
  }));
}

/** What of a rule with names can ever be asked for: no request carries a name that makes an object or deletes all of them. */
function splitByNames(rule: RuleContent): { named: readonly RuleContent[]; unnamed: readonly RuleContent[] } {
  const never = rule.verbs.filter((verb) => isNeverNamed({ verb, subresource: '' }));
  if (rule.resourceNames.length === 0 || rule.resourceNames.includes('') || never.length === 0) return { named: [rule], unnamed: [] };
  const named: RuleContent[] = [];
  const unnamed: RuleContent[] = [];
  const others = rule.verbs.filter((verb) => !never.includes(verb));
  if (others.length > 0) named.push({ ...rule, verbs: others });
  for (const verb of never) {
    const isNever = (resource: string): boolean =>
      isNeverNamed({ verb, subresource: resource === ALL ? ALL : (resource.split('/')[1] ?? '') });
    const part = { ...rule, verbs: [verb], nonResourceURLs: [] };
    const [mayBe, neverIs] = [rule.resources.filter((each) => !isNever(each)), rule.resources.filter(isNever)];
    // `*` is the subresources too, of which some are made under a name.
    if (mayBe.length > 0) named.push({ ...part, resources: mayBe });
    if (neverIs.length > 0) unnamed.push({ ...part, resources: neverIs });
  }
  return { named, unnamed };
}

/**
 * What of a rule counts in a namespace, '' being the whole cluster: not what only looks like a pattern; in a namespace
 * no URLs, and not what lies in none but the Namespace itself.
 */
export function splitByScope(
  rule: Rule | RuleContent,
  namespace: string,
  catalog: Catalog,
): { works: RuleContent | undefined; idle: RuleContent | undefined } {
  const isIdle = (resource: string): boolean =>
    (resource !== ALL && resource.endsWith(`/${ALL}`)) ||
    (namespace !== '' && rule.apiGroups.every((group) => isOutside(catalog, { group, resource, rule, namespace })));
  const idle = rule.resources.filter(isIdle);
  const works = idle.length === 0 ? rule.resources : rule.resources.filter((resource) => !idle.includes(resource));
  const urls = namespace === '' ? rule.nonResourceURLs : [];
  const idleUrls = namespace === '' ? [] : rule.nonResourceURLs;
  return {
    works: works.length + urls.length === 0 ? undefined : { ...rule, resources: works, nonResourceURLs: urls },
    idle: idle.length + idleUrls.length === 0 ? undefined : { ...rule, resources: idle, nonResourceURLs: idleUrls },
  };
}

interface Entry {
  group: string;
  resource: string;
  rule: RuleContent;
  namespace: string;
}

function isOutside(catalog: Catalog, { group, resource, rule, namespace }: Entry): boolean {
  const [main = ''] = resource.split('/');
  const known = group === ALL ? undefined : catalog.get(group, main);
  if (known === undefined || known.namespaced) return false;
  // A Namespace is asked for inside of itself, by its name.
  if (group === '' && main === 'namespaces') return rule.resourceNames.length > 0 && !rule.resourceNames.includes(namespace);
  // Whether a role may be bound is asked in the namespace of the binding.
  return !(main === 'clusterroles' && rule.verbs.some((verb) => verb === 'bind' || verb === ALL));
}

function tableOf(tables: Map<string, RightsTable<Through>>, namespace: string): RightsTable<Through> {
  let table = tables.get(namespace);
  if (table === undefined) tables.set(namespace, (table = new RightsTable()));
  return table;
}

function rowsOf(tables: ReadonlyMap<string, RightsTable<Through>>): Permission[] {
  return [...tables]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([namespace, table]) => table.rows().map(({ right, tags }) => ({ namespace, right, through: tags })));
}
