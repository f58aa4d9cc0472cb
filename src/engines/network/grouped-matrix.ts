/** Who may talk to whom in groups: for each two of them how many pairs of their members may, and on which ports. */
import { CastellanError } from '../../lib/errors.ts';
import { groupBy } from '../../lib/groups.ts';
import { NO_LABEL, type Grouping, groupsOf } from './grouping.ts';
import { Matrix } from './matrix.ts';
import { allowedFrom, mergedAt } from './merged.ts';
import type { Relation } from './relation.ts';

export interface Group {
  readonly name: string;
  /** Workloads, or pods where these are the groups. */
  readonly members: number;
}

/** What may flow from one group to another; both are indexes into the groups. */
export interface Cell {
  readonly from: number;
  readonly to: number;
  /** Pairs of members that may talk at all, and that may on every port. */
  open: number;
  full: number;
  /** The set of ports that some pair may use. */
  ports: number;
  /** One such pair. */
  readonly example: { readonly source: Member; readonly destination: Member };
}

export interface Member {
  readonly name: string;
  readonly ids: readonly number[];
}

export interface GroupedMatrix {
  /** By name; the last one is what is outside, as one member. */
  readonly groups: readonly Group[];
  /** Those that anything may flow in, by source and destination. */
  readonly cells: readonly Cell[];
  /** Pairs of members of two groups: none with itself. */
  pairs(from: number, to: number): number;
  /** Pods that are in no group. */
  readonly left: number;
}

export const OUTSIDE = 'outside';

/** Members of a group that no policy tells apart. */
interface Unit {
  group: number;
  ids: readonly number[];
  size: number;
  /** Two at most. */
  names: string[];
}

/** @throws CAS_USAGE for more groups than `most`: all of their pairs are more than anybody reads */
export function groupedMatrix(relation: Relation, grouping: Grouping, most = Infinity): GroupedMatrix {
  const groupOfPod = groupsOf(relation, grouping);
  const named = [...new Set(groupOfPod)].filter((name) => name !== undefined).toSorted(byName);
  if (named.length > most)
    throw new CastellanError('CAS_USAGE', `a matrix of ${named.length} groups is too large, ${most} is the most`, {
      remedy: 'Group by namespace or label; castellan net list writes every connection.',
    });
  const { groups, units } = unitsOf(relation, { named, groupOfPod, each: grouping.by === 'pod' });
  const cells = new Cells(relation, groups.length);
  const matrix = new Matrix(relation);
  const kinds = groupBy(units, ({ ids }) => ids.join());
  for (const alike of kinds.values()) {
    const allowed = allowedFrom(relation, matrix, alike[0]?.ids ?? []);
    for (const destination of units) {
      const ports = mergedAt(relation, allowed, destination.ids);
      if (ports !== relation.ports.none) for (const source of alike) cells.add(source, destination, ports);
    }
  }
  const isOne = (index: number): boolean => index === groups.length - 1;
  return {
    groups,
    cells: cells.sorted(),
    pairs: (from, to) =>
      isOne(from) && isOne(to) ? 0 : (groups[from]?.members ?? 0) * ((groups[to]?.members ?? 0) - (from === to ? 1 : 0)),
    left: groupOfPod.filter((name, pod) => name === undefined && relation.world.pods[pod]?.finished === false).length,
  };
}

function unitsOf(
  { world, entities }: Relation,
  { named, groupOfPod, each }: { named: readonly string[]; groupOfPod: readonly (string | undefined)[]; each: boolean },
): { groups: Group[]; units: Unit[] } {
  const indexOf = new Map(named.map((name, index) => [name, index]));
  const members = groupBy(world.pods.keys(), (pod) => `${groupOfPod[pod] ?? ''}\0${each ? pod : (world.pods[pod]?.workload ?? '')}`);
  const counts = named.map(() => 0);
  const units = new Map<string, Unit>();
  for (const [first = 0, ...more] of members.values()) {
    const group = indexOf.get(groupOfPod[first] ?? '');
    if (groupOfPod[first] === undefined || group === undefined) continue;
    counts[group] = (counts[group] ?? 0) + 1;
    const ids = [...new Set([first, ...more].flatMap((pod) => entities.classesOf[pod] ?? []))].toSorted((a, b) => a - b);
    const key = `${group} ${ids.join()}`;
    let unit = units.get(key);
    if (unit === undefined) units.set(key, (unit = { group, ids, size: 0, names: [] }));
    unit.size += 1;
    const pod = world.pods[first];
    if (unit.names.length < 2 && pod !== undefined) unit.names.push(each ? `${pod.namespace}/${pod.name}` : pod.workload);
  }
  const zones = entities.zones.all.map((_, index) => entities.firstZone + index);
  const groups = [...named.map((name, index) => ({ name, members: counts[index] ?? 0 })), { name: OUTSIDE, members: 1 }];
  return { groups, units: [...units.values(), { group: named.length, ids: zones, size: 1, names: [OUTSIDE] }] };
}

class Cells {
  readonly #relation: Relation;
  readonly #count: number;
  readonly #all = new Map<number, Cell>();

  constructor(relation: Relation, count: number) {
    this.#relation = relation;
    this.#count = count;
  }

  add(source: Unit, destination: Unit, ports: number): void {
    const pairs = source === destination ? source.size * (source.size - 1) : source.size * destination.size;
    if (pairs === 0) return;
    const key = source.group * this.#count + destination.group;
    let cell = this.#all.get(key);
    if (cell === undefined) {
      const [from = '', to = ''] = [source.names[0], destination.names[source === destination ? 1 : 0]];
      const example = { source: { name: from, ids: source.ids }, destination: { name: to, ids: destination.ids } };
      this.#all.set(
        key,
        (cell = { from: source.group, to: destination.group, open: 0, full: 0, ports: this.#relation.ports.none, example }),
      );
    }
    cell.open += pairs;
    if (ports === this.#relation.ports.all) cell.full += pairs;
    cell.ports = this.#relation.ports.union(cell.ports, ports);
  }

  sorted(): Cell[] {
    return [...this.#all].toSorted(([a], [b]) => a - b).map(([, cell]) => cell);
  }
}

/** Those without a label last. */
function byName(a: string, b: string): number {
  if (a === NO_LABEL || b === NO_LABEL) return a === b ? 0 : a === NO_LABEL ? 1 : -1;
  return a < b ? -1 : 1;
}
