/** Ingress rows the other way about: for each source what every signature lets in from it. */
import { REPRESENTATIVES, ZONES } from './places.ts';
import type { Relation } from './relation.ts';
import { type Steps, stretches } from './steps.ts';

export class Columns {
  /** By signature what it lets in from most classes. */
  readonly bases: Int32Array;
  /** By source the first of its exceptions in the two lists; one more at the end. */
  readonly first: Int32Array;
  readonly signatures: Int32Array;
  readonly values: Int32Array;

  constructor(relation: Relation) {
    const { entities, ingress } = relation;
    const members = membersOf(relation);
    const rows = ingress.all.map((_, signature) => (members[signature] === 0 ? undefined : relation.row('ingress', signature)));
    this.bases = Int32Array.from(rows, (row) => (row === undefined ? relation.ports.none : mostOf(row, entities.classes.length)));
    const special = (visit: (id: number, signature: number, value: number) => void): void => {
      for (const [signature, row] of rows.entries()) {
        if (row === undefined) continue;
        for (const [start, end, value] of idsOf(entities, row))
          if (value !== this.bases[signature]) for (let id = start; id < end; id += 1) visit(id, signature, value);
      }
    };
    const first = new Int32Array(entities.count + 1);
    special((id) => (first[id + 1] = (first[id + 1] ?? 0) + 1));
    for (let id = 0; id < entities.count; id += 1) first[id + 1] = (first[id + 1] ?? 0) + (first[id] ?? 0);
    this.first = first;
    const next = first.slice();
    this.signatures = new Int32Array(first[entities.count] ?? 0);
    this.values = new Int32Array(this.signatures.length);
    special((id, signature, value) => {
      const at = next[id] ?? 0;
      next[id] = at + 1;
      this.signatures[at] = signature;
      this.values[at] = value;
    });
  }

  /** By signature. */
  at(source: number): Int32Array {
    const letIn = this.bases.slice();
    for (let index = this.first[source] ?? 0; index < (this.first[source + 1] ?? 0); index += 1)
      letIn[this.signatures[index] ?? 0] = this.values[index] ?? 0;
    return letIn;
  }
}

/** How many classes have each of the ingress signatures: some of a changed relation have none. */
function membersOf({ ingress }: Relation): Int32Array {
  const members = new Int32Array(ingress.all.length);
  for (const signature of ingress.of) if (signature >= 0) members[signature] = (members[signature] ?? 0) + 1;
  return members;
}

function mostOf(row: Steps, classes: number): number {
  const counts = new Map<number, number>();
  for (const [start, end, value] of stretches(row, 0, classes)) counts.set(value, (counts.get(value) ?? 0) + end - start);
  let [most, count] = [row.base, 0];
  for (const [value, places] of counts) if (places > count) [most, count] = [value, places];
  return most;
}

/** What a row says, by ids. */
export function* idsOf(
  { firstZone, firstRepresentative, count }: Relation['entities'],
  row: Steps,
): Generator<readonly [start: number, end: number, value: number]> {
  yield* stretches(row, 0, firstZone);
  const kinds = [
    [ZONES, firstZone, firstRepresentative],
    [REPRESENTATIVES, firstRepresentative, count],
  ] as const;
  for (const [place, first, behind] of kinds)
    for (const [start, end, value] of stretches(row, place, place + behind - first))
      yield [start - place + first, end - place + first, value];
}
