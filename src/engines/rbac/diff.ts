/** What changes between two states for whom: rights, not texts. A right that is had another way now is no change. */
import type { Catalog } from './catalog.ts';
import { uncovered } from './covers.ts';
import { type User, withImplicitGroups } from './identity.ts';
import { servedOf, splitByScope } from './permissions.ts';
import type { Rbac } from './rbac.ts';
import { type Right, RightsTable } from './rights.ts';
import type { RuleContent } from './rule.ts';
import type { Subject } from './world.ts';

export interface RightsChange {
  readonly subject: Subject;
  /** '' in the whole cluster. */
  readonly namespace: string;
  readonly change: 'gained' | 'lost';
  readonly right: Right;
  /** The bindings by which it is had, or was. */
  readonly by: readonly string[];
}

/** By subject; of each first what it gained. Subjects that no binding names on either side have nothing to change. */
export function diffRbac(before: Rbac, after: Rbac, catalog: Catalog): RightsChange[] {
  const subjects = new Map<string, Subject>();
  for (const subject of [...after.subjects, ...before.subjects]) subjects.set(keyOf(subject), subject);
  return [...subjects]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, subject]) => [
      ...difference(subject, { from: before, to: after, catalog, change: 'gained' }),
      ...difference(subject, { from: after, to: before, catalog, change: 'lost' }),
    ]);
}

function keyOf({ kind, userName, name }: Subject): string {
  return kind === 'Group' ? `1 ${name}` : `${kind === 'User' ? 0 : 2} ${userName}`;
}

interface Difference {
  from: Rbac;
  to: Rbac;
  catalog: Catalog;
  change: 'gained' | 'lost';
}

/** What the subject itself has in `to` and neither it nor its groups have in `from`. */
function difference(subject: Subject, { from, to, catalog, change }: Difference): RightsChange[] {
  const alone: User = subject.kind === 'Group' ? { name: '', groups: [subject.name] } : { name: subject.userName, groups: [] };
  const whole = withImplicitGroups(alone);
  const tables = new Map<string, RightsTable<string>>();
  const owned = new Map<string, RuleContent[]>();
  for (const { binding } of to.bindingsOf(alone)) {
    const { namespace } = binding;
    let had = owned.get(namespace);
    if (had === undefined) owned.set(namespace, (had = from.rulesFor(whole, namespace).map(({ rule }) => rule)));
    for (const { rule } of binding.role?.rules ?? []) {
      const wanted = splitByScope(rule, namespace, catalog).works;
      if (wanted === undefined) continue;
      for (const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs } of uncovered(
        had,
        servedOf(wanted, catalog),
      )) {
        let table = tables.get(namespace);
        if (table === undefined) tables.set(namespace, (table = new RightsTable()));
        table.add({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }, binding.ref, binding.ref);
      }
    }
  }
  return [...tables]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([namespace, table]) => table.rows().map(({ right, tags }) => ({ subject, namespace, change, right, by: tags })));
}
