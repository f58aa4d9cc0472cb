/**
 * Rights that somebody has to hold himself to hand them on. Who writes a role or a binding without `escalate` or `bind`
 * needs every right that it gives (pkg/registry/rbac: escalation_check.go). The server asks that inside of the request, and
 * the log has at most the binding, so silence about such a right says nothing.
 */
import { type Rbac, type RuleContent, type User, urlMatches, withImplicitGroups } from '../../engines/rbac/index.ts';
import { groupBy } from '../../lib/groups.ts';
import type { RequestUse, UseRecord } from '../../record/index.ts';
import type { LostRight } from './lost.ts';
import { timesOf, usesIn } from './uses.ts';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';
const WRITES = new Set(['create', 'update', 'patch']);

/** Undefined rules are those of a role that nobody knows: they may be any. */
interface HandOn {
  readonly user: User;
  /** '' for the whole cluster. */
  readonly namespace: string;
  readonly rules: readonly RuleContent[] | undefined;
}

/** Of a record, what was written into roles and bindings by whoever had to hold it. */
export class HandedOn {
  readonly #all: readonly HandOn[];

  /** `rbac` are the rights of the time of the record. */
  constructor(rbac: Rbac, record: Pick<UseRecord, 'actors' | 'requests'>) {
    const users = record.actors.map((actor) => withImplicitGroups(actor));
    const uses = usesIn(record)
      .inGroup(RBAC_GROUP)
      .filter(({ allowed, unclear }) => allowed + unclear > 0);
    const places = groupBy(uses, ({ actor, asked: { namespace } }) => `${actor} ${namespace}`);
    this.#all = [...places.values()].flatMap((inPlace) => handOnsOf(rbac, inPlace, users));
  }

  /** Whether somebody who holds it by this subject may have handed it on. */
  mayHold({ subject, namespace, ...right }: LostRight): boolean {
    return this.#all.some(
      (one) =>
        (subject.kind === 'Group' ? one.user.groups.includes(subject.name) : one.user.name === subject.userName) &&
        (namespace === '' || namespace === one.namespace) &&
        (one.rules === undefined || one.rules.some((rule) => overlaps(rule, right))),
    );
  }

  /** Whether he had to hold any at all. */
  isBy({ kind, name, userName }: Pick<LostRight['subject'], 'kind' | 'name' | 'userName'>): boolean {
    return this.#all.some(({ user }) => (kind === 'Group' ? user.groups.includes(name) : user.name === userName));
  }
}

function isWrite({ asked: { verb, subresource, through } }: RequestUse): boolean {
  return through === 'request' && subresource === '' && WRITES.has(verb);
}

/** `uses` are all that one actor did with roles and bindings in one namespace, or outside of all. */
function handOnsOf(rbac: Rbac, uses: readonly RequestUse[], users: readonly User[]): HandOn[] {
  const [first] = uses;
  const user = first === undefined ? undefined : users[first.actor];
  if (first === undefined || user === undefined) return [];
  const { namespace } = first.asked;
  const may = (verb: string, of: string, name: string): boolean =>
    rbac.authorize(user, { verb, apiGroup: RBAC_GROUP, resource: of, subresource: '', namespace, name }).allowed;
  const unknown: HandOn = { user, namespace, rules: undefined };
  const written = groupBy(uses.filter(isWrite), ({ asked }) => asked.resource);
  const isRole = ['roles', 'clusterroles'].some((resource) => written.has(resource) && !may('escalate', resource, ''));
  const bindings = ['rolebindings', 'clusterrolebindings'].flatMap((resource) => written.get(resource) ?? []);
  const isFree = may('bind', 'clusterroles', '') && (namespace === '' || may('bind', 'roles', ''));
  if (bindings.length === 0 || isFree) return isRole ? [unknown] : [];
  const bound = uses.filter(({ asked }) => asked.through === 'implied' && asked.verb === 'bind');
  // A binding whose body is not in the log may be of any role.
  if (isRole || timesOf(bound) < timesOf(bindings)) return [unknown];
  return bound.flatMap(({ asked }): HandOn[] => {
    const { name } = asked;
    if (name === undefined) return [unknown];
    if (may('bind', asked.resource, name)) return [];
    const ref = asked.resource === 'roles' ? `Role/${namespace}/${name}` : `ClusterRole/${name}`;
    return [{ user, namespace, rules: rbac.role(ref)?.rules.map(({ rule }) => rule) }];
  });
}

/** Whether the rule and the right have anything in common. */
function overlaps(rule: RuleContent, { verb, apiGroup, resource, names, path }: Omit<LostRight, 'subject' | 'namespace'>): boolean {
  if (!meets(rule.verbs, verb)) return false;
  if (path !== '') return rule.nonResourceURLs.some((url) => urlMatches(url, path) || urlMatches(path, url));
  const isNamed = rule.resourceNames.length === 0 || names.length === 0 || rule.resourceNames.some((name) => names.includes(name));
  return (
    isNamed && meets(rule.apiGroups, apiGroup) && (meets(rule.resources, resource) || rule.resources.some((one) => isBelow(one, resource)))
  );
}

function meets(values: readonly string[], value: string): boolean {
  return value === '*' || values.includes('*') || values.includes(value);
}

/** A star for the subresource of all resources: it stands for one of them, or that one for it. */
function isBelow(one: string, other: string): boolean {
  const [[main, below], [otherMain, otherBelow]] = [one.split('/'), other.split('/')];
  return below !== undefined && below === otherBelow && (main === '*' || otherMain === '*');
}
