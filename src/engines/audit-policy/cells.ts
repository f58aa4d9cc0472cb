/**
 * The part of an atom that is left open, cut into cells: one user, namespace and name, with any groups. A rule can tell
 * apart no more than the values that it names, so each is tried with one that nobody names.
 */
import { entryCovers, pathMatches } from './level.ts';
import type { AuditPolicy, AuditRule, GroupResources } from './policy.ts';
import { type Atom, type Possible, type RequestSet, type Who, namesOf, namespacesOf } from './request-set.ts';

/** What a rule still asks of a request of the atom. */
export interface Candidate {
  readonly index: number;
  readonly rule: AuditRule;
  /** Each undefined where any will do. */
  readonly users: ReadonlySet<string> | undefined;
  readonly namespaces: ReadonlySet<string> | undefined;
  readonly names: ReadonlySet<string> | undefined;
}

/** The rules that match some request of the atom, up to the first that matches all of everybody. */
export function candidatesOf({ rules }: AuditPolicy, atom: Atom): Candidate[] {
  const candidates: Candidate[] = [];
  for (const [index, rule] of rules.entries()) {
    if (rule.verbs.length > 0 && !rule.verbs.includes(atom.verb)) continue;
    const names = namesFor(rule, atom);
    if (names === 'none') continue;
    candidates.push({ index, rule, users: setOf(rule.users), namespaces: setOf(rule.namespaces), names });
    if (names === undefined && rule.users.length + rule.userGroups.length + rule.namespaces.length === 0) break;
  }
  return candidates;
}

function setOf(values: readonly string[]): ReadonlySet<string> | undefined {
  return values.length === 0 ? undefined : new Set(values);
}

function namesFor(rule: AuditRule, atom: Atom): ReadonlySet<string> | undefined | 'none' {
  if (rule.namespaces.length > 0 || rule.resources.length > 0) {
    if (!atom.isResourceRequest) return 'none';
    if (rule.resources.length === 0) return undefined;
    const entries = entriesFor(rule, atom.apiGroup).filter((entry) => entryCovers(entry, atom));
    if (entries.length === 0) return 'none';
    if (entries.some(({ resourceNames }) => resourceNames.length === 0)) return undefined;
    return new Set(entries.flatMap(({ resourceNames }) => resourceNames));
  }
  if (rule.nonResourceURLs.length === 0) return undefined;
  return !atom.isResourceRequest && rule.nonResourceURLs.some((pattern) => pathMatches(pattern, atom.path)) ? undefined : 'none';
}

const ENTRIES = new WeakMap<AuditRule, Map<string, GroupResources[]>>();

/** What a rule says of a group, looked up once for all resources of it. */
function entriesFor(rule: AuditRule, group: string): readonly GroupResources[] {
  let byGroup = ENTRIES.get(rule);
  if (byGroup === undefined) {
    ENTRIES.set(rule, (byGroup = new Map()));
    for (const entry of rule.resources) {
      const same = byGroup.get(entry.group);
      if (same === undefined) byGroup.set(entry.group, [entry]);
      else same.push(entry);
    }
  }
  const own = byGroup.get(group) ?? [];
  const any = group === '*' ? [] : (byGroup.get('*') ?? []);
  return any.length === 0 ? own : [...own, ...any];
}

export interface Cells {
  readonly users: readonly (string | undefined)[];
  readonly namespaces: readonly string[];
  readonly names: readonly string[];
}

export function cellsOf(candidates: readonly Candidate[], atom: Atom, set: RequestSet): Cells {
  const named = (of: (candidate: Candidate) => ReadonlySet<string> | undefined): string[] =>
    candidates.flatMap((candidate) => [...(of(candidate) ?? [])]);
  const namesake = atom.scope === 'namespace';
  const namespaces = named((candidate) => candidate.namespaces);
  const names = named((candidate) => candidate.names);
  const either = namesake ? [...namespaces, ...names, ...(set.namespaces ?? []), ...(set.names ?? [])] : [];
  return {
    users: set.who === undefined ? [undefined] : set.who.name === undefined ? open(named(({ users }) => users)) : [set.who.name],
    namespaces: values(namespacesOf(atom), set.namespaces, namesake ? either : namespaces),
    names: values(namesOf(atom), set.names, namesake ? either : names),
  };
}

export function* placesOf({ namespaces, names }: Cells, { scope }: Atom): Generator<{ namespace: string; name: string }> {
  if (scope !== 'namespace') {
    for (const namespace of namespaces) for (const name of names) yield { namespace, name };
    return;
  }
  // A namespace is in itself; only what has no name, or a name from a selector, is outside.
  const inside = new Set(namespaces);
  if (inside.has('')) for (const name of names) yield { namespace: '', name };
  for (const name of names) if (name !== '' && inside.has(name)) yield { namespace: name, name };
}

function values(can: Possible, only: readonly string[] | undefined, named: readonly string[]): string[] {
  const all = only === undefined ? open(named) : only;
  return [...new Set([...(can.none && allowed('', only) ? [''] : []), ...(can.some ? all.filter((value) => value !== '') : [])])];
}

function allowed(value: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.includes(value);
}

/** What is named, and one that is not. */
function open(named: readonly string[]): string[] {
  const set = new Set(named);
  let other = 'other';
  while (set.has(other)) other += '-';
  return [other, ...set];
}

interface Cell {
  readonly userName: string | undefined;
  readonly namespace: string;
  readonly name: string;
}

/**
 * The rules that decide on some request of the cell, each with groups of a user for whom it does. Groups need no trying:
 * those who pass a rule are the ones without any of its groups, which the next rule must then do without.
 */
export function* decidersOf(
  candidates: readonly Candidate[],
  cell: Cell,
  who: Who | undefined,
): Generator<{ rule: number | undefined; groups: string[] }> {
  const sure = who?.groups ?? [];
  const gone = new Set<string>();
  for (const { index, rule, users, namespaces, names } of candidates) {
    if (users !== undefined && (cell.userName === undefined || !users.has(cell.userName))) continue;
    if (namespaces !== undefined && !namespaces.has(cell.namespace)) continue;
    if (names !== undefined && !names.has(cell.name)) continue;
    const { userGroups } = rule;
    if (userGroups.length === 0 || (cell.userName !== undefined && userGroups.some((group) => sure.includes(group)))) {
      yield { rule: index, groups: [...sure] };
      return;
    }
    if (cell.userName === undefined || who?.closed === true) continue;
    const group = userGroups.find((name) => !gone.has(name));
    if (group !== undefined) yield { rule: index, groups: [...sure, group] };
    for (const name of userGroups) gone.add(name);
  }
  yield { rule: undefined, groups: [...sure] };
}
