/** Who may talk to whom as a list: workloads, ranges of addresses outside, and an ingress controller that may be anywhere. */
import { WHOLE, rangesText } from './addresses.ts';
import { enteredPorts } from './entrances.ts';
import { type Intervals, intersection, union } from './intervals.ts';
import { Matrix } from './matrix.ts';
import { allowedFrom, mergedAt } from './merged.ts';
import type { PodPeer } from './policy.ts';
import { type Conns, connsOf } from './ports.ts';
import { Relation } from './relation.ts';
import { EVERYTHING } from './selector.ts';
import { type NetWorkload, workloadsOf } from './workloads.ts';
import type { World } from './world.ts';

export const INGRESS_CONTROLLER = 'ingress-controller';
/** A pod of which nothing is known. */
export const ANYBODY: PodPeer = { kind: 'pods', namespaces: EVERYTHING, pods: EVERYTHING };

export interface ConnectionRow {
  readonly src: string;
  readonly dst: string;
  readonly conns: Conns;
}

/** A connection before it is written out; an end outside is a set of addresses. */
export interface Flow {
  readonly src: string | Intervals<bigint>;
  readonly dst: string | Intervals<bigint>;
  readonly ports: Intervals<number>;
}

export interface ListOptions {
  /** Also addresses of IPv6. */
  readonly ipv6?: boolean;
  /** Also connections among the pods of one workload. */
  readonly within?: boolean;
  /** Only connections of which one end is among these workloads. */
  readonly touching?: ReadonlySet<string>;
}

export function connections(world: World, options: ListOptions = {}): ConnectionRow[] {
  const written = new Map<Intervals<number>, Conns | undefined>();
  const rows: ConnectionRow[] = [];
  for (const { src, dst, ports } of flows(world, options)) {
    if (!written.has(ports)) {
      const made = connsOf(ports);
      written.set(ports, Object.keys(made).length === 0 ? undefined : made);
    }
    const conns = written.get(ports);
    if (conns !== undefined) rows.push({ src: endText(src), dst: endText(dst), conns });
  }
  return rows;
}

export function endText(end: string | Intervals<bigint>): string {
  return typeof end === 'string' ? end : rangesText(end);
}

/** No workload with itself unless asked, and nothing from outside to outside. Equal sets of ports are one array. */
export function* flows(world: World, { ipv6 = false, within = false, touching }: ListOptions = {}): Generator<Flow> {
  const relation = new Relation(world, [ANYBODY]);
  const matrix = new Matrix(relation);
  const workloads = workloadsOf(world, relation.entities);
  // Nearly all are one class, and there are many pairs.
  const only = Int32Array.from(workloads, ({ classes }) => (classes.length === 1 ? (classes[0] ?? -1) : -1));
  const isAsked = Uint8Array.from(workloads, ({ name }) => (touching?.has(name) === false ? 0 : 1));
  const targets = Int32Array.from(workloads.keys());
  const asked = targets.filter((at) => isAsked[at] === 1);
  for (const [index, source] of workloads.entries()) {
    const own = isAsked[index] === 1;
    if (!own && asked.length === 0) continue;
    const allowed = allowedFrom(relation, matrix, source.classes);
    for (const at of own ? targets : asked) {
      const [destination, id] = [workloads[at], only[at] ?? -1];
      if (destination === undefined || (destination === source && !within)) continue;
      const ports = id < 0 ? mergedAt(relation, allowed, destination.classes) : (allowed[id] ?? relation.ports.none);
      if (ports !== relation.ports.none) yield { src: source.name, dst: destination.name, ports: relation.ports.set(ports) };
    }
    if (!own) continue;
    for (const [ports, addresses] of outside(relation, (zone) => allowed[zone] ?? 0, ipv6)) {
      yield { src: source.name, dst: addresses, ports: relation.ports.set(ports) };
    }
  }
  const { firstZone, zones } = relation.entities;
  const entering = zones.all.map((_, index) => matrix.from(firstZone + index));
  for (const [index, destination] of workloads.entries()) {
    if (isAsked[index] === 0) continue;
    const into = (zone: number): number => mergedAt(relation, entering[zone - firstZone] ?? NOTHING, destination.classes);
    for (const [ports, addresses] of outside(relation, into, ipv6))
      yield { src: addresses, dst: destination.name, ports: relation.ports.set(ports) };
  }
  yield* entered(
    relation,
    workloads.filter((_, index) => isAsked[index] === 1),
  );
}

const NOTHING = new Int32Array(0);

/** Addresses outside by the ports that are open with them. */
export function outside(
  relation: Relation,
  portsWith: (zone: number) => number,
  ipv6: boolean,
): (readonly [ports: number, addresses: Intervals<bigint>])[] {
  const { zones, firstZone } = relation.entities;
  const found = new Map<string, [number, Intervals<bigint>]>();
  for (const [index, { family, set }] of zones.all.entries()) {
    const ports = portsWith(firstZone + index);
    if (ports === relation.ports.none || (family === 6 && !ipv6)) continue;
    const key = `${family} ${ports}`;
    found.set(key, [ports, intersection(WHOLE[family], union(found.get(key)?.[1] ?? [], set))]);
  }
  return [...found.values()];
}

function* entered(relation: Relation, workloads: readonly NetWorkload[]): Generator<Flow> {
  const ports = enteredPorts(relation.world);
  if (ports.size === 0) return;
  for (const { name, pods } of workloads) {
    let open: Intervals<number> = [];
    for (const pod of pods) {
      const led = ports.get(pod);
      if (led !== undefined) open = union(open, intersection(led, letsIn(relation, pod)));
    }
    if (open.length > 0) yield { src: INGRESS_CONTROLLER, dst: name, ports: open };
  }
}

/** What a pod takes from anybody inside the cluster. */
function letsIn(relation: Relation, pod: number): Intervals<number> {
  const { entities, ports } = relation;
  const ids = entities.classesOf[pod] ?? [];
  const open = ids.map((id) => relation.permitted('ingress', id, entities.firstRepresentative));
  return ports.set(open.reduce((all, one) => ports.union(all, one), ports.none));
}
