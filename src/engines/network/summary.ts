/**
 * How many pairs of pods may talk, without looking at each pair: what most sources meet is counted once for each
 * signature, and only what differs from it pair by pair of classes.
 */
import { Columns } from './columns.ts';
import { Matrix } from './matrix.ts';
import type { Relation } from './relation.ts';
import { type Steps, constant, stretches, valueAt } from './steps.ts';

/** Ordered pairs of different pods, by what may flow: everything, something, nothing. */
export interface MatrixSummary {
  readonly open: number;
  readonly limited: number;
  readonly closed: number;
}

export function matrixSummary(relation: Relation): MatrixSummary {
  const { entities } = relation;
  const several = entities.classesOf.some((classes) => classes.length > 1);
  const tally = several ? pairByPair(relation) : new Counter(relation).all();
  for (const classes of entities.classesOf) tally.add(allowedAmong(relation, classes), -1);
  return { open: tally.open, limited: tally.limited, closed: tally.closed };
}

class Tally {
  open = 0;
  limited = 0;
  closed = 0;
  readonly #relation: Relation;

  constructor(relation: Relation) {
    this.#relation = relation;
  }

  add(ports: number, pairs: number): void {
    if (ports === this.#relation.ports.all) this.open += pairs;
    else if (ports === this.#relation.ports.none) this.closed += pairs;
    else this.limited += pairs;
  }

  addAll({ open, limited, closed }: Tally, times: number): void {
    this.open += open * times;
    this.limited += limited * times;
    this.closed += closed * times;
  }
}

/** What a pod may send itself, as far as policies go. */
function allowedAmong(relation: Relation, classes: readonly number[]): number {
  const all = classes.flatMap((source) => classes.map((destination) => relation.allowed(source, destination)));
  return all.reduce((merged, one) => relation.ports.union(merged, one), relation.ports.none);
}

/** Pods with addresses that policies tell apart are several classes each: what any of them may do counts. */
function pairByPair(relation: Relation): Tally {
  const { entities, ports } = relation;
  const matrix = new Matrix(relation);
  const kinds = new Map<string, { classes: readonly number[]; pods: number }>();
  for (const classes of entities.classesOf) {
    const kind = kinds.get(classes.join());
    if (kind === undefined) kinds.set(classes.join(), { classes, pods: 1 });
    else kind.pods += 1;
  }
  const tally = new Tally(relation);
  for (const source of kinds.values()) {
    const rows = source.classes.map((id) => matrix.from(id));
    for (const destination of kinds.values()) {
      let merged = ports.none;
      for (const row of rows) for (const id of destination.classes) merged = ports.union(merged, row[id] ?? ports.none);
      tally.add(merged, source.pods * destination.pods);
    }
  }
  return tally;
}

class Counter {
  readonly #relation: Relation;
  readonly #columns: Columns;
  /** Classes with pods, by the signature of each direction; the first list is of those without one. */
  readonly #sources: readonly (readonly number[])[];
  readonly #destinations: readonly (readonly number[])[];
  /** By the families of a source: how many pods of the first classes are met with what their signatures mostly let in. */
  readonly #sums = new Map<number, readonly (readonly [base: number, pods: Float64Array])[]>();

  constructor(relation: Relation) {
    this.#relation = relation;
    this.#columns = new Columns(relation);
    const { members } = relation.entities;
    const grouped = ({ all, of }: Relation['ingress']): number[][] => {
      const groups = Array.from({ length: all.length + 1 }, (): number[] => []);
      for (const [id, signature] of of.entries()) if ((members[id] ?? 0) > 0) groups[signature + 1]?.push(id);
      return groups;
    };
    this.#sources = grouped(relation.egress);
    this.#destinations = grouped(relation.ingress);
  }

  all(): Tally {
    const { ports, entities } = this.#relation;
    const tally = new Tally(this.#relation);
    for (const [index, sources] of this.#sources.entries()) {
      const row = index === 0 ? constant(ports.all) : sources.length === 0 ? undefined : this.#relation.row('egress', index - 1);
      if (row !== undefined) this.#addGroup(row, sources, (pods, source) => tally.addAll(pods, entities.members[source] ?? 0));
    }
    return tally;
  }

  /** Of sources with one egress row. Neighbours that are let in alike are counted once. */
  #addGroup(row: Steps, sources: readonly number[], visit: (pods: Tally, source: number) => void): void {
    const usual = new Map<number, Tally>();
    const look = this.#lookerInto(row, sources);
    let last: { source: number; families: number; pods: Tally } | undefined;
    for (const source of sources) {
      const families = this.#relation.entities.familiesOf(source);
      if (last === undefined || last.families !== families || !this.#isLetInAs(source, last.source)) {
        let start = usual.get(families);
        if (start === undefined) usual.set(families, (start = this.#usually(row, families)));
        last = { source, families, pods: this.#corrected(start, source, look) };
      }
      visit(last.pods, source);
    }
  }

  /** Looking places up in the row pays only where it is done for few of them. */
  #lookerInto(row: Steps, sources: readonly number[]): (id: number) => number {
    const { classes } = this.#relation.entities;
    const { first, signatures } = this.#columns;
    let lookups = 0;
    for (const source of sources) {
      for (let at = first[source] ?? 0; at < (first[source + 1] ?? 0); at += 1)
        lookups += this.#destinations[(signatures[at] ?? 0) + 1]?.length ?? 0;
      if (lookups > classes.length / 8) break;
    }
    if (lookups <= classes.length / 8) return (id) => valueAt(row, id);
    const dense = new Int32Array(classes.length);
    for (const [start, end, value] of stretches(row, 0, classes.length)) dense.fill(value, start, end);
    return (id) => dense[id] ?? 0;
  }

  /** As if every signature let in of the source what it lets in of most. */
  #usually(row: Steps, families: number): Tally {
    const { ports, entities } = this.#relation;
    const tally = new Tally(this.#relation);
    let met = 0;
    for (const [start, end, out] of stretches(row, 0, entities.classes.length)) {
      for (const [base, pods] of this.#sumsFor(families)) {
        const count = (pods[end] ?? 0) - (pods[start] ?? 0);
        if (count === 0) continue;
        met += count;
        tally.add(ports.common(out, base), count);
      }
    }
    tally.closed += entities.classesOf.length - met;
    return tally;
  }

  #sumsFor(families: number): readonly (readonly [base: number, pods: Float64Array])[] {
    let sums = this.#sums.get(families);
    if (sums !== undefined) return sums;
    const { entities, ingress, ports } = this.#relation;
    const found = new Map<number, Float64Array>();
    const baseOf = (id: number): number => ((ingress.of[id] ?? -1) < 0 ? ports.all : (this.#columns.bases[ingress.of[id] ?? 0] ?? 0));
    for (const [id, pods] of entities.members.entries()) {
      if (pods === 0 || (entities.familiesOf(id) & families) === 0) continue;
      let counts = found.get(baseOf(id));
      if (counts === undefined) found.set(baseOf(id), (counts = new Float64Array(entities.members.length + 1)));
      counts[id + 1] = pods;
    }
    for (const counts of found.values())
      for (let id = 1; id < counts.length; id += 1) counts[id] = (counts[id] ?? 0) + (counts[id - 1] ?? 0);
    this.#sums.set(families, (sums = [...found]));
    return sums;
  }

  #corrected(usual: Tally, source: number, look: (id: number) => number): Tally {
    const { entities, ports } = this.#relation;
    const { first, signatures, values, bases } = this.#columns;
    const tally = new Tally(this.#relation);
    tally.addAll(usual, 1);
    const families = entities.familiesOf(source);
    for (let at = first[source] ?? 0; at < (first[source + 1] ?? 0); at += 1) {
      const signature = signatures[at] ?? 0;
      for (const id of this.#destinations[signature + 1] ?? []) {
        const out = look(id);
        if (out === ports.none || (entities.familiesOf(id) & families) === 0) continue;
        const pods = entities.members[id] ?? 0;
        tally.add(ports.common(out, bases[signature] ?? 0), -pods);
        tally.add(ports.common(out, values[at] ?? 0), pods);
      }
    }
    return tally;
  }

  #isLetInAs(a: number, b: number): boolean {
    const { first, signatures, values } = this.#columns;
    const [startA, startB] = [first[a] ?? 0, first[b] ?? 0];
    const length = (first[a + 1] ?? 0) - startA;
    if (length !== (first[b + 1] ?? 0) - startB) return false;
    for (let at = 0; at < length; at += 1)
      if (signatures[startA + at] !== signatures[startB + at] || values[startA + at] !== values[startB + at]) return false;
    return true;
  }
}
