/** The whole relation, a source at a time: what may flow from it to every class and zone of addresses. */
import { Columns, idsOf } from './columns.ts';
import type { Relation } from './relation.ts';
import { type Steps, constant } from './steps.ts';

export class Matrix {
  readonly #relation: Relation;
  readonly #columns: Columns;
  /** Of every class and zone, the families of addresses that it can be reached by. */
  readonly #families: Uint8Array;

  constructor(relation: Relation) {
    this.#relation = relation;
    this.#columns = new Columns(relation);
    this.#families = Uint8Array.from({ length: relation.entities.count }, (_, id) => relation.entities.familiesOf(id));
  }

  /** Sets of ports by the ids of classes and zones. Nothing is said of traffic from outside to outside. */
  from(source: number): Int32Array {
    const { entities, ports, ingress, egress } = this.#relation;
    const inside = entities.classes.length;
    const signature = source < inside ? (egress.of[source] ?? -1) : -1;
    const out = this.#expand(signature < 0 ? constant(ports.all) : this.#relation.row('egress', signature));
    const letIn = this.#columns.at(source);
    for (let id = 0; id < inside; id += 1) {
      const at = ingress.of[id] ?? -1;
      if (at >= 0 && out[id] !== ports.none) out[id] = ports.common(out[id] ?? 0, letIn[at] ?? 0);
    }
    if (source >= inside) out.fill(ports.none, inside);
    const own = this.#families[source] ?? 3;
    if (own !== 3) for (let id = 0; id < out.length; id += 1) if ((own & (this.#families[id] ?? 3)) === 0) out[id] = ports.none;
    return out;
  }

  #expand(row: Steps): Int32Array {
    const { entities } = this.#relation;
    const dense = new Int32Array(entities.count);
    for (const [start, end, value] of idsOf(entities, row)) dense.fill(value, start, end);
    return dense;
  }
}
