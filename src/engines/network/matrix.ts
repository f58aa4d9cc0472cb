/** The whole relation, a source at a time: what may flow from it to every class and zone of addresses. */
import type { Relation, Row } from './relation.ts';

export class Matrix {
  readonly #relation: Relation;
  /** What each ingress signature lets in from whom nothing special is said of. */
  readonly #bases: Int32Array;
  /** By source: ingress signatures that say something special of it, each followed by what they let in. */
  readonly #special: (number[] | undefined)[];
  /** Of every class and zone, the families of addresses that it can be reached by. */
  readonly #families: Uint8Array;

  constructor(relation: Relation) {
    this.#relation = relation;
    const { entities, ingress } = relation;
    this.#bases = new Int32Array(ingress.all.length);
    this.#special = Array.from({ length: entities.count });
    for (let signature = 0; signature < ingress.all.length; signature += 1) {
      const { base, peers, ports } = relation.row('ingress', signature);
      this.#bases[signature] = base;
      for (const [index, peer] of peers.entries()) (this.#special[peer] ??= []).push(signature, ports[index] ?? base);
    }
    this.#families = Uint8Array.from({ length: entities.count }, (_, id) => entities.familiesOf(id));
  }

  /** Sets of ports by the ids of classes and zones. Nothing is said of traffic from outside to outside. */
  from(source: number): Int32Array {
    const { entities, ports, ingress, egress } = this.#relation;
    const inside = entities.classes.length;
    const signature = source < inside ? (egress.of[source] ?? -1) : -1;
    const out = this.#expand(signature < 0 ? { base: ports.all, peers: NOBODY, ports: NOBODY } : this.#relation.row('egress', signature));
    const letIn = this.#letIn(source);
    for (let id = 0; id < inside; id += 1) {
      const at = ingress.of[id] ?? -1;
      if (at >= 0 && out[id] !== ports.none) out[id] = ports.common(out[id] ?? 0, letIn[at] ?? 0);
    }
    if (source >= inside) out.fill(ports.none, inside);
    const own = this.#families[source] ?? 3;
    if (own !== 3) for (let id = 0; id < out.length; id += 1) if ((own & (this.#families[id] ?? 3)) === 0) out[id] = ports.none;
    return out;
  }

  #expand({ base, peers, ports }: Row): Int32Array {
    const dense = new Int32Array(this.#relation.entities.count).fill(base);
    for (const [index, peer] of peers.entries()) dense[peer] = ports[index] ?? base;
    return dense;
  }

  #letIn(source: number): Int32Array {
    const special = this.#special[source];
    if (special === undefined) return this.#bases;
    const values = this.#bases.slice();
    for (let index = 0; index < special.length; index += 2) values[special[index] ?? 0] = special[index + 1] ?? 0;
    return values;
  }
}

const NOBODY = new Int32Array(0);
