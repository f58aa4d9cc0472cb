/** Rules that grant nothing as they are written, or nothing that another rule of the role does not grant. */
import type { RoleObject } from '../../model/index.ts';
import type { Catalog, KnownResource } from './catalog.ts';
import { breakDown, uncovered } from './covers.ts';
import { isNeverNamed } from './rbac.ts';
import { contentOf } from './read.ts';
import { resourceText } from './rights.ts';
import { ALL, type RuleContent } from './rule.ts';

export type RoleCategory = 'void-rule' | 'void-entry' | 'contained-rule';

export interface RoleProblem {
  /** `void-rule` where nothing of the rule ever matches a request, `void-entry` where the rest of it does. */
  readonly category: RoleCategory;
  /** From 0. */
  readonly rule: number;
  readonly path: string;
  /** Completes "rule 2 …" or says what is wrong with the entry. */
  readonly message: string;
}

export function roleProblems(role: RoleObject, catalog: Catalog): RoleProblem[] {
  const rules = (role.body.rules ?? []).map(contentOf);
  return rules.flatMap((rule, index) => {
    const own = voids(rule, { index, catalog, isNamespaced: role.known === 'Role' });
    if (own.some(({ category }) => category === 'void-rule')) return own;
    return [...own, ...contained(rules, index)];
  });
}

/** Only the rules that match nothing at all: each is looked at by itself, and not beside all others. */
export function voidRules(role: RoleObject, catalog: Catalog): RoleProblem[] {
  const place = { catalog, isNamespaced: role.known === 'Role' };
  const problems = (role.body.rules ?? []).flatMap((rule, index) => voids(contentOf(rule), { index, ...place }));
  return problems.filter(({ category }) => category === 'void-rule');
}

/** Whether no request ever matches a rule, where it is granted in a namespace or everywhere. */
export function grantsNothing(rule: RuleContent, catalog: Catalog, isNamespaced: boolean): boolean {
  return voids(rule, { index: 0, catalog, isNamespaced }).some(({ category }) => category === 'void-rule');
}

interface Place {
  index: number;
  catalog: Catalog;
  isNamespaced: boolean;
}

/** Why entries of a rule match nothing; one problem for all of them where no entry is left. */
function voids(rule: RuleContent, { index, catalog, isNamespaced }: Place): RoleProblem[] {
  const path = `rules[${index}]`;
  const entries: { path: string; message: string }[] = [];
  const works = { resources: 0, urls: 0 };
  for (const [at, resource] of rule.resources.entries()) {
    const why = whyVoid(rule, resource, { catalog, isNamespaced });
    if (why === undefined) works.resources += 1;
    else entries.push({ path: `${path}.resources[${at}]`, message: why });
  }
  for (const [at, url] of rule.nonResourceURLs.entries()) {
    if (isNamespaced)
      entries.push({ path: `${path}.nonResourceURLs[${at}]`, message: 'a Role grants no URLs, as they lie in no namespace' });
    else if (url.slice(0, -1).includes('*') && !/^[^*]*\*+$/.test(url)) {
      entries.push({ path: `${path}.nonResourceURLs[${at}]`, message: `"${url}" is taken literally, as a star counts only at the end` });
    } else works.urls += 1;
  }
  const nothing = emptyOf(rule);
  if (nothing !== undefined) return [{ category: 'void-rule', rule: index, path, message: nothing }];
  if (works.resources + works.urls === 0 && entries.length > 0) {
    const [first] = entries;
    return [{ category: 'void-rule', rule: index, path: first?.path ?? path, message: entries.map(({ message }) => message).join('; ') }];
  }
  const single = voidVerbs(rule, { index, catalog, isNamespaced });
  const verbs = single.filter((each) => each.path.startsWith(`${path}.verbs[`));
  if (verbs.length === rule.verbs.length) {
    const [first] = verbs;
    return [{ category: 'void-rule', rule: index, path: first?.path ?? path, message: verbs.map(({ message }) => message).join('; ') }];
  }
  return [...entries, ...single].map((entry) => ({
    ...entry,
    category: 'void-entry',
    rule: index,
  }));
}

