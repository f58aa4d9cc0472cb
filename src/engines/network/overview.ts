/** Everything that a drawing of the network needs: who is there, what may flow, who is open by default, and the ways in. */
import { groupBy } from '../../lib/groups.ts';
import { rangesText } from './addresses.ts';
import { flows } from './connections.ts';
import { type EntryPoint, entryPoints } from './entry-points.ts';
import { type Cell, groupedMatrix } from './grouped-matrix.ts';
import { type Grouping, groupsOf } from './grouping.ts';
import type { Direction } from './policy.ts';
import { type Conns, connsOf } from './ports.ts';
import type { Relation } from './relation.ts';

export interface Overview {
  /** What the nodes are: namespaces where there are too many workloads. */
  readonly by: 'workload' | 'namespace';
  readonly nodes: readonly OverviewNode[];
  /** Indexes of nodes; one more than the last is what is outside. */
  readonly links: readonly OverviewLink[];
  /** By node the addresses outside, where nodes are workloads. */
  readonly outside: readonly { readonly node: number; readonly direction: Direction; readonly addresses: string; readonly conns: Conns }[];
  readonly entries: readonly { readonly node: number; readonly entry: EntryPoint }[];
}

export interface OverviewNode {
  readonly name: string;
  readonly namespace: string;
  /** Whose it is; undefined for nobody's. */
  readonly group: string | undefined;
  readonly workloads: number;
  readonly pods: number;
  /** Some policy selects every one of its pods in the direction. */
  readonly policed: Readonly<Record<Direction, boolean>>;
}

export interface OverviewLink {
  readonly from: number;
  readonly to: number;
  readonly conns: Conns;
  /** Of namespaces, how many pairs of workloads may talk, of how many. */
  readonly open: number;
  readonly pairs: number;
}

export function overview(relation: Relation, whose: Grouping, most: number): Overview {
  const { world, ports } = relation;
  const workloads = new Set(world.pods.map(({ workload }) => workload));
  const by = workloads.size > most ? 'namespace' : 'workload';
  const keyOf = (pod: number): string => world.pods[pod]?.[by] ?? '';
  const matrix = groupedMatrix(relation, { by });
  const podsOf = groupBy(world.pods.keys(), keyOf);
  const groups = groupsOf(relation, whose);
  const nodes = matrix.groups.slice(0, -1).map(({ name }) => nodeOf(relation, { name, pods: podsOf.get(name) ?? [], groups }));
  const indexOf = new Map(nodes.map(({ name }, index) => [name, index]));
  const links = matrix.cells.map(({ from, to, open, ports: id }: Cell) => ({
    from,
    to,
    conns: connsOf(ports.set(id)),
    open,
    pairs: matrix.pairs(from, to),
  }));
  const entries = entryPoints(relation).map((entry) => ({ node: indexOf.get(keyOf(entry.pods[0] ?? 0)) ?? 0, entry }));
  return { by, nodes, links, outside: by === 'workload' ? outsideOf(relation, indexOf) : [], entries };
}

function nodeOf(
  relation: Relation,
  { name, pods, groups }: { name: string; pods: readonly number[]; groups: readonly (string | undefined)[] },
): OverviewNode {
  const { world, entities } = relation;
  const ids = new Set(pods.flatMap((pod) => entities.classesOf[pod] ?? []));
  const policed = (direction: Direction): boolean =>
    [...ids].every((id) => (relation.signatureOf(direction, id)?.policies.length ?? 0) > 0);
  return {
    name,
    namespace: world.pods[pods[0] ?? 0]?.namespace ?? '',
    group: groups[pods[0] ?? 0],
    workloads: new Set(pods.map((pod) => world.pods[pod]?.workload)).size,
    pods: pods.length,
    policed: { ingress: policed('ingress'), egress: policed('egress') },
  };
}

function outsideOf({ world }: Relation, indexOf: ReadonlyMap<string, number>): Overview['outside'] {
  return [...flows(world)].flatMap(({ src, dst, ports }): Overview['outside'][number][] => {
    const [workload, addresses, direction] = typeof src === 'string' ? ([src, dst, 'egress'] as const) : ([dst, src, 'ingress'] as const);
    if (typeof workload !== 'string' || typeof addresses === 'string') return [];
    return [{ node: indexOf.get(workload) ?? 0, direction, addresses: rangesText(addresses), conns: connsOf(ports) }];
  });
}
