/**
 * Who may talk to whom, exactly: for each class of subjects and each direction a row with the ports that every peer may
 * use. A connection needs the row of its source and that of its destination.
 */
import { Compiler } from './compile.ts';
import { Entities } from './entities.ts';
import type { Pod } from './pods.ts';
import { type Direction, type PodPeer, type Policy, type Rule } from './policy.ts';
import type { PortSets } from './ports.ts';
import { type Known, type Row, Rows } from './rows.ts';
import { RulePorts } from './rule-ports.ts';
import { Selection, type Touched } from './selection.ts';
import { type PolicyChange, type Signature, Signatures } from './signatures.ts';
import { packed, replacedIn, valueAt } from './steps.ts';
import type { World } from './world.ts';
import { placesIn } from './places.ts';

/** How a world differs from the one before. Who is neither in nor out is the same object in both. */
export interface WorldChange {
  /** Indexes in the world before. */
  readonly podsOut: ReadonlySet<number>;
  /** They stand behind the others in the world. */
  readonly podsIn: readonly Pod[];
  readonly policiesOut: ReadonlySet<Policy>;
  readonly policiesIn: readonly Policy[];
  /** Names of those that are new or gone, or have other labels. */
  readonly namespaces: ReadonlySet<string>;
}

interface Parts extends Known {
  readonly ingress: Signatures;
  readonly egress: Signatures;
  readonly rows: Record<Direction, (Row | undefined)[]>;
  /** How many policies there were when everything was worked out anew. */
  readonly fresh: number;
}

export class Relation {
  readonly world: World;
  readonly entities: Entities;
  readonly selection: Selection;
  readonly ports: PortSets;
  readonly rulePorts: RulePorts;
  readonly ingress: Signatures;
  readonly egress: Signatures;
  readonly #parts: Parts;
  readonly #makers: Record<Direction, Rows>;
  readonly #peers = new Map<Rule, Int32Array | undefined>();

  constructor(world: World, representatives: readonly PodPeer[] = [], parts: Parts = fresh(world, representatives)) {
    this.world = world;
    this.entities = parts.entities;
    this.selection = parts.selection;
    this.rulePorts = parts.rulePorts;
    this.ports = parts.rulePorts.sets;
    this.ingress = parts.ingress;
    this.egress = parts.egress;
    this.#parts = parts;
    this.#makers = { ingress: new Rows('ingress', parts), egress: new Rows('egress', parts) };
  }

  /** Undefined where no policy can select the class. */
  signatureOf(direction: Direction, id: number): Signature | undefined {
    return this[direction].all[this[direction].of[id] ?? -1];
  }

  /** Sets of ports by the places of peers (`entities.placeOf`). */
  row(direction: Direction, signature: number): Row {
    const rows = this.#parts.rows[direction];
    let row = rows[signature];
    if (row === undefined) {
      const one = this[direction].all[signature];
      if (one === undefined) throw new RangeError(`there is no signature ${signature}`);
      rows[signature] = row = this.#makers[direction].of(one);
    }
    return row;
  }

  /** The ports on which the policies of `subject` let it talk with `peer`. */
  permitted(direction: Direction, subject: number, peer: number): number {
    const signature = this[direction].of[subject] ?? -1;
    return signature < 0 ? this.ports.all : valueAt(this.row(direction, signature), this.entities.placeOf(peer));
  }

  /** What may flow from one to the other, as the id of a set of ports. */
  allowed(source: number, destination: number): number {
    if ((this.entities.familiesOf(source) & this.entities.familiesOf(destination)) === 0) return this.ports.none;
    return this.ports.common(this.permitted('egress', source, destination), this.permitted('ingress', destination, source));
  }

  /** Ids; undefined is everybody. */
  peersOf(rule: Rule): Int32Array | undefined {
    if (!this.#peers.has(rule)) {
      const places = this.selection.peers(rule);
      const ids = places === undefined ? undefined : Int32Array.from(placesIn(places), (place) => this.entities.idAt(place));
      this.#peers.set(rule, ids);
    }
    return this.#peers.get(rule);
  }

  isPeer(rule: Rule, id: number): boolean {
    return this.selection.isPeer(rule, this.entities.placeOf(id));
  }

  /**
   * The relation of a changed world, which shares with this one whatever the change does not touch; this one stays as it
   * is. Rows that were asked for are kept up to date. Numbers of classes keep their meaning.
   */
  with(world: World, change: WorldChange): Relation {
    const { compiler, fresh: policies } = this.#parts;
    // Words and signatures of policies that are gone are never forgotten, so now and then it is as well to begin anew.
    if (this.entities.representatives.length > 0 || compiler.met > 2 * policies + 1000)
      return new Relation(world, this.entities.representatives);
    const entities = this.entities.with(this.world.pods, change, compiler);
    if (entities === undefined || entities.classes.length > 2 * world.pods.length + 1000) return new Relation(world);
    const { selection, touched } = this.selection.with(entities, world.namespaces, change.namespaces);
    const known: Known = { compiler, entities, selection, rulePorts: this.rulePorts.with(entities) };
    const policyChange = { ...change, policies: world.policies };
    const ingress = this.#directionWith('ingress', known, { change: policyChange, touched });
    const egress = this.#directionWith('egress', known, { change: policyChange, touched });
    const rows = { ingress: ingress.rows, egress: egress.rows };
    return new Relation(world, [], { ...known, ingress: ingress.signatures, egress: egress.signatures, rows, fresh: policies });
  }

  #directionWith(
    direction: Direction,
    known: Known,
    { change, touched }: { change: PolicyChange; touched: Touched },
  ): { signatures: Signatures; rows: (Row | undefined)[] } {
    const signatures = this[direction].with(change, known, touched);
    const used = signatures.inUse();
    const rows = this.#rowsWith(direction, known, { touched, used });
    const unused = used.reduce((count, one) => count - one, used.length);
    if (unused < 100 + used.length / 2) return { signatures, rows };
    const { signatures: fewer, old } = signatures.inUseOnly();
    return { signatures: fewer, rows: old.map((number) => rows[number]) };
  }

  /** At the places that are touched rows are worked out anew; a signature that has new policies has a new number. */
  #rowsWith(direction: Direction, known: Known, { touched, used }: { touched: Touched; used: Uint8Array }): (Row | undefined)[] {
    const rows = this.#parts.rows[direction].map((row, number) => (used[number] === 1 ? row : undefined));
    if (touched.places.length === 0) return rows;
    const concerned = this.#parts.compiler.using(direction, touched.selectors, touched.ranges);
    if (concerned.size === 0) return rows;
    const maker = new Rows(direction, known, touched.places);
    for (const [number, row] of rows.entries()) {
      const signature = this[direction].all[number];
      if (row === undefined || signature === undefined || !signature.policies.some((policy) => concerned.has(policy))) continue;
      rows[number] = packed(replacedIn(row, touched.places, maker.of(signature)));
    }
    return rows;
  }
}

function fresh(world: World, representatives: readonly PodPeer[]): Parts {
  const compiler = new Compiler(world.nodes);
  const entities = Entities.of(world, compiler, representatives);
  const selection = new Selection({ entities, namespaces: world.namespaces, compiler });
  const known: Known = { compiler, entities, selection, rulePorts: RulePorts.of(entities, world.policies) };
  const ingress = Signatures.of('ingress', world.policies, known);
  const egress = Signatures.of('egress', world.policies, known);
  return { ...known, ingress, egress, rows: { ingress: [], egress: [] }, fresh: world.policies.length };
}
