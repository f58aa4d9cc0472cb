/** Needs of one scope as rules of a role: as few as say exactly that, each with the needs that it is there for. */
import { verbsInOrder } from '../../engines/rbac/index.ts';
import type { Need } from './needs.ts';

/** A PolicyRule as it is written. */
export interface WrittenRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

export interface NeededRule {
  readonly rule: WrittenRule;
  readonly needs: readonly Need[];
}

interface Cell {
  readonly group: string;
  readonly what: string;
  readonly isPath: boolean;
  readonly names: readonly string[] | undefined;
  readonly needs: Need[];
}

/** What is allowed by the rules is the sum of the needs, and nothing else. */
export function rulesFor(needs: readonly Need[]): NeededRule[] {
  const cells = new Map<string, Cell>();
  for (const need of needs) {
    const isPath = need.path !== '';
    const cell = { group: need.apiGroup, what: isPath ? need.path : need.resource, isPath, names: need.names, needs: [need] };
    const key = JSON.stringify([isPath, cell.group, cell.what, cell.names]);
    const known = cells.get(key);
    if (known === undefined) cells.set(key, cell);
    else known.needs.push(need);
  }
  const rules = new Map<string, Cell[]>();
  for (const cell of [...cells.values()].toSorted((a, b) => compare(keyOfCell(a), keyOfCell(b)))) {
    const { isPath, group, what, names } = cell;
    // What is for some names only stands by itself: the names are those of one resource.
    const key = JSON.stringify([isPath, group, verbsOf(cell.needs), names === undefined ? [] : [what, names]]);
    rules.set(key, [...(rules.get(key) ?? []), cell]);
  }
  return [...rules.values()].map((alike) => ({ rule: ruleOf(alike), needs: alike.flatMap((cell) => cell.needs) }));
}

function ruleOf(cells: readonly Cell[]): WrittenRule {
  const [{ group, isPath, names, needs } = { group: '', isPath: false, names: undefined, needs: [] }] = cells;
  const what = cells.map((cell) => cell.what);
  if (isPath) return { nonResourceURLs: what, verbs: verbsOf(needs) };
  return { apiGroups: [group], resources: what, ...(names !== undefined && { resourceNames: names }), verbs: verbsOf(needs) };
}

function verbsOf(needs: readonly Need[]): string[] {
  return verbsInOrder(needs.map(({ verb }) => verb));
}

function keyOfCell({ isPath, group, what, names }: Cell): string {
  return [isPath ? '1' : '0', group, what, ...(names ?? [])].join(' ');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
