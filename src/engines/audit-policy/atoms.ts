/**
 * A set of requests cut into atoms: one for each verb and target that some rule could tell from the others. Where the
 * set leaves a part open, what the rules name stands for itself, and one value that no rule names for all the rest.
 */
import type { AuditPolicy, AuditRule } from './policy.ts';
import { ANY, API_VERBS, type Atom, METHODS, type RequestSet, type ResourceTarget } from './request-set.ts';

/** Stands for what no rule names: a group, a resource or the rest of a path. */
const UNNAMED = 'unnamed.invalid';
const FRESH = new WeakMap<AuditPolicy, string>();

/** UNNAMED, made longer until the policy names nothing like it. */
function unnamedIn(policy: AuditPolicy): string {
  let fresh = FRESH.get(policy);
  if (fresh !== undefined) return fresh;
  const texts = JSON.stringify(policy);
  fresh = UNNAMED;
  while (texts.includes(fresh)) fresh += '-';
  FRESH.set(policy, fresh);
  return fresh;
}

/** A name with a star for what no rule names. */
export function withStars(text: string): string {
  return text.replaceAll(/unnamed\.invalid-*/g, '*');
}

/** Undefined where there would be more than `most`. */
export function atomsOf(policy: AuditPolicy, set: RequestSet, most: number): Atom[] | undefined {
  const atoms: Atom[] = [];
  const vocabulary: Vocabulary = { rules: policy.rules, unnamed: unnamedIn(policy) };
  const verbs = set.verbs.includes(ANY) ? API_VERBS : set.verbs;
  for (const target of set.targets) {
    const targets = expand(vocabulary, target);
    if (atoms.length + targets.length * verbs.length > most) return undefined;
    for (const { group, resource, subresource, scope } of targets) {
      for (const verb of verbs) atoms.push({ isResourceRequest: true, verb, apiGroup: group, resource, subresource, scope, path: '' });
    }
  }
  const methods = set.verbs.includes(ANY) ? METHODS : set.verbs;
  for (const path of set.paths.flatMap((pattern) => expandPath(vocabulary, pattern))) {
    if (atoms.length + methods.length > most) return undefined;
    const none = { isResourceRequest: false, apiGroup: '', resource: '', subresource: '', scope: 'cluster' } as const;
    for (const verb of methods) atoms.push({ ...none, verb, path });
  }
  return atoms;
}

interface Vocabulary {
  readonly rules: readonly AuditRule[];
  readonly unnamed: string;
}

function expand({ rules, unnamed }: Vocabulary, target: ResourceTarget): ResourceTarget[] {
  if (target.group !== ANY && target.resource !== ANY && target.subresource !== ANY) return [target];
  const entries = rules.flatMap((rule) => rule.resources);
  const distinct = (values: readonly string[]): string[] => [...new Set([unnamed, ...values])];
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

function expandPath({ rules, unnamed }: Vocabulary, pattern: string): string[] {
  if (!pattern.endsWith('*')) return [pattern];
  const prefix = pattern.slice(0, -1);
  const named = rules.flatMap((rule) => rule.nonResourceURLs).map((url) => url.replace(/\*+$/, ''));
  const inside = named.filter((url) => url.startsWith(prefix));
  const root = prefix === '' ? '/' : prefix;
  return [...new Set([root, `${root}${unnamed}`, ...inside, ...inside.map((url) => `${url}${unnamed}`)])].filter((path) =>
    path.startsWith('/'),
  );
}
