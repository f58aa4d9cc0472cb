/** Policies of every kind in one checked form; the evaluation needs to know nothing of how they are written. */
import type { Intervals } from './intervals.ts';
import type { Protocol } from './ports.ts';
import type { Selector } from './selector.ts';

export const DIRECTIONS = ['ingress', 'egress'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** In the order in which they are asked. Within `network` there is no order: what one policy allows is allowed. */
export type Tier = 'admin' | 'network' | 'baseline';
export type Action = 'Accept' | 'Deny' | 'Pass';

/** Pods of one namespace by its name, or of all whose labels are selected. Pods on the host's network are never meant. */
export interface PodPeer {
  readonly kind: 'pods';
  readonly namespaces: Selector | string;
  readonly pods: Selector;
}
export interface AddressPeer {
  readonly kind: 'addresses';
  readonly set: Intervals<bigint>;
}
export interface NodePeer {
  readonly kind: 'nodes';
  readonly nodes: Selector;
}
/** By DNS name: which addresses these are is only known where the policy is enforced, so it is taken to match nothing. */
export interface NamePeer {
  readonly kind: 'names';
}
export type Peer = PodPeer | AddressPeer | NodePeer | NamePeer;

/** Found on the pod that is the destination. Without a protocol whatever protocol the pod gives it. */
export interface NamedPort {
  readonly name: string;
  readonly protocol: Protocol | undefined;
}

export interface PortMatch {
  readonly numbers: Intervals<number>;
  readonly names: readonly NamedPort[];
}

export interface Rule {
  /** From 1, as people count. */
  readonly number: number;
  readonly action: Action;
  /** Undefined is anybody: pods, nodes and every address. */
  readonly peers: readonly Peer[] | undefined;
  /** Undefined is every port of every protocol. */
  readonly ports: PortMatch | undefined;
}

export interface Policy {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly tier: Tier;
  /** Lower is asked earlier; means nothing in the tier `network`. */
  readonly priority: number;
  readonly subject: PodPeer;
  /** Undefined where the policy says nothing of the direction; an empty list isolates in the tier `network`. */
  readonly ingress: readonly Rule[] | undefined;
  readonly egress: readonly Rule[] | undefined;
}

/** A policy with the object that it was read from. */
export interface Sourced {
  readonly object: number;
  readonly policy: Policy;
}

/** Why the API server would refuse an object, or what the API leaves undefined. */
export interface Problem {
  /** `cidr-invalid`, `peer-empty` and so on. */
  readonly category: string;
  /** Of the object among those that were read. */
  readonly object: number;
  readonly ref: string;
  /** Of the field inside the object. */
  readonly path: string;
  readonly message: string;
  /** Whether the object is refused and not in force; the others are ambiguous, or count as what they seem to mean. */
  readonly refused: boolean;
  /** Another object that it is about. */
  readonly other?: number;
  readonly direction?: Direction;
  readonly rule?: number;
  readonly peer?: number;
}

/** `NetworkPolicy/shop/web ingress rule 1` */
export function ruleRef(policy: Policy, direction: Direction, rule: Rule): string {
  return `${policyRef(policy)} ${direction} rule ${rule.number}`;
}

export function policyRef({ kind, namespace, name }: Pick<Policy, 'kind' | 'namespace' | 'name'>): string {
  return namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
