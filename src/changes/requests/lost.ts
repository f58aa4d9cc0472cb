/** The rights that a change takes from somebody: those that no other binding of his gives. */
import {
  type Catalog,
  type Rbac,
  type RuleContent,
  type Subject,
  type User,
  grantsNothing,
  uncovered,
  withImplicitGroups,
} from '../../engines/rbac/index.ts';
import type { UseRecord } from '../../record/index.ts';
import { isAskedIn, isOwnVerb } from './asked-inside.ts';
import type { RequestEvidence } from './evidence.ts';
import { usesIn } from './uses.ts';

/** One single right in one scope, of one subject of a binding. */
export interface LostRight {
  readonly subject: Subject;
  /** '' in the whole cluster. */
  readonly namespace: string;
  readonly verb: string;
  readonly apiGroup: string;
  /** With its subresource, as rules write it; '' for a path. */
  readonly resource: string;
  /** Only objects of these names; empty for all. */
  readonly names: readonly string[];
  readonly path: string;
}

/** Somebody who is known by another name afterwards: only what the one has and the other has not is lost. */
export interface Moved {
  readonly from: string;
  readonly to: string;
}

/**
 * Only bindings that changed are compared, so that what a change leaves alone costs nothing. `accounts` are those that
 * exist: what an account that is not there would have is taken from nobody. With the `catalog` of resources a right that no
 * request can ever match is none, but for verbs that somebody else may ask for, and for what the record knows better.
 */
export function lostRights(
  before: Rbac,
  after: Rbac,
  {
    accounts,
    catalog,
    moved,
    record,
    asking = [],
  }: Partial<Pick<RequestEvidence, 'record'>> & Pick<RequestEvidence, 'accounts' | 'catalog' | 'asking'> & { moved?: Moved },
): LostRight[] {
  const lost: LostRight[] = [];
  const seen = new SeenResources(record, catalog);
  const acted = new Set(record?.actors.map(({ name }) => name));
  for (const subject of before.subjects) {
    // One that was there while the record was made may be made again.
    if (subject.kind === 'ServiceAccount' && accounts?.has(subject.userName) === false && !acted.has(subject.userName)) continue;
    if (moved !== undefined && (subject.kind === 'Group' || subject.userName !== moved.from)) continue;
    const alone: User = subject.kind === 'Group' ? { name: '', groups: [subject.name] } : { name: subject.userName, groups: [] };
    const whole = withImplicitGroups(moved === undefined ? alone : { name: moved.to, groups: [] });
    const left = new Map<string, RuleContent[]>();
    const told = new Set<string>();
    for (const { binding } of before.bindingsOf(alone)) {
      const { namespace, role } = binding;
      if (role === undefined) continue;
      let had = left.get(namespace);
      if (had === undefined) left.set(namespace, (had = after.rulesFor(whole, namespace).map(({ rule }) => rule)));
      for (const { rule } of role.rules) {
        // In a namespace paths are granted in vain.
        const wanted: RuleContent = namespace === '' ? rule : { ...rule, nonResourceURLs: [] };
        for (const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs } of uncovered(had, [wanted])) {
          const right: LostRight = {
            subject,
            namespace,
            verb: verbs[0] ?? '',
            apiGroup: apiGroups[0] ?? '',
            resource: resources[0] ?? '',
            names: resourceNames,
            path: nonResourceURLs[0] ?? '',
          };
          const single: RuleContent = { apiGroups, resources, resourceNames, nonResourceURLs, verbs };
          const mayBeVoid = catalog !== undefined && !isOwnVerb(right) && !isAskedIn(asking, right);
          if (mayBeVoid && grantsNothing(single, catalog, namespace !== '') && !seen.has(right)) continue;
          const key = rightText(right);
          if (told.has(key)) continue;
          told.add(key);
          lost.push(right);
        }
      }
    }
  }
  return lost;
}

/** What was asked for, though the catalog may not know it: other releases and servers have resources that it has not. */
class SeenResources {
  readonly #record: UseRecord | undefined;
  readonly #catalog: Catalog | undefined;

  constructor(record: UseRecord | undefined, catalog: Catalog | undefined) {
    this.#record = record;
    this.#catalog = catalog;
  }

  /** Whether anybody asked for just that; of a resource that the catalog has not, for anything of it. */
  has({ verb, apiGroup, resource, namespace, path }: LostRight): boolean {
    if (this.#record === undefined) return false;
    const uses = usesIn(this.#record);
    const [main = '', subresource] = resource.split('/');
    const groups = apiGroup === '*' ? uses.groups : [apiGroup];
    return groups.some((group) => {
      const known = this.#catalog?.get(group, main);
      const isKnown = path !== '' || (known !== undefined && (subresource === undefined || known.subresources?.has(subresource) === true));
      return uses
        .for(group, path === '' ? resource : path)
        .some(({ asked }) => !isKnown || ((verb === '*' || asked.verb === verb) && (namespace === '' || asked.namespace === namespace)));
    });
  }
}

/** Bindings to roles that are not here, which somebody loses: `ClusterRole/x for Group/dev`. */
export function lostUnknown(before: Rbac, after: Rbac): string[] {
  const left = new Set(grantsToUnknown(after));
  return [...new Set(grantsToUnknown(before))].filter((grant) => !left.has(grant));
}

function grantsToUnknown({ bindings }: Rbac): string[] {
  return bindings
    .filter(({ role }) => role === undefined)
    .flatMap(({ roleRef, namespace, subjects }) =>
      subjects.map(({ subject }) => `${roleRef} for ${subjectText(subject)}${namespace === '' ? '' : ` in ${namespace}`}`),
    );
}

/** `get secrets in shop`, `create pods/exec`, `get /metrics`. */
export function rightText({ namespace, verb, apiGroup, resource, names, path }: Omit<LostRight, 'subject'>): string {
  if (path !== '') return `${verb} ${path}`;
  const [main = '', ...below] = resource.split('/');
  const whole = [apiGroup === '' ? main : `${main}.${apiGroup}`, ...below].join('/');
  const named = names.length === 0 ? '' : ` ${names.join(', ')}`;
  return `${verb} ${whole}${named}${namespace === '' ? '' : ` in ${namespace}`}`;
}

export function subjectText({ kind, name, namespace }: Subject): string {
  return kind === 'ServiceAccount' ? `ServiceAccount/${namespace}/${name}` : `${kind}/${name}`;
}
