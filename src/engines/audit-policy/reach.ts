/**
 * Which rules decide on the requests of a set: exactly those for which some request of the set passes all rules before.
 *
 * Within an atom only user, groups, namespace and name are open. A rule can tell apart no more than the values that it
 * names, so each is tried with one that nobody names. Groups need no trying: of all requests with one user, namespace
 * and name, those that pass a rule are those without any of its groups, which the next rule must then do without.
 */
import { type Decision, entryCovers, pathMatches } from './level.ts';
import type { AuditPolicy, AuditRequest, AuditRule } from './policy.ts';
import { atomsOf } from './atoms.ts';
import { type Atom, type RequestSet, type Who, namesOf, namespacesOf } from './request-set.ts';

/** One way in which requests of the set are decided. */
export interface Reached {
  /** Index of the rule; left out where no rule matches. */
  readonly rule?: number;
  /** One of the requests, for which the answer can be checked. */
  readonly sample: AuditRequest;
}

export interface Reach {
  /** One entry for each atom and rule. */
  readonly reached: readonly Reached[];
  /** False where the policy names too much to try it all: then rules are listed that may decide on none of the requests. */
  readonly exact: boolean;
}

/** A policy of a real cluster stays far below: these bound the time for hostile ones. */
const MOST_ATOMS = 20_000;
const MOST_STEPS = 1_000_000;

export function reachOf(policy: AuditPolicy, set: RequestSet): Reach {
  const atoms = atomsOf(policy, set, MOST_ATOMS);
  if (atoms === undefined) return { reached: everything(policy, set), exact: false };
  const size = policy.rules.reduce((sum, rule) => sum + sizeOf(rule), 1);
  if (atoms.length * size > MOST_STEPS) return { reached: everything(policy, set), exact: false };
  const reached: Reached[] = [];
  let steps = MOST_STEPS;
  let exact = true;
  for (const atom of atoms) {
    const candidates = candidatesOf(policy, atom);
    const cells = cellsOf(candidates, atom, set);
    steps -= cells.users.length * cells.namespaces.length * cells.names.length * (candidates.length + 1);
    if (steps < 0) {
      exact = false;
      reached.push(...possible(candidates, atom, set));
    } else reached.push(...tryCells(candidates, atom, { cells, who: set.who }));
  }
  return { reached, exact };
}

/** How much there is to compare with. */
function sizeOf({ users, namespaces, nonResourceURLs, resources }: AuditRule): number {
  const named = resources.reduce((sum, entry) => sum + 1 + entry.resources.length + entry.resourceNames.length, 0);
  return 1 + (users.length + namespaces.length + nonResourceURLs.length) / 8 + named;
}

/** What a rule still asks of a request of the atom. */
interface Candidate {
  readonly index: number;
  readonly rule: AuditRule;
  /** Each undefined where any will do. */
  readonly users: ReadonlySet<string> | undefined;
  readonly namespaces: ReadonlySet<string> | undefined;
  readonly names: ReadonlySet<string> | undefined;
}

/** The rules that match some request of the atom, up to the first that matches all of everybody. */
function candidatesOf({ rules }: AuditPolicy, atom: Atom): Candidate[] {
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
    const entries = rule.resources.filter((entry) => entryCovers(entry, atom));
    if (entries.length === 0) return 'none';
    if (entries.some(({ resourceNames }) => resourceNames.length === 0)) return undefined;
    return new Set(entries.flatMap(({ resourceNames }) => resourceNames));
  }
  if (rule.nonResourceURLs.length === 0) return undefined;
  return !atom.isResourceRequest && rule.nonResourceURLs.some((pattern) => pathMatches(pattern, atom.path)) ? undefined : 'none';
}

interface Cells {
  readonly users: readonly (string | undefined)[];
  readonly namespaces: readonly string[];
  readonly names: readonly string[];
}

function cellsOf(candidates: readonly Candidate[], atom: Atom, set: RequestSet): Cells {
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

function* placesOf({ namespaces, names }: Cells, { scope }: Atom): Generator<{ namespace: string; name: string }> {
  if (scope !== 'namespace') {
    for (const namespace of namespaces) for (const name of names) yield { namespace, name };
    return;
  }
  // A namespace is in itself; only what has no name, or a name from a selector, is outside.
  const inside = new Set(namespaces);
  if (inside.has('')) for (const name of names) yield { namespace: '', name };
  for (const name of names) if (name !== '' && inside.has(name)) yield { namespace: name, name };
}

function values(can: { none: boolean; some: boolean }, only: readonly string[] | undefined, named: readonly string[]): string[] {
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

function tryCells(candidates: readonly Candidate[], atom: Atom, { cells, who }: { cells: Cells; who: Who | undefined }): Reached[] {
  const found = new Map<number | undefined, Reached>();
  for (const userName of cells.users) {
    for (const place of placesOf(cells, atom)) {
      if (found.size > candidates.length) return [...found.values()];
      for (const { rule, groups } of decidersOf(candidates, { userName, ...place }, who)) {
        if (found.has(rule)) continue;
        const user = userName === undefined ? undefined : { name: userName, groups };
        found.set(rule, { ...(rule !== undefined && { rule }), sample: requestOf(atom, { user, ...place }) });
      }
    }
  }
  return [...found.values()];
}

interface Cell {
  readonly userName: string | undefined;
  readonly namespace: string;
  readonly name: string;
}

/** The rules that decide on some request of the cell, each with groups of a user for whom it does. */
function* decidersOf(
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

function requestOf(atom: Atom, open: Pick<AuditRequest, 'user' | 'namespace' | 'name'>): AuditRequest {
  const { isResourceRequest, verb, apiGroup, resource, subresource, path } = atom;
  return { isResourceRequest, verb, apiGroup, resource, subresource, path, ...open };
}

/** Without trying: all that could decide. */
function possible(candidates: readonly Candidate[], atom: Atom, set: RequestSet): Reached[] {
  const user = set.who === undefined ? undefined : { name: set.who.name ?? 'other', groups: set.who.groups };
  const sample = requestOf(atom, { user, namespace: '', name: '' });
  const last = candidates.at(-1);
  const certain =
    last !== undefined &&
    last.names === undefined &&
    last.rule.users.length + last.rule.userGroups.length + last.rule.namespaces.length === 0;
  return [...candidates.map(({ index }): Reached => ({ rule: index, sample })), ...(certain ? [] : [{ sample }])];
}

function everything(policy: AuditPolicy, set: RequestSet): Reached[] {
  const resource = set.targets.length > 0;
  const atom: Atom = {
    isResourceRequest: resource,
    verb: set.verbs[0] ?? '',
    apiGroup: '',
    resource: '',
    subresource: '',
    scope: 'any',
    path: '',
  };
  return possible(
    policy.rules.map((rule, index) => ({ index, rule, users: undefined, namespaces: undefined, names: new Set<string>() })),
    atom,
    set,
  );
}

/** What the policy does with a request that reached a rule. */
export function decisionOf(policy: AuditPolicy, { rule: index }: Pick<Reached, 'rule'>): Pick<Decision, 'level' | 'omitStages'> {
  const rule = index === undefined ? undefined : policy.rules[index];
  return rule ?? { level: 'None', omitStages: policy.omitStages };
}
