/** What a judgement says. */
import type { PatchOperation } from '../lib/json-patch.ts';
import type { ApiObject } from '../model/index.ts';
import type { Origin } from '../snapshot/index.ts';
import type { NodeOperation } from './node-operation.ts';
import type { Rule } from './rule.ts';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

const RANK: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

/** 0 for the worst, so that sorting by it puts that first. */
export function severityRank(severity: Severity): number {
  return RANK[severity];
}

export function worst(one: Severity, other: Severity): Severity {
  return RANK[other] < RANK[one] ? other : one;
}

export const STATUSES = ['fail', 'unknown', 'manual', 'excepted', 'pass', 'not-applicable'] as const;
/** `unknown` and `manual` are never folded into pass or fail. */
export type Status = (typeof STATUSES)[number];

export interface FindingSubject {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  container?: string;
  /** Of a Node: `kubelet`, `kube-apiserver`, `etcd`. */
  component?: string;
  /** UID of the cluster (of its namespace kube-system), where it was read from one. */
  cluster?: string;
}

/** Where a fact came from. `path` is the field inside the object; the position is worked out when it is shown. */
export interface Evidence {
  origin: Origin;
  path: string;
  /** The value seen, masked where it may be a credential; undefined where the field is absent. */
  value: unknown;
  /** The value stands for a credential: what is written of it is its first characters and its length. */
  masked: boolean;
}

export interface Patch {
  /** `Kind/namespace/name`. */
  target: string;
  operation: 'patch' | 'create' | 'delete';
  /** On the object as it stands in its source. */
  patch: PatchOperation[];
  /** The whole object of a `create`. */
  object?: unknown;
  /** The file that holds the object, where it came from one; of a change on a node the first file there. */
  file?: string;
  /** Set where it is about the machine and no object: `patch` is empty then. */
  node?: NodeChange;
}

/** What somebody with root does on a node. It is told and never done from here. */
export interface NodeChange {
  node: string;
  component?: string;
  /** The rules that it settles. */
  rules: readonly string[];
  /** Whose content, mode or owner changes. */
  files: readonly string[];
  operations: readonly NodeOperation[];
  /** Of files that are there and whose text is known: for `patch -p1 -d /` on the node. */
  diff: string;
  /** Commands, before the patch. */
  run: readonly string[];
  /** What to do where no file that holds the setting was seen. */
  words: readonly string[];
  /** Commands that take back what the patch, read backwards, does not. */
  back: readonly string[];
  /** What has to be started anew, and what that interrupts; '' where nothing has to. */
  restart: string;
  /** Where it has to be written besides, so that it stays. */
  keep: readonly string[];
}

export interface Change {
  patches: Patch[];
  effort: 'low' | 'medium' | 'high';
}

/** The well-known add-on that a finding is the price of. */
export interface FindingAddOn {
  name: string;
  /** What it is for, in a few words. */
  purpose: string;
  /** What it needs this for. */
  reason: string;
}

export interface Finding {
  rule: Rule;
  status: Status;
  severity: Severity;
  subject: FindingSubject;
  /** The object that was judged; what names a namespace or the cluster points at an object inside. Not written. */
  object: ApiObject;
  message: string;
  evidence: readonly Evidence[];
  /** Stable when lines move, pods get new names or the file is renamed. */
  fingerprint: string;
  /** Rules that the same fact also fails; one fact is one finding. */
  readonly also: readonly string[];
  /** The findings behind `also`. */
  readonly covered: readonly Finding[];
  /** With a baseline: whether it is not in it. */
  isNew: boolean | undefined;
  /** Why it is excepted: the reason of the entry in .castellan.yaml. */
  reason: string | undefined;
  /** The mechanical fix, where there is one. */
  readonly change: Change | undefined;
  /** Which part of the subject it is about where there are several: the name of a volume, a port. */
  readonly key: string | undefined;
  /** Set where a recognised add-on cannot do without this: the finding stays, less severe and without a fix. */
  readonly addOn: FindingAddOn | undefined;
}
