/**
 * A step of the attack graph that is really taken: a small world, who begins, what he does, and the nearest world in
 * which the graph says that he cannot. One file a family in families/, named as the family in src/graph/edges.
 */
import type { PlainObject } from '../../../src/graph/family.ts';
import type { Release } from '../parts.ts';
import type { TestCluster } from '../test-cluster.ts';
import type { Attack } from './attack.ts';

/** Names that no other world of the cluster has. */
export interface Place {
  /** The namespace, and one more that exists only where the world makes it. */
  readonly ns: string;
  readonly other: string;
  /** The account `x` of the namespace, as `NS/x`; it is always there. */
  readonly x: string;
  /** What only who reads a certain Secret can know. */
  readonly word: string;
  /** A number that no other world has. */
  readonly port: number;
  /** A folder of the machine with programs that attackers bring. */
  readonly tools: string;
}

export interface Way {
  /** The step that is tried; the graph must tell it in a chain from `from` to `to`. */
  readonly edge: string;
  readonly from: (place: Place) => string;
  readonly to: (place: Place) => string;
  readonly world: (place: Place) => readonly PlainObject[];
  /** More of the world, with credentials that the server or its authority makes once the rest is there. */
  readonly kept?: Kept;
  /** Does it with what `from` stands for, and proves that it worked; throws `Refused` where something stops it. */
  readonly take: (attack: Attack) => Promise<void>;
  readonly nearest: Nearest;
  /** Needs pods that run. */
  readonly nodes?: boolean;
  /** Taken on an API server that allows everything; the nearest is refused by one that asks RBAC, as everywhere else. */
  readonly allowsAll?: boolean;
  /** Where not every release has it. */
  readonly releases?: readonly Release[];
  /** The graph counts it only when it is asked for what is unsure as well. */
  readonly unsure?: boolean;
  /** Containers that the graph is told can be taken over. */
  readonly exploitable?: (place: Place) => readonly string[];
}

export type Kept = (cluster: TestCluster, place: Place) => Promise<readonly PlainObject[]>;

export interface Nearest {
  /** What is missing. */
  readonly because: string;
  readonly world: (place: Place) => readonly PlainObject[];
  readonly kept?: Kept;
  /** What the same attack meets. */
  readonly refusal: RegExp;
  /** Where the difference is a container, a user or a release. */
  readonly from?: (place: Place) => string;
}

export type WayOptions = Omit<Way, 'from'> & { readonly from?: Way['from'] };

/** Begins as the account `x` where nothing else is said. */
export function way(options: WayOptions): Way {
  return { from: ({ x }) => `ServiceAccount/${x}`, ...options };
}

/** A family that is tried: its ways, and for each other step why it is not. */
export interface TriedFamily {
  readonly ways: readonly Way[];
  readonly untried?: Readonly<Record<string, string>>;
}

/** The server, a node or a container said no; everything else that goes wrong is a fault of the test. */
export class Refused extends Error {}
