/** Whether tenants are apart: for each two of them a proof that nothing flows, or two ends that something flows between. */
import { anywhere } from './anywhere.ts';
import { groupBy } from '../../lib/groups.ts';
import { doubtsOf } from './doubts.ts';
import { type Group, groupedMatrix } from './grouped-matrix.ts';
import { type Grouping, groupsOf } from './grouping.ts';
import { type Conns, connsOf } from './ports.ts';
import { type Peer, Peers } from './peers.ts';
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
  /** Of a label the tenants without pods, of which nothing is said: of nobody everything is true. */
  readonly empty?: readonly string[];
  /** Pods that are of no tenant. */
  readonly left: number;
}

export function tenants(relation: Relation, grouping: Grouping): Tenants {
  const known = withEmpty(tenantsIn(relation, grouping), relation, grouping);
  const world = anywhere(relation.world);
  const isKnown = world === relation.world;
  if (isKnown && doubtsOf(world).length === 0) return known;
  const everywhere = isKnown ? relation : new Relation(world);
  const peers = new Peers(everywhere);
  const groupOfPod = groupsOf(everywhere, grouping);
  const members = new Map([...groupBy(world.pods.keys(), (pod) => groupOfPod[pod])].map(([name, pods]) => [name, peers.of(pods)]));
  const surely = (from: readonly Peer[], to: readonly Peer[]): boolean => query(everywhere, { from, to }).connections.length > 0;
  const proved = (pair: TenantPair): TenantPair => {
    const { example: first } = pair;
    // One that is open whatever is not known is enough.
    if (first !== undefined && surely(peers.find(first.src), peers.find(first.dst))) return pair;
    const {
      connections,
      perhaps = [],
      allowed,
    } = query(everywhere, { from: members.get(pair.from) ?? [], to: members.get(pair.to) ?? [] });
    const isSure = connections.length > 0;
    const open = isSure ? connections : perhaps;
    const [example] = open;
    const ends = { from: pair.from, to: pair.to, pairs: pair.pairs };
    if (example === undefined) return { ...ends, apart: true, open: 0, allowed: {} };
    const [from, to] = [example.src, example.dst].map((name) => peers.find(name).flatMap(({ ids }) => ids));
    const { parts } = why(everywhere, { from: from ?? [], to: to ?? [] });
    // What is in doubt may be allowed though no part says so.
    const part = parts.find(({ verdict }) => verdict === 'allow') ?? parts[0];
    return {
      ...ends,
      apart: false,
      ...(!isSure && { unknown: true }),
      open: open.length,
      allowed: isSure ? allowed : example.conns,
      ...(part !== undefined && { example: { ...example, egress: part.egress, ingress: part.ingress } }),
    };
  };
  return { ...known, pairs: known.pairs.map(proved) };
}

function withEmpty(found: Tenants, { world }: Relation, grouping: Grouping): Tenants {
  if (grouping.by !== 'namespace-label') return found;
  const names = [...world.namespaces.values()].flatMap((labels) =>
    Object.hasOwn(labels, grouping.key) ? [labels[grouping.key] ?? ''] : [],
  );
  const known = new Set(found.tenants.map(({ name }) => name));
  const empty = [...new Set(names)].filter((name) => !known.has(name)).toSorted();
  return empty.length === 0 ? found : { ...found, empty };
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
