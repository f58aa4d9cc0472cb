/** What somebody demands of who may talk to whom. Nothing here knows whether the things that are named exist. */
import type { Intervals, NamedPort, Protocol } from '../../engines/network/index.ts';

/** One end of an assertion, as a file names it. */
export type EndName =
  /** In the words that every question about the network takes; see peer-text.ts of the engine. */
  | { readonly kind: 'peer'; readonly text: string }
  /** Pods by labels, where a label is the pod's own or that of its namespace. */
  | { readonly kind: 'labels'; readonly text: string }
  /** A workload, a namespace or a Service, whichever has the name. */
  | { readonly kind: 'name'; readonly text: string }
  /** All public addresses. */
  | { readonly kind: 'internet' }
  /** `*` is every tenant that there is, one after the other. */
  | { readonly kind: 'tenant'; readonly text: string }
  /** A name as a pod of the namespace resolves it: a Service, or else nobody knows what. */
  | { readonly kind: 'host'; readonly text: string; readonly namespace: string; readonly protocol: Protocol; readonly port: number };

/** Several are all of them together. */
export interface End {
  /** As it is written. */
  readonly text: string;
  readonly names: readonly EndName[];
}

export interface PortsAsked {
  readonly numbers: Intervals<number>;
  /** Found on each destination by itself. */
  readonly names: readonly NamedPort[];
  /** It is enough that one of all ports is open. */
  readonly any: boolean;
}

interface Line {
  /** As it is written, without what follows the ports. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  readonly from: End;
  readonly to: End;
  /** Undefined where none are named: all of them. */
  readonly ports: PortsAsked | undefined;
}

export interface Assertion extends Line {
  readonly verb: 'deny' | 'allow';
  /** What its writer calls it; '' where nothing is said. */
  readonly title: string;
  /** That it selects nothing is no failure. */
  readonly mayBeEmpty: boolean;
}

/** What no deny of the file is about. */
export interface AssertionException extends Line {
  /** The last day on which it holds: 2027-01-31. */
  readonly until: string;
  readonly reason: string;
}

export interface Assertions {
  readonly assertions: readonly Assertion[];
  readonly exceptions: readonly AssertionException[];
  /** By name. */
  readonly tenants: ReadonlyMap<string, End>;
  /** The label of namespaces that makes them a tenant's, where it is named. */
  readonly tenantLabel: string | undefined;
}