function emptyOf({ verbs, apiGroups, resources, nonResourceURLs }: RuleContent): string | undefined {
  if (verbs.length === 0) return 'the rule names no verbs';
  if (resources.length + nonResourceURLs.length === 0) return 'the rule names no resources';
  if (resources.length > 0 && nonResourceURLs.length === 0 && apiGroups.length === 0)
    return 'the rule names no API groups; the core group is ""';
  return undefined;
}

/** Undefined where some request can match the entry with some verb of the rule. */
function whyVoid(rule: RuleContent, entry: string, { catalog, isNamespaced }: Pick<Place, 'catalog' | 'isNamespaced'>): string | undefined {
  if (entry === ALL) return whyNamesKeep(rule, '');
  const [main = '', ...below] = entry.split('/');
  const subresource = below.join('/');
  if (subresource === ALL) return `"${entry}" is no pattern and matches nothing; "${main}" and each subresource are named by themselves`;
  if (main === ALL) return whyNamesKeep(rule, subresource);
  const groups = rule.apiGroups;
  const versioned = groups.find((group) => group.includes('/'));
  if (versioned !== undefined && groups.length === 1) return `"${versioned}" is no API group: a group is named without its version`;
  if (groups.includes(ALL)) return whyNamesKeep(rule, subresource);
  const known = groups.map((group) => servedBy(catalog, { group, resource: main, subresource }));
  if (!known.includes('unknown') && known.every((each) => each === undefined)) {
    const elsewhere = catalog.groupsOf(main).filter((group) => !groups.includes(group));
    const hint =
      elsewhere.length === 0
        ? ''
        : `; ${main} is in ${elsewhere.map((group) => (group === '' ? 'the core group, ""' : group)).join(' or ')}`;
    const there = groups.map((group) => (group === '' ? 'the core group' : group)).join(', ');
    return subresource === '' || elsewhere.length > 0 ? `${there} has no ${main}${hint}` : `${main} has no subresource ${subresource}`;
  }
  const resources = known.filter((each): each is KnownResource => typeof each === 'object');
  if (resources.length < known.filter((each) => each !== undefined).length) return whyNamesKeep(rule, subresource);
  if (isNamespaced && resources.every((each) => isOutsideNamespaces(each, rule))) {
    return `${entry} lies in no namespace, so that a Role cannot grant it`;
  }
  const verbs = resources.map((each) => verbsOf(each, subresource));
  if (verbs.every((each) => each !== undefined) && !rule.verbs.some((verb) => isServed(verb, verbs))) {
    return `nobody ever asks for ${rule.verbs.join(', ')} on ${entry}`;
  }
  return whyNamesKeep(rule, subresource);
}

/** A name keeps out what has none: creation, and deletion of all. */
function whyNamesKeep({ verbs, resourceNames }: RuleContent, subresource: string): string | undefined {
  if (resourceNames.length === 0 || resourceNames.includes('')) return undefined;
  if (!verbs.every((verb) => verb !== ALL && isNeverNamed({ verb, subresource }))) return undefined;
  return `${verbs.join(' and ')} never carry a name, so that a rule with resourceNames does not allow them`;
}

/** Single verbs and names that match nothing while the rest of the rule does. */
function voidVerbs(rule: RuleContent, { index, catalog }: Place): { path: string; message: string }[] {
  const path = `rules[${index}]`;
  const found: { path: string; message: string }[] = [];
  const hasNames = rule.resourceNames.length > 0 && !rule.resourceNames.includes('');
  for (const [at, verb] of rule.verbs.entries()) {
    if (verb === ALL) continue;
    const place = `${path}.verbs[${at}]`;
    if (
      hasNames &&
      rule.resources.length > 0 &&
      rule.resources.every((entry) => isNeverNamed({ verb, subresource: entry.split('/')[1] ?? '' }))
    ) {
      found.push({ path: place, message: `${verb} never carries a name, so that a rule with resourceNames does not allow it` });
    } else if (verb !== verb.toLowerCase()) {
      found.push({ path: place, message: `verbs are in lower case: "${verb}" is never asked for` });
    } else if (rule.nonResourceURLs.length === 0 && !isAskedFor(verb, rule, catalog)) {
      found.push({ path: place, message: `nobody ever asks for ${verb} on ${rule.resources.join(', ')}` });
    }
  }
  if (rule.resourceNames.includes(ALL)) {
    const at = rule.resourceNames.indexOf(ALL);
    found.push({ path: `${path}.resourceNames[${at}]`, message: '"*" is a name like any other here; leave resourceNames out to mean all' });
  }
  return found;
}

