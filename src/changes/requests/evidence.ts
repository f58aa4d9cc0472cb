/** What a proof about requests stands on, beside the rights before and after. */
import type { AuditPolicy } from '../../engines/audit-policy/index.ts';
import type { RequestCounters } from '../../snapshot/index.ts';
import type { Attestations } from '../attestations.ts';
import type { Catalog } from '../../engines/rbac/index.ts';
import type { LiveUse } from './seen-live.ts';
import type { UseRecord } from '../../record/index.ts';

/** A workload whose pods run as an account. Times in seconds since 1970. */
export interface AccountUser {
  /** `Deployment/shop/cart`. */
  readonly ref: string;
  /** `system:serviceaccount:shop:cart`. */
  readonly account: string;
  /** When pods of it started, as far as the cluster still knows. */
  readonly starts: readonly number[];
  /** When it was put into the cluster, where that is known. */
  readonly since?: number;
  /** Of a CronJob: the longest time between two runs. */
  readonly period?: number;
  /** Where its pods say by themselves whether they are given a token. */
  readonly automount?: boolean;
  /** What it is where it acts only when something fails, ends or grows. */
  readonly rare?: string;
}

export interface RequestEvidence {
  readonly record: UseRecord | undefined;
  readonly auditPolicy?: AuditPolicy;
  /** How many API servers there are. */
  readonly servers?: number;
  /** Of the release of the API servers, 36 of 1.36; the newest that there is where left out. */
  readonly minor?: number | undefined;
  readonly users: readonly AccountUser[];
  /** What makes pods as an account, though it is no workload and none of its pods is there. */
  readonly others?: readonly AccountUser[];
  /** User names of all service accounts that there are; undefined where they could not be listed. */
  readonly accounts: ReadonlySet<string> | undefined;
  /** Whether a role that is not here does not exist, so that bindings to it give nothing. */
  readonly rolesKnown: boolean;
  /** What the only API server counted, until the state was read. */
  readonly counters?: RequestCounters & { readonly until: number };
  /** Use that the cluster itself shows; it proves that a right is used and never that one is not. */
  readonly seen?: readonly LiveUse[];
  /** Expressions of admission that ask the authorizer, of each object in one text. */
  readonly asking?: readonly string[];
  /** Whether the server lets nobody change the owners of what he may not delete: OwnerReferencesPermissionEnforcement. */
  readonly ownersChecked?: boolean;
  /** Of roles and bindings by their refs, since when they give what they give, in seconds since 1970. */
  readonly grantedSince?: ReadonlyMap<string, number>;
  /** What people say of use that no record shows. */
  readonly attestations?: Attestations;
  /** Which resources there are, so that a right on what cannot be there is none. */
  readonly catalog?: Catalog;
  /** When the proof is asked for, in seconds since 1970. */
  readonly readAt?: number;
  /** How long a record has to be, in seconds; three weeks where left out. */
  readonly leastWindow?: number;
}
