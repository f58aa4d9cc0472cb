/** A change that would close ways, with the edges of the graph that go with it. */
import type { Change } from '../../rules/index.ts';
import type { Owner } from '../ownership.ts';

export interface Candidate {
  /** Equal for equal changes. */
  readonly id: string;
  /** What to do, in the imperative. */
  readonly title: string;
  readonly change: Change;
  readonly owner: Owner;
  /** Of two that close the same the lower one comes first: what was handed out before what holds it. */
  readonly order: number;
  /** Edges that are gone with it, for a quick count; what it really does is searched on the changed cluster. */
  readonly edges: readonly number[];
}
