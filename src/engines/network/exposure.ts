/**
 * What workloads are open to beyond those that exist: any pod in the cluster, pods that a selector would match, and
 * addresses outside. Only the workload's own policies are asked, as nobody knows those of the other side.
 */
import type { Intervals } from './intervals.ts';
import { rangesText } from './addresses.ts';
import { ANYBODY, type ConnectionRow, type ListOptions, outside } from './connections.ts';
import { DIRECTIONS, type Direction } from './policy.ts';
import { type Conns, connsOf } from './ports.ts';
import { Relation } from './relation.ts';
import { representativeText, representativesOf } from './representatives.ts';
import { type NetWorkload, workloadsOf } from './workloads.ts';
import type { World } from './world.ts';

export const ENTIRE_CLUSTER = 'entire-cluster';

export interface Exposure {
  /** To or from whom, by direction. A row without connections is an exception from what the entire cluster may do. */
  readonly egress: readonly ConnectionRow[];
  readonly ingress: readonly ConnectionRow[];
  /** No policy selects the workload in the direction. */
  readonly unprotected: readonly { workload: string; direction: 'Ingress' | 'Egress' }[];
}

export function exposure(world: World, options: ListOptions = {}): Exposure {
  const known = new Relation(world);
  const ipv6 = options.ipv6 === true;
  const rows = (direction: Direction): ConnectionRow[] => {
    const relation = new Relation(world, [ANYBODY, ...representativesOf(world, known.selection, direction)]);
    return workloadsOf(world, relation.entities).flatMap((workload) => rowsOf(relation, { workload, direction, ipv6 }));
  };
  const bare = workloadsOf(world, known.entities).flatMap((workload) => unprotected(known, workload));
  return { egress: rows('egress'), ingress: rows('ingress'), unprotected: bare };
}

function unprotected(relation: Relation, { name, classes }: NetWorkload): Exposure['unprotected'] {
  return DIRECTIONS.flatMap((direction) => {
    const bare = classes.some((id) => (relation.signatureOf(direction, id)?.policies.length ?? 0) === 0);
    return bare ? [{ workload: name, direction: direction === 'ingress' ? ('Ingress' as const) : ('Egress' as const) }] : [];
  });
}

interface Asked {
  workload: NetWorkload;
  direction: Direction;
  ipv6: boolean;
}

function rowsOf(relation: Relation, { workload, direction, ipv6 }: Asked): ConnectionRow[] {
  const { ports, entities } = relation;
  // What has addresses of one family only has nothing to do with those of the other.
  const permitted = (peer: number): number =>
    workload.classes
      .filter((id) => (entities.familiesOf(id) & entities.familiesOf(peer)) !== 0)
      .map((id) => relation.permitted(direction, id, peer))
      .reduce((all, one) => ports.union(all, one), ports.none);
  const row = (peer: string, conns: Conns): ConnectionRow =>
    direction === 'ingress' ? { src: peer, dst: workload.name, conns } : { src: workload.name, dst: peer, conns };
  const rows: ConnectionRow[] = [];
  for (const [id, addresses] of outside(relation, permitted, ipv6)) rows.push(row(rangesText(addresses), connsOf(ports.set(id))));
  const anybody = permitted(entities.firstRepresentative);
  const written = (id: number): Conns => namedConns(relation, ports.set(id));
  if (anybody !== ports.none) rows.push(row(ENTIRE_CLUSTER, written(anybody)));
  for (const [index, one] of entities.representatives.entries()) {
    const id = permitted(entities.firstRepresentative + index);
    if (index > 0 && id !== anybody) rows.push(row(representativeText(one), written(id)));
  }
  return rows;
}

function namedConns({ rulePorts }: Relation, set: Intervals<number>): Conns {
  return connsOf(set, rulePorts.symbols);
}
