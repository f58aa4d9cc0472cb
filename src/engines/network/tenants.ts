/** Whether tenants are apart: for each two of them a proof that nothing flows, or two ends that something flows between. */
import { anywhere } from './anywhere.ts';
import { type Group, groupedMatrix } from './grouped-matrix.ts';
import type { Grouping } from './grouping.ts';
import { type Conns, connsOf } from './ports.ts';
import { Peers } from './peers.ts';
import { query } from './query.ts';
import { Relation } from './relation.ts';
import { type Part, why } from './why.ts';

export interface TenantPair {
  readonly from: string;
  readonly to: string;
  /** No pod of the one may open a connection to any pod of the other: proved, wherever pods are whose addresses are not known. */
  readonly apart: boolean;
  /** It depends on where these are. */
  readonly unknown?: true;
  /** Pairs of workloads, and those that something may flow between. */
  readonly pairs: number;
  readonly open: number;
  readonly allowed: Conns;
  /** One of the open pairs, and why it is. */
  readonly example?: { readonly src: string; readonly dst: string } & Pick<Part, 'conns' | 'egress' | 'ingress'>;
}

export interface Tenants {
  readonly tenants: readonly Group[];
  /** Every two, in both directions. */
  readonly pairs: readonly TenantPair[];
  /** Pods that are of no tenant. */
  readonly left: number;
}

export function tenants(relation: Relation, grouping: Grouping): Tenants {
  const known = tenantsIn(relation, grouping);
  const world = anywhere(relation.world);
  if (world === relation.world) return known;
  const everywhere = new Relation(world);
  const possible = new Map(tenantsIn(everywhere, grouping).pairs.map((pair) => [`${pair.from}\0${pair.to}`, pair]));
  const pairs = known.pairs.map((pair): TenantPair => {
    const other = possible.get(`${pair.from}\0${pair.to}`);
    if (!pair.apart || other === undefined || other.apart) return pair;
    return isSure(everywhere, other) ? other : { ...other, unknown: true };
  });
  return { ...known, pairs };
}

/** Whether the example is open wherever its pods are. */
function isSure(relation: Relation, { example }: TenantPair): boolean {
  if (example === undefined) return false;
  const peers = new Peers(relation);
  return query(relation, { from: peers.find(example.src), to: peers.find(example.dst) }).answer !== 'unknown';
}

function tenantsIn(relation: Relation, grouping: Grouping): Tenants {
  const matrix = groupedMatrix(relation, grouping);
  const groups = matrix.groups.slice(0, -1);
  const cells = new Map(matrix.cells.map((cell) => [`${cell.from} ${cell.to}`, cell]));
  const pairs = groups.flatMap((from, source) =>
    groups.flatMap((to, target): TenantPair[] => {
      if (source === target) return [];
      const cell = cells.get(`${source} ${target}`);
      const ends = { from: from.name, to: to.name, pairs: matrix.pairs(source, target) };
      if (cell === undefined) return [{ ...ends, apart: true, open: 0, allowed: {} }];
      const { source: src, destination: dst } = cell.example;
      // There is one, as the pair is open.
      const part = why(relation, { from: src.ids, to: dst.ids }).parts.find(({ verdict }) => verdict === 'allow');
      const example =
        part === undefined
          ? {}
          : { example: { src: src.name, dst: dst.name, conns: part.conns, egress: part.egress, ingress: part.ingress } };
      return [{ ...ends, apart: false, open: cell.open, allowed: connsOf(relation.ports.set(cell.ports)), ...example }];
    }),
  );
  return { tenants: groups, pairs, left: matrix.left };
}
