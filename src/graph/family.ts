/** The form of a family of edges: one file in edges/ with everything that is known of it. */
import type { NodeFacts } from '../snapshot/index.ts';
import type { GraphContext } from './context.ts';
import type { Right } from './right.ts';
import type { Scene } from './scene.ts';

/** One kind of step. The id is that of facts/attack-edges.json, by which witnesses name it. */
export interface EdgeKind {
  /** What somebody does who takes it, to be read after "can": `read its mounted token`. */
  readonly says: string;
  /** What takes it away. */
  readonly mitigation: string;
  /** Releases in which it exists or changes, where it does not always. */
  readonly versions?: string;
}

export type PlainObject = Readonly<Record<string, unknown>>;

/** A small cluster in which one end leads to the other by the step; or, as a near miss, does not. */
export interface EdgeExample {
  readonly edge: string;
  readonly objects: readonly PlainObject[];
  readonly from: string;
  readonly to: string;
  readonly context?: GraphContext;
  /** What was collected on nodes. */
  readonly nodes?: readonly NodeFacts[];
  /** Why it does not, for a near miss: the step is not taken then. */
  readonly because?: string;
}

export interface EdgeFamily {
  readonly edges: Readonly<Record<string, EdgeKind>>;
  /** What is asked of roles. */
  readonly rights?: readonly Right[];
  draw(scene: Scene): void;
  examples(): readonly EdgeExample[];
}

export function defineFamily(family: EdgeFamily): EdgeFamily {
  return family;
}
