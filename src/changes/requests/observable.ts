/** Whether a request by a right would have left a trace in the log that tells how it ended. */
import { type AuditPolicy, type RequestSet, type ResourceScope, type Who, partsOf } from '../../engines/audit-policy/index.ts';
import { AUTHENTICATED, MASTERS, NODES, type Subject, withImplicitGroups } from '../../engines/rbac/index.ts';
import type { Actor, RequestUse, UseRecord } from '../../record/index.ts';
import type { UnknownCode } from '../proof.ts';
import type { RequestEvidence } from './evidence.ts';
import type { LostRight } from './lost.ts';
import { usesIn } from './uses.ts';

/** Undefined where it would have, also where one of `impersonators` made it in the name of the subject. */
export function hiddenBecause(
  right: LostRight,
  impersonators: readonly Subject[],
  { auditPolicy, record }: Pick<RequestEvidence, 'auditPolicy' | 'record'>,
): UnknownCode | undefined {
  const isTold = auditPolicy !== undefined && !(READS.has(right.verb) && record !== undefined && isManaged(record));
  if (!isTold && !(record !== undefined && isShown(right, record))) return 'never-seen-logged';
  if (auditPolicy === undefined) return undefined;
  const senders = [whoOf(right.subject), MASTER, ...impersonators.map(whoOf)];
  return senders.every((who) => isLogged(auditPolicy, requestsOf(right, who))) ? undefined : 'audit-policy-hides';
}

const READS = new Set(['get', 'list', 'watch', 'head']);
const MANAGED = new Set(['azure', 'cloudwatch', 'google']);

/** Providers leave reads out of what they hand on (`kube-audit-admin`, administrator activity), whatever policy the server has. */
function isManaged({ streams }: UseRecord): boolean {
  return streams.some(({ formats }) => formats.some((format) => MANAGED.has(format)));
}

/** Who may impersonate anybody without a rule that says so. */
const MASTER: Who = { groups: [MASTERS, AUTHENTICATED], closed: false };

function isLogged(policy: AuditPolicy, requests: RequestSet): boolean {
  const { parts, exact } = partsOf(policy, requests);
  return exact && parts.every(({ outcome }) => outcome);
}

export const REVIEWS: readonly string[] = ['subjectaccessreviews', 'localsubjectaccessreviews'];

/** Requests for reviews of somebody's rights: the log may not hold what was asked in them. */
export function reviewsIn(record: UseRecord): RequestUse[] {
  const uses = REVIEWS.flatMap((resource) => usesIn(record).named(resource));
  return uses.filter(({ asked }) => asked.through === 'request');
}

/**
 * Undefined where what components ask the server about others' rights would have left a trace, whichever of `askers` asks:
 * those who may by roles, where all are known. Rights in some namespaces alone are asked about in these, or in none.
 */
export function reviewsHiddenBecause(
  askers: readonly Subject[] | undefined,
  lost: readonly Pick<LostRight, 'namespace'>[],
  { auditPolicy, record }: Pick<RequestEvidence, 'auditPolicy' | 'record'>,
): UnknownCode | undefined {
  if (auditPolicy === undefined) {
    return record !== undefined && isInEach(record, reviewsIn(record)) ? undefined : 'never-seen-logged';
  }
  const group = 'authorization.k8s.io';
  const targets = [
    { group, resource: 'subjectaccessreviews', subresource: '', scope: 'cluster' as const },
    { group, resource: 'localsubjectaccessreviews', subresource: '', scope: 'namespaced' as const },
  ];
  const places = lost.map(({ namespace }) => namespace);
  const namespaces = places.includes('') ? undefined : [...new Set(['', ...places])];
  const anybody: Who = { groups: [AUTHENTICATED], closed: false };
  const node: Who = { name: 'system:node:any', groups: [NODES, AUTHENTICATED], closed: true };
  const senders = askers === undefined ? [anybody] : [node, ...askers.map(whoOf)];
  const isSeen = senders.every((who) =>
    isLogged(auditPolicy, { who, verbs: ['create'], targets, paths: [], ...(namespaces !== undefined && { namespaces }) }),
  );
  return isSeen ? undefined : 'audit-policy-hides';
}

function requestsOf({ namespace, verb, apiGroup, resource, names, path }: LostRight, who: Who): RequestSet {
  const [main = '', subresource = ''] = resource.split('/');
  const scope: ResourceScope = namespace === '' ? 'any' : 'namespaced';
  return {
    who,
    verbs: [verb],
    targets: resource === '' ? [] : [{ group: apiGroup, resource: main, subresource, scope }],
    paths: path === '' ? [] : [path],
    ...(namespace !== '' && { namespaces: [namespace] }),
    ...(names.length > 0 && { names }),
  };
}

/** Other groups may come with the credentials of anybody but a service account. */
function whoOf({ kind, name, userName }: Subject): Who {
  if (kind === 'Group') return { groups: [...new Set([name, AUTHENTICATED])], closed: false };
  const { groups } = withImplicitGroups({ name: userName, groups: [] });
  return { name: userName, groups, closed: kind === 'ServiceAccount' };
}

/** Without the policy: each log has somebody of the same kind doing that very thing to that very resource. */
function isShown({ subject, verb, apiGroup, resource, path }: LostRight, record: UseRecord): boolean {
  const kind = subject.kind === 'ServiceAccount' ? 'account' : 'person';
  const uses = usesIn(record).for(path === '' ? apiGroup : '', path === '' ? resource : path);
  return isInEach(
    record,
    uses,
    ({ actor, asked, allowed }) =>
      allowed > 0 && asked.through === 'request' && asked.verb === verb && kindOf(record.actors[actor]) === kind,
  );
}

/** Servers may have policies of their own, so that one log says nothing of another. */
function isInEach({ streams }: UseRecord, uses: readonly RequestUse[], is: (use: RequestUse) => boolean = () => true): boolean {
  const silent = new Set(streams.flatMap(({ kind, events }, index) => (kind === 'audit' && events > 0 ? [index] : [])));
  if (silent.size === 0) return false;
  for (const use of uses) {
    if (!is(use)) continue;
    for (const stream of use.streams) silent.delete(stream);
    if (silent.size === 0) return true;
  }
  return false;
}

/** Policies treat nodes, accounts, components and people differently. */
function kindOf(actor: Actor | undefined): 'account' | 'node' | 'component' | 'person' {
  const name = actor?.name ?? '';
  if (name.startsWith('system:serviceaccount:')) return 'account';
  if (name.startsWith('system:node:')) return 'node';
  return name.startsWith('system:') ? 'component' : 'person';
}
