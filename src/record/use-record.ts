/**
 * What was really done in a cluster over a span of time: distinct requests and flows with how often, when first and
 * last, and in which logs they were seen. It is far smaller than the logs, holds no bodies, and two of them can be
 * merged. Times are seconds since 1970, days are UTC days since then.
 */
import type { Minutes } from './minutes.ts';

export interface UseRecord {
  readonly streams: readonly Stream[];
  readonly actors: readonly Actor[];
  readonly requests: readonly RequestUse[];
  readonly flows: readonly FlowUse[];
  readonly addresses: readonly AddressUse[];
  /** Requests for versions of APIs that are not meant to stay: they are among `requests` too. */
  readonly versions: readonly VersionUse[];
}

/** One source of events that goes on: the audit log of one API server, the flows of one cluster. */
export interface Stream {
  readonly name: string;
  readonly kind: 'audit' | 'flows';
  /** Of its events, as they were written: `audit.k8s.io`, `gke`, `hubble`, … */
  readonly formats: readonly string[];
  readonly parts: readonly ReadPart[];
  readonly events: number;
  /** Lines that are no event that could be read, by reason. They may have been anything. */
  readonly unread: Readonly<Record<string, number>>;
  /** Minutes in which it wrote anything, and those in which it wrote what nodes do all the time. */
  readonly active: Minutes;
  readonly beating: Minutes;
  /** The least of the ids of its events, by which the same log is known under another name: `LeastIds`. */
  readonly ids: readonly string[];
  /** Nodes that its flows were seen on, where the log tells that. */
  readonly nodes: readonly string[];
}

/** A file of which so much was read, recognised by its beginning even after it was renamed or compressed. */
export interface ReadPart {
  /** SHA-256 of the first lines, up to one with a time. */
  readonly head: string;
  readonly bytes: number;
  /** SHA-256 of all bytes that were read. */
  readonly sha256: string;
}

/** Who asked: the name and the groups as the server knew them, and whether the token was bound to a running pod. */
export interface Actor {
  readonly name: string;
  readonly groups: readonly string[];
  /** Undefined where the log does not say. */
  readonly bound?: 'pod' | 'nothing';
  /** What made that pod, as `workloadIn` reads it off its name. Undefined where it may have been any. */
  readonly maker?: string;
}

/**
 * How a request is known: `request` by itself; `impersonation` as it was made on behalf of another; `review` as somebody
 * asked the server whether it would be allowed; `implied` as another one may have needed it (binding a role, approving a
 * certificate, applying what was not there).
 */
export type Through = 'request' | 'impersonation' | 'review' | 'implied';

export interface Asked {
  readonly verb: string;
  readonly apiGroup: string;
  /** '' for what is no resource; then `path` says what. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  /** '' for what names no object. Undefined once there are too many to tell: it may have been any. */
  readonly name: string | undefined;
  readonly path: string;
  readonly through: Through;
}

interface Use {
  /** What went through; what was refused; and what the log does not say. */
  readonly allowed: number;
  readonly denied: number;
  readonly unclear: number;
  readonly first: number;
  readonly last: number;
  /** On which it went through or may have. */
  readonly days: readonly number[];
  /** Indexes of streams. */
  readonly streams: readonly number[];
}

export interface RequestUse extends Use {
  /** Index of the actor. */
  readonly actor: number;
  readonly asked: Asked;
}

/** Requests of one user for a version of an API that is alpha, beta or marked as deprecated. */
export interface VersionUse extends Use {
  /** Index of the actor. */
  readonly actor: number;
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  /** What the client called itself: `kubectl/v1.30.2`. Undefined once there were too many. */
  readonly agent: string | undefined;
}

export type FlowProtocol = 'TCP' | 'UDP' | 'SCTP';

/**
 * One end of a flow: `pod:NAMESPACE/NAME`, `workload:NAMESPACE/NAME` where only the owner is known, `ip:ADDRESS`,
 * `host:NAME` for a node, and `other:WORD` for what the log names without an address. Undefined once there were too many.
 */
export type FlowEnd = string | undefined;

export interface FlowUse extends Use {
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly protocol: FlowProtocol;
  /** Of the destination. */
  readonly port: number;
}

/** Who had an address when, as the logs tell it. */
export interface AddressUse {
  readonly address: string;
  readonly end: string;
  readonly first: number;
  readonly last: number;
}
