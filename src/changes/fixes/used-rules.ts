/** What is left of the rules of a role when only what was used stays: the same rules, narrower, and never a star. */
import { type RuleContent, breakDown, contentOf, isNeverNamed } from '../../engines/rbac/index.ts';
import type { Asked } from '../../record/index.ts';
import { possibleVerbs } from '../requests/together.ts';

/** Used in ways that are no requests of their own: whether they are needed nobody sees. */
const KEPT_VERBS = new Set(['bind', 'escalate', 'impersonate', 'approve', 'sign', 'attest', 'use']);

export interface UsedRules {
  readonly rules: readonly Record<string, unknown>[];
  /** The same by the rule whose place they take, which is the very one where nothing of it goes. */
  readonly inPlaceOf: readonly (readonly Record<string, unknown>[])[];
  /** Single rights that are gone. */
  readonly dropped: number;
}

/** `asked` is all that those who hold the rules were seen asking for, where the rules count for them. */
export function usedRules(rules: readonly unknown[], asked: readonly Asked[]): UsedRules {
  const uses = asked.flatMap((one) => [one, ...possibleVerbs(one).map((verb) => ({ ...one, verb }))]);
  const inPlaceOf: Record<string, unknown>[][] = [];
  let dropped = 0;
  for (const raw of rules) {
    const rule = contentOf(raw as Parameters<typeof contentOf>[0]);
    const own = narrowed(rule, uses);
    const before = breakDown(rule).length;
    const after = own.reduce((sum, one) => sum + breakDown(contentOf(one)).length, 0);
    const isWhole = before === after && !hasStar(rule);
    inPlaceOf.push(isWhole ? [raw as Record<string, unknown>] : own);
    if (!isWhole) dropped += hasStar(rule) ? 1 : before - after;
  }
  return { rules: inPlaceOf.flat(), inPlaceOf, dropped };
}

function hasStar({ verbs, apiGroups, resources, nonResourceURLs }: RuleContent): boolean {
  return [...verbs, ...apiGroups, ...resources].includes('*') || nonResourceURLs.some((url) => url.endsWith('*'));
}

/** Resources that are used in the same way stay together. */
function narrowed(rule: RuleContent, uses: readonly Asked[]): Record<string, unknown>[] {
  const verbsOf = new Map<string, { group: string; resource: string; verbs: Set<string> }>();
  const add = (group: string, resource: string, verb: string): void => {
    const key = `${group}/${resource}`;
    const known = verbsOf.get(key);
    if (known === undefined) verbsOf.set(key, { group, resource, verbs: new Set([verb]) });
    else known.verbs.add(verb);
  };
  for (const group of rule.apiGroups)
    for (const resource of rule.resources) for (const verb of rule.verbs) if (isKept(verb, resource)) add(group, resource, verb);
  const paths = new Map<string, Set<string>>();
  for (const use of uses) {
    if (use.resource === '') {
      if (!allowsPath(rule, use)) continue;
      const verbs = paths.get(use.path) ?? new Set();
      paths.set(use.path, verbs.add(use.verb));
    } else if (allows(rule, use)) {
      add(use.apiGroup, use.subresource === '' ? use.resource : `${use.resource}/${use.subresource}`, use.verb);
    }
  }
  const groups = new Map<string, { apiGroups: string[]; resources: string[]; verbs: string[] }>();
  for (const { group, resource, verbs } of verbsOf.values()) {
    const sorted = rule.verbs.filter((verb) => verbs.has(verb));
    const all = [...sorted, ...[...verbs].filter((verb) => !sorted.includes(verb)).toSorted()];
    const key = `${group} ${all.join()}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { apiGroups: [group], resources: [resource], verbs: all });
    else known.resources.push(resource);
  }
  const named = rule.resourceNames.length > 0 ? { resourceNames: rule.resourceNames } : {};
  return [
    ...[...groups.values()].map((one) => ({ ...one, resources: inOrderOf(rule.resources, one.resources), ...named })),
    ...[...paths].map(([path, verbs]) => ({ nonResourceURLs: [path], verbs: [...verbs].toSorted() })),
  ];
}

/** As the rule has them, so that what stays in a file stays where it is. */
function inOrderOf(order: readonly string[], texts: readonly string[]): string[] {
  const known = order.filter((text) => texts.includes(text));
  return [...new Set([...known, ...texts])];
}

function isKept(verb: string, resource: string): boolean {
  return KEPT_VERBS.has(verb) || resource.startsWith('nodes/');
}

function allows(rule: RuleContent, { verb, apiGroup, resource, subresource, name }: Asked): boolean {
  const text = subresource === '' ? resource : `${resource}/${subresource}`;
  const isNamed =
    rule.resourceNames.length === 0 || name === undefined || (!isNeverNamed({ verb, subresource }) && rule.resourceNames.includes(name));
  return (
    isNamed &&
    (rule.verbs.includes(verb) || rule.verbs.includes('*')) &&
    (rule.apiGroups.includes(apiGroup) || rule.apiGroups.includes('*')) &&
    (rule.resources.includes(text) || rule.resources.includes('*') || (subresource !== '' && rule.resources.includes(`*/${subresource}`)))
  );
}

function allowsPath(rule: RuleContent, { verb, path }: Asked): boolean {
  const isPath = rule.nonResourceURLs.some((url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))));
  return isPath && (rule.verbs.includes(verb) || rule.verbs.includes('*'));
}
