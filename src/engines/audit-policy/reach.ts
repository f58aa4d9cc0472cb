/**
 * Which rules decide on the requests of a set: exactly those for which some request of the set passes all rules before.
 * Found without trying every request: a set is cut into atoms, an atom into cells.
 */
import { atomsOf } from './atoms.ts';
import { type Candidate, type Cells, candidatesOf, cellsOf, decidersOf, placesOf } from './cells.ts';
import type { Decision } from './level.ts';
import type { AuditPolicy, AuditRequest } from './policy.ts';
import type { Atom, RequestSet, Who } from './request-set.ts';

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
const MOST_ATOMS = 40_000;
const MOST_STEPS = 10_000_000;

export function reachOf(policy: AuditPolicy, set: RequestSet): Reach {
  const atoms = atomsOf(policy, set, MOST_ATOMS);
  if (atoms === undefined) return { reached: everything(policy, set), exact: false };
  if (atoms.length * sizeOf(policy) > MOST_STEPS) return { reached: everything(policy, set), exact: false };
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

/** How much an atom is compared with at most: the rules, and what they name of its group or path. */
function sizeOf({ rules }: AuditPolicy): number {
  const byGroup = new Map<string, number>();
  let paths = 0;
  for (const { resources, nonResourceURLs } of rules) {
    paths += nonResourceURLs.length;
    for (const entry of resources) {
      const named = 1 + entry.resources.length + entry.resourceNames.length;
      byGroup.set(entry.group, (byGroup.get(entry.group) ?? 0) + named);
    }
  }
  const anyGroup = byGroup.get('*') ?? 0;
  return rules.length + Math.max(paths, anyGroup + [...byGroup.values()].reduce((most, count) => Math.max(most, count), 0));
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

/** As if each rule could decide on some requests that run on and some that do not. */
function everything(policy: AuditPolicy, set: RequestSet): Reached[] {
  const candidates = policy.rules.map((rule, index) => ({
    index,
    rule,
    users: undefined,
    namespaces: undefined,
    names: new Set<string>(),
  }));
  const none = { isResourceRequest: set.targets.length > 0, apiGroup: '', resource: '', subresource: '', scope: 'any', path: '' } as const;
  return ['get', 'watch'].flatMap((verb) => possible(candidates, { ...none, verb }, set));
}

/** What the policy does with a request that reached a rule. */
export function decisionOf(policy: AuditPolicy, { rule: index }: Pick<Reached, 'rule'>): Pick<Decision, 'level' | 'omitStages'> {
  const rule = index === undefined ? undefined : policy.rules[index];
  return rule ?? { level: 'None', omitStages: policy.omitStages };
}
