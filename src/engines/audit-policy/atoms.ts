/**
 * A set of requests cut into atoms: one for each verb and target that some rule could tell from the others. Where the
 * set leaves a part open, what the rules name stands for itself, and one value that no rule names for all the rest.
 */
import type { AuditPolicy, AuditRule } from './policy.ts';
import { ANY, API_VERBS, type Atom, METHODS, type RequestSet, type ResourceTarget } from './request-set.ts';

/** No group, resource or path of an API is called so. */
const UNNAMED = 'unnamed.invalid';

/** Undefined where there would be more than `most`. */
export function atomsOf(policy: AuditPolicy, set: RequestSet, most: number): Atom[] | undefined {
  const atoms: Atom[] = [];
  const verbs = set.verbs.includes(ANY) ? API_VERBS : set.verbs;
  for (const target of set.targets) {
    const targets = expand(policy.rules, target);
    if (atoms.length + targets.length * verbs.length > most) return undefined;
    for (const { group, resource, subresource, scope } of targets) {
      for (const verb of verbs) atoms.push({ isResourceRequest: true, verb, apiGroup: group, resource, subresource, scope, path: '' });
    }
  }
  const methods = set.verbs.includes(ANY) ? METHODS : set.verbs;
  for (const path of set.paths.flatMap((pattern) => expandPath(policy.rules, pattern))) {
    if (atoms.length + methods.length > most) return undefined;
    const none = { isResourceRequest: false, apiGroup: '', resource: '', subresource: '', scope: 'cluster' } as const;
    for (const verb of methods) atoms.push({ ...none, verb, path });
  }
  return atoms;
}

function expand(rules: readonly AuditRule[], target: ResourceTarget): ResourceTarget[] {
  if (target.group !== ANY && target.resource !== ANY && target.subresource !== ANY) return [target];
  const entries = rules.flatMap((rule) => rule.resources);
  const groups = target.group === ANY ? distinct(entries.map(({ group }) => group).filter((group) => group !== '*')) : [target.group];
  return groups.flatMap((group) => {
    const patterns = entries.filter((entry) => entry.group === group || entry.group === '*').flatMap((entry) => entry.resources);
    const pairs = patterns.map((pattern) => pattern.split('/', 2));
    const resources =
      target.resource === ANY ? distinct(pairs.map(([resource = '']) => resource).filter((name) => name !== '*')) : [target.resource];
    return resources.flatMap((resource) => {
      const below = pairs.filter(([name]) => name === resource || name === '*').map(([, subresource = '']) => subresource);
      const subresources =
        target.subresource === ANY ? ['', ...distinct(below.filter((name) => name !== '' && name !== '*'))] : [target.subresource];
      return subresources.map((subresource) => ({ group, resource, subresource, scope: scopeOf(target, group, resource) }));
    });
  });
}

/** Of what the set leaves open only one thing is known: what a namespace is. */
function scopeOf({ scope }: ResourceTarget, group: string, resource: string): ResourceTarget['scope'] {
  return scope === 'any' && group === '' && resource === 'namespaces' ? 'namespace' : scope;
}

function expandPath(rules: readonly AuditRule[], pattern: string): string[] {
  if (!pattern.endsWith('*')) return [pattern];
  const prefix = pattern.slice(0, -1);
  const named = rules.flatMap((rule) => rule.nonResourceURLs).map((url) => url.replace(/\*+$/, ''));
  const inside = named.filter((url) => url.startsWith(prefix));
  const root = prefix === '' ? '/' : prefix;
  return [...new Set([root, `${root}${UNNAMED}`, ...inside, ...inside.map((url) => `${url}${UNNAMED}`)])].filter((path) =>
    path.startsWith('/'),
  );
}

function distinct(values: readonly string[]): string[] {
  return [...new Set([UNNAMED, ...values])];
}
