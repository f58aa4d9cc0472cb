/**
 * Who may talk to whom, exactly: for each class of subjects and each direction a row with the ports that every peer may
 * use. A connection needs the row of its source and that of its destination.
 *
 * The tiers are asked in turn for each port by itself. Admin policies decide by their first rule that matches; Pass
 * leaves the port to the rest. Where a NetworkPolicy selects the subject, all of them together decide the rest, and
 * what none of them allows is denied. Elsewhere the baseline decides as the admin tier does, and what is left is allowed.
 */
import { Entities } from './entities.ts';
import type { Direction, PodPeer, Policy, Rule } from './policy.ts';
import type { PortSets } from './ports.ts';
import { RulePorts } from './rule-ports.ts';
import { Selection } from './selection.ts';
import { PolicyTable, type Signature, type Signatures } from './signatures.ts';
import type { World } from './world.ts';

/** Sparse: `base` for every peer but those that are named, whose ids rise. */
export interface Row {
  readonly base: number;
  readonly peers: Int32Array;
  readonly ports: Int32Array;
}

export class Relation {
  readonly world: World;
  readonly entities: Entities;
  readonly selection: Selection;
  readonly ports: PortSets;
  readonly rulePorts: RulePorts;
  readonly ingress: Signatures;
  readonly egress: Signatures;
  readonly #rows: Record<Direction, (Row | undefined)[]> = { ingress: [], egress: [] };
  readonly #peers = new Map<Rule, Int32Array | undefined>();

  constructor(world: World, representatives: readonly PodPeer[] = []) {
    this.world = world;
    this.entities = new Entities(world, representatives);
    this.selection = new Selection(world, this.entities);
    this.rulePorts = new RulePorts(this.entities, world.policies);
    this.ports = this.rulePorts.sets;
    const table = new PolicyTable(world, this.entities, this.selection);
    this.ingress = table.signatures('ingress');
    this.egress = table.signatures('egress');
  }

  /** Undefined where no policy can select the class. */
  signatureOf(direction: Direction, id: number): Signature | undefined {
    return this[direction].all[this[direction].of[id] ?? -1];
  }

  row(direction: Direction, signature: number): Row {
    let row = this.#rows[direction][signature];
    if (row === undefined) this.#rows[direction][signature] = row = this.#makeRow(direction, this[direction].all[signature]);
    return row;
  }

  /** The ports on which the policies of `subject` let it talk with `peer`. */
  permitted(direction: Direction, subject: number, peer: number): number {
    const signature = this[direction].of[subject] ?? -1;
    return signature < 0 ? this.ports.all : valueAt(this.row(direction, signature), peer);
  }

  /** What may flow from one to the other, as the id of a set of ports. */
  allowed(source: number, destination: number): number {
    if ((this.entities.familiesOf(source) & this.entities.familiesOf(destination)) === 0) return this.ports.none;
    return this.ports.common(this.permitted('egress', source, destination), this.permitted('ingress', destination, source));
  }

  /** Undefined is everybody. */
  peersOf(rule: Rule): Int32Array | undefined {
    if (!this.#peers.has(rule)) this.#peers.set(rule, this.selection.peersOf(rule));
    return this.#peers.get(rule);
  }

  #makeRow(direction: Direction, signature: Signature | undefined): Row {
    const { none, all } = this.ports;
    const policies = signature?.policies ?? [];
    const isolated = policies.some(({ tier }) => tier === 'network');
    const admin = policies.filter(({ tier }) => tier === 'admin');
    const rest = policies.filter(({ tier }) => (isolated ? tier === 'network' : tier === 'baseline'));
    const context: Context = { direction, subject: signature?.example ?? 0 };
    if (policies.length === 0) return { base: all, peers: NOBODY, ports: NOBODY };
    const below = isolated ? this.#union(rest, context) : this.#inTurn(rest, context).merged();
    if (admin.length === 0) return compress(below, isolated ? none : all);
    const { allowed, left } = this.#inTurn(admin, context);
    for (let id = 0; id < below.length; id += 1)
      below[id] = this.ports.union(allowed[id] ?? none, this.ports.common(left[id] ?? none, below[id] ?? none));
    return compress(below, isolated ? none : all);
  }

  /** What any of the policies allows. */
  #union(policies: readonly Policy[], context: Context): Int32Array {
    const allowed = new Int32Array(this.entities.count).fill(this.ports.none);
    this.#eachHit(policies, context, (id, ports) => (allowed[id] = this.ports.union(allowed[id] ?? 0, ports)));
    return allowed;
  }

  /** Each port is decided by the first rule that matches it; `left` is what none decided, or some passed. */
  #inTurn(policies: readonly Policy[], context: Context): Decided {
    const sets = this.ports;
    const make = (value: number): Int32Array => new Int32Array(this.entities.count).fill(value);
    const [allowed, open, passed] = [make(sets.none), make(sets.all), make(sets.none)];
    this.#eachHit(policies, context, (id, ports, rule) => {
      const before = open[id] ?? 0;
      const decided = sets.common(before, ports);
      if (decided === sets.none) return;
      open[id] = sets.without(before, decided);
      if (rule.action === 'Accept') allowed[id] = sets.union(allowed[id] ?? 0, decided);
      if (rule.action === 'Pass') passed[id] = sets.union(passed[id] ?? 0, decided);
    });
    const left = open.map((value, id) => sets.union(value, passed[id] ?? 0));
    return { allowed, left, merged: () => left.map((value, id) => sets.union(value, allowed[id] ?? 0)) };
  }

  /** Each rule in turn with each of its peers, and the ports that it says of that one. */
  #eachHit(policies: readonly Policy[], { direction, subject }: Context, visit: (id: number, ports: number, rule: Rule) => void): void {
    for (const policy of policies) {
      for (const rule of policy[direction] ?? []) {
        const peers = this.peersOf(rule);
        const same = this.rulePorts.whereSame(rule, direction, subject);
        const count = peers === undefined ? this.entities.count : peers.length;
        for (let index = 0; index < count; index += 1) {
          const id = peers === undefined ? index : (peers[index] ?? 0);
          visit(id, same ?? this.rulePorts.of(rule, id), rule);
        }
      }
    }
  }
}

interface Context {
  direction: Direction;
  /** One of the classes that the row is for. */
  subject: number;
}

interface Decided {
  allowed: Int32Array;
  left: Int32Array;
  merged(): Int32Array;
}

const NOBODY = new Int32Array(0);

function compress(dense: Int32Array, base: number): Row {
  const peers: number[] = [];
  for (let id = 0; id < dense.length; id += 1) if (dense[id] !== base) peers.push(id);
  return { base, peers: Int32Array.from(peers), ports: Int32Array.from(peers, (id) => dense[id] ?? base) };
}

function valueAt({ base, peers, ports }: Row, id: number): number {
  let [low, high] = [0, peers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((peers[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return peers[low] === id ? (ports[low] ?? base) : base;
}
