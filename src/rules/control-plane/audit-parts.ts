/** Whom a part of an audit policy is about: what it does to the cluster's own components is seldom a loss. */
import { type AuditPolicy, type AuditRule, type Part, type RequestClass, hiddenBy } from '../../engines/audit-policy/index.ts';
import { CLUSTER_NAMESPACES } from '../system-namespaces.ts';

/** `some`: narrowed to users, namespaces or objects that are not the cluster's own. */
export type Touched = 'everyone' | 'some' | 'components';

const COMPONENT_GROUPS = new Set([
  'system:nodes',
  // No user has this one together with credentials.
  'system:unauthenticated',
  ...[...CLUSTER_NAMESPACES].map((namespace) => `system:serviceaccounts:${namespace}`),
]);

export function touchedBy({ rules }: AuditPolicy, { rule: index }: Pick<Part, 'rule'>): Touched {
  const rule = index === undefined ? undefined : rules[index];
  if (rule === undefined) return 'everyone';
  const { users, userGroups, namespaces } = rule;
  if (users.length > 0 && users.every(isComponent)) return 'components';
  if (userGroups.length > 0 && userGroups.every((group) => COMPONENT_GROUPS.has(group))) return 'components';
  const forEveryGroup = userGroups.length === 0 || userGroups.includes('system:authenticated');
  return users.length === 0 && forEveryGroup && namespaces.length === 0 && !isByName(rule) ? 'everyone' : 'some';
}

/** Accounts of the cluster's own namespaces are components; others, such as `system:admin`, may be people. */
function isComponent(user: string): boolean {
  if (user.startsWith('system:serviceaccount:')) return CLUSTER_NAMESPACES.has(user.split(':')[2] ?? '');
  return (
    /^system:(?:kube-|node:|apiserver$|unsecured$|anonymous$|cloud-controller-manager$|aggregator$)/.test(user) ||
    /^(?:kubelet|kube-proxy)$/.test(user)
  );
}

function isByName({ resources }: AuditRule): boolean {
  return resources.length > 0 && resources.every(({ resourceNames }) => resourceNames.length > 0);
}

/** The field that makes a part as thin as it is. */
export function fieldOf({ rules }: AuditPolicy, { rule, level }: Pick<Part, 'rule' | 'level'>): { path: string; value: unknown } {
  const decider = rule === undefined ? undefined : rules[rule];
  if (rule === undefined || decider === undefined) return { path: 'rules', value: undefined };
  return decider.level === level
    ? { path: `rules[${rule}].level`, value: decider.level }
    : { path: `rules[${rule}].omitStages`, value: decider.omitStages };
}

/** What a rule does to classes of requests, by rule; without one last. */
export interface Loss {
  readonly part: Part;
  readonly touched: Touched;
  readonly classes: readonly RequestClass['id'][];
  readonly titles: readonly string[];
}

/** The parts of the named classes that `is` takes, those of components left out. */
export function lossesOf(policy: AuditPolicy, ids: ReadonlySet<string>, is: (part: Part) => boolean): Loss[] {
  const byRule = new Map<number, Loss & { classes: string[]; titles: string[] }>();
  for (const { class: id, title, parts } of visibilityOf(policy)) {
    if (!ids.has(id)) continue;
    for (const part of parts) {
      const touched = touchedBy(policy, part);
      if (!is(part) || touched === 'components') continue;
      const before = byRule.get(part.rule ?? Infinity);
      if (before === undefined) byRule.set(part.rule ?? Infinity, { part, touched, classes: [id], titles: [title] });
      else if (!before.classes.includes(id)) {
        before.classes.push(id);
        before.titles.push(title);
      }
    }
  }
  return [...byRule].toSorted(([a], [b]) => a - b).map(([, loss]) => loss);
}

const MOST_TOLD = 4;

/** `changes of nodes, changes of namespaces and 3 more`. */
export function listed(titles: readonly string[]): string {
  const told = titles.slice(0, titles.length > MOST_TOLD ? MOST_TOLD - 1 : MOST_TOLD);
  const rest = titles.length - told.length;
  if (rest > 0) return `${told.join(', ')} and ${rest} more`;
  return told.length < 2 ? told.join('') : `${told.slice(0, -1).join(', ')} and ${told.at(-1)}`;
}

/** `, for user ci` where a rule is not for everybody. */
export function forWhom({ narrowedTo }: Pick<Part, 'narrowedTo'>): string {
  return narrowedTo === '' ? '' : `, for ${narrowedTo}`;
}

const VISIBILITY = new WeakMap<AuditPolicy, ReturnType<typeof hiddenBy>>();

function visibilityOf(policy: AuditPolicy): ReturnType<typeof hiddenBy> {
  let visibility = VISIBILITY.get(policy);
  if (visibility === undefined) VISIBILITY.set(policy, (visibility = hiddenBy(policy)));
  return visibility;
}
