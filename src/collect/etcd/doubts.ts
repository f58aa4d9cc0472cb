/**
 * Values that no API server writes. Where nearly all are as they should be, one that is not was damaged; where they are
 * not, somebody else keeps what he likes under the same names, and that is no damage.
 */
import type { Place, Problems } from './problems.ts';

export type DoubtKind = 'ciphertext' | 'name' | 'form';

interface Doubt {
  message: string;
  place?: Place;
}

/** Values of one kind of which so many are odd that it is not told as damage. */
export interface UntoldDoubt {
  kind: DoubtKind;
  /** How many are odd, and how many are as an API server writes them. */
  wrong: number;
  right: number;
}

/** As many as problems are told. */
const KEPT = 100;

export class Doubts {
  readonly #kinds = new Map<DoubtKind, { right: number; wrong: number; kept: Doubt[] }>();

  right(kind: DoubtKind): void {
    this.#of(kind).right += 1;
  }

  wrong(kind: DoubtKind, message: string, place?: Place): void {
    const doubts = this.#of(kind);
    doubts.wrong += 1;
    if (doubts.kept.length < KEPT) doubts.kept.push({ message, ...(place !== undefined && { place }) });
  }

  /** Tells those of which more are right than wrong as problems, and returns the rest. */
  tell(problems: Problems): UntoldDoubt[] {
    const untold: UntoldDoubt[] = [];
    for (const [kind, { right, wrong, kept }] of this.#kinds) {
      if (wrong === 0) continue;
      if (wrong >= right) untold.push({ kind, wrong, right });
      else for (const { message, place } of kept) problems.add('value', message, place);
    }
    return untold;
  }

  #of(kind: DoubtKind): { right: number; wrong: number; kept: Doubt[] } {
    let doubts = this.#kinds.get(kind);
    if (doubts === undefined) this.#kinds.set(kind, (doubts = { right: 0, wrong: 0, kept: [] }));
    return doubts;
  }
}
