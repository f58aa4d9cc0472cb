/** What an audit policy records of the requests that matter in an investigation. */
import type { BodyOf } from '../../model/index.ts';

type Policy = BodyOf<'Policy'>;
type Rule = NonNullable<Policy['rules']>[number];

/** A request of an ordinary user: rules that name users, other groups or namespaces do not answer for everybody. */
interface Request {
  verb: string;
  group: string;
  resource: string;
}

export interface Shortfall {
  /** The requests in words. */
  what: string;
  level: string;
  /** The rule that decides; undefined where none does. */
  index: number | undefined;
  wanted: 'recorded' | 'without-content';
}

const CONTENT = new Set(['Request', 'RequestResponse']);
/** Bodies of these hold credentials: their content must not be written to a log. */
const CREDENTIALS: readonly Request[] = ['get', 'list', 'create', 'update'].flatMap((verb) => [
  { verb, group: '', resource: 'secrets' },
  { verb, group: '', resource: 'configmaps' },
]);
const REVIEWS: readonly Request[] = [{ verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' }];
const CHANGES: readonly Request[] = ['create', 'update', 'patch', 'delete'].flatMap((verb) => [
  { verb, group: '', resource: 'pods' },
  { verb, group: 'apps', resource: 'deployments' },
]);
const ENTRIES: readonly Request[] = ['pods/exec', 'pods/portforward', 'pods/proxy', 'services/proxy'].flatMap((resource) =>
  ['get', 'create'].map((verb) => ({ verb, group: '', resource })),
);

/** Where the policy records less than it should, or writes credentials into the log. */
export function shortfalls(policy: Policy): Shortfall[] {
  const found = new Map<string, Shortfall>();
  for (const request of [...CREDENTIALS, ...REVIEWS, ...CHANGES, ...ENTRIES]) {
    const { index, level } = decide(policy, request);
    const holdsCredentials = !CHANGES.includes(request) && !ENTRIES.includes(request);
    const wanted = level === 'None' ? 'recorded' : CONTENT.has(level) && holdsCredentials ? 'without-content' : undefined;
    const key = `${request.resource} ${wanted}`;
    if (wanted !== undefined && !found.has(key)) found.set(key, { what: request.resource, level, index, wanted });
  }
  return [...found.values()];
}

/** The first rule that matches decides; without any the event is not recorded. */
function decide(policy: Policy, request: Request): { index: number | undefined; level: string } {
  const rules = policy.rules ?? [];
  const index = rules.findIndex((rule) => matches(rule, request));
  return index < 0 ? { index: undefined, level: 'None' } : { index, level: rules[index]?.level ?? 'None' };
}

function matches(rule: Rule, request: Request): boolean {
  if (some(rule.users) || some(rule.namespaces)) return false;
  if (some(rule.userGroups) && rule.userGroups?.includes('system:authenticated') !== true) return false;
  if (some(rule.verbs) && rule.verbs?.some((verb) => verb === '*' || verb === request.verb) !== true) return false;
  if (!some(rule.resources)) return !some(rule.nonResourceURLs);
  return (
    rule.resources?.some(
      (entry) => (entry.group ?? '') === request.group && !some(entry.resourceNames) && names(entry.resources, request.resource),
    ) === true
  );
}

/** `pods` is not `pods/exec`; `pods/…` with a star on either side, and `*` alone, are. No list means every resource of the group. */
function names(resources: readonly string[] | undefined, resource: string): boolean {
  if (!some(resources)) return true;
  const [kind, subresource] = resource.split('/');
  return (
    resources?.some(
      (name) => name === '*' || name === resource || (subresource !== undefined && (name === `${kind}/*` || name === `*/${subresource}`)),
    ) === true
  );
}

function some(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}