function isAskedFor(verb: string, rule: RuleContent, catalog: Catalog): boolean {
  return rule.resources.some((entry) => {
    const [main = '', ...below] = entry.split('/');
    if (main === ALL || rule.apiGroups.includes(ALL)) return true;
    const verbs = rule.apiGroups.map((group) => {
      const served = servedBy(catalog, { group, resource: main, subresource: below.join('/') });
      return served === undefined ? new Set<string>() : served === 'unknown' ? undefined : verbsOf(served, below.join('/'));
    });
    return verbs.includes(undefined) || isServed(verb, verbs);
  });
}

function isServed(verb: string, of: readonly (ReadonlySet<string> | undefined)[]): boolean {
  return verb === ALL || verb.startsWith('impersonate-on:') || of.some((verbs) => verbs?.has(verb) === true);
}

/** Undefined where the group is known and has it not; `unknown` where nobody can say. */
function servedBy(
  catalog: Catalog,
  { group, resource, subresource }: { group: string; resource: string; subresource: string },
): KnownResource | 'unknown' | undefined {
  const served = catalog.group(group);
  if (served === undefined) return 'unknown';
  const known = served.get(resource);
  if (known === undefined) return GONE.has(`${group}/${resource}`) ? 'unknown' : undefined;
  // Asked for by controllers that own objects, whatever the resource; and those of one distribution.
  if (subresource === 'finalizers' || OTHERS.has(`${resource}/${subresource}`)) return 'unknown';
  if (subresource === '' || known.subresources === undefined || known.subresources.has(subresource)) return known;
  return resource === 'userextras' ? known : undefined;
}

/** Served once; charts go on naming them for old clusters. */
const GONE = new Set([
  'extensions/deployments',
  'extensions/daemonsets',
  'extensions/replicasets',
  'extensions/networkpolicies',
  'extensions/podsecuritypolicies',
  'extensions/replicationcontrollers',
  'extensions/horizontalpodautoscalers',
  'extensions/jobs',
  'batch/scheduledjobs',
  'networking.k8s.io/clustercidrs',
  'resource.k8s.io/podschedulings',
  'resource.k8s.io/resourceclasses',
  'resource.k8s.io/resourceclassparameters',
  'resource.k8s.io/resourceclaimparameters',
]);

/** Of OpenShift, in the groups of Kubernetes. */
const OTHERS = new Set(['endpoints/restricted', 'services/externalips', 'nodes/stats']);

function verbsOf({ verbs, subresources }: KnownResource, subresource: string): ReadonlySet<string> | undefined {
  if (subresource === '') return verbs;
  const own = subresources?.get(subresource);
  // Those of which the table has no verbs are asked for by controllers with verbs of their own.
  return own === undefined || own.size === 0 ? undefined : own;
}

function isOutsideNamespaces({ group, resource, namespaced }: KnownResource, { verbs }: RuleContent): boolean {
  if (namespaced || (group === '' && resource === 'namespaces')) return false;
  // Whether a role may be bound, or a policy be used, is asked with the namespace of the binding or of the pod.
  const own = resource === 'clusterroles' ? 'bind' : resource === 'podsecuritypolicies' ? 'use' : undefined;
  return own === undefined || !verbs.some((verb) => verb === own || verb === ALL);
}

/** Of two equal rules only the later is told. */
function contained(rules: readonly RuleContent[], index: number): RoleProblem[] {
  const rule = rules[index];
  if (rule === undefined || breakDown(rule).length === 0) return [];
  const other = rules.findIndex(
    (each, at) => at !== index && uncovered([each], [rule]).length === 0 && (at < index || uncovered([rule], [each]).length > 0),
  );
  if (other < 0) return [];
  const what = rule.resources.length > 0 ? rule.resources.map((each) => resourceText(rule.apiGroups[0] ?? '', each)) : rule.nonResourceURLs;
  return [
    {
      category: 'contained-rule',
      rule: index,
      path: `rules[${index}]`,
      message: `what it grants on ${what.slice(0, 3).join(', ')} is in rule ${other + 1} already`,
    },
  ];
}
