/** Whether a request by a right would have left a trace in the log that tells how it ended. */
import { type AuditPolicy, type RequestSet, type ResourceScope, type Who, partsOf } from '../../engines/audit-policy/index.ts';
import { AUTHENTICATED, MASTERS, NODES, type Subject, withImplicitGroups } from '../../engines/rbac/index.ts';
import type { Actor, RequestUse, UseRecord } from '../../record/index.ts';
import type { UnknownCode } from '../proof.ts';
import type { RequestEvidence } from './evidence.ts';
import type { LostRight } from './lost.ts';

/** Undefined where it would have, also where one of `impersonators` made it in the name of the subject. */
export function hiddenBecause(
  right: LostRight,
  impersonators: readonly Subject[],
  { auditPolicy, record }: Pick<RequestEvidence, 'auditPolicy' | 'record'>,
): UnknownCode | undefined {
  if (auditPolicy === undefined) return record !== undefined && isShown(right, record) ? undefined : 'never-seen-logged';
  const senders = [whoOf(right.subject), MASTER, ...impersonators.map(whoOf)];
  return senders.every((who) => isLogged(auditPolicy, requestsOf(right, who))) ? undefined : 'audit-policy-hides';
}

/** Who may impersonate anybody without a rule that says so. */
const MASTER: Who = { groups: [MASTERS, AUTHENTICATED], closed: false };

function isLogged(policy: AuditPolicy, requests: RequestSet): boolean {
  const { parts, exact } = partsOf(policy, requests);
  return exact && parts.every(({ outcome }) => outcome);
}

export const REVIEWS: ReadonlySet<string> = new Set(['subjectaccessreviews', 'localsubjectaccessreviews']);

/**
 * Undefined where what components ask the server about others' rights would have left a trace, whichever of `askers` asks:
 * those who may by roles, where all are known.
 */
export function reviewsHiddenBecause(
  askers: readonly Subject[] | undefined,
  { auditPolicy, record }: Pick<RequestEvidence, 'auditPolicy' | 'record'>,
): UnknownCode | undefined {
  if (auditPolicy === undefined) {
    const isSeen = record?.requests.some(({ asked }) => asked.through === 'request' && REVIEWS.has(asked.resource)) === true;
    return isSeen ? undefined : 'never-seen-logged';
  }
  const targets = [...REVIEWS].map((resource) => ({ group: 'authorization.k8s.io', resource, subresource: '', scope: 'any' as const }));
  const anybody: Who = { groups: [AUTHENTICATED], closed: false };
  const node: Who = { name: 'system:node:any', groups: [NODES, AUTHENTICATED], closed: true };
  const senders = askers === undefined ? [anybody] : [node, ...askers.map(whoOf)];
  const isSeen = senders.every((who) => isLogged(auditPolicy, { who, verbs: ['create'], targets, paths: [] }));
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

/** Without the policy: somebody of the same kind was logged doing that very thing to that very resource. */
function isShown({ subject, verb, apiGroup, resource, path }: LostRight, { actors, requests }: UseRecord): boolean {
  const kind = subject.kind === 'ServiceAccount' ? 'account' : 'person';
  return requests.some(({ actor, asked, allowed }) => {
    if (allowed === 0 || asked.through !== 'request' || kindOf(actors[actor]) !== kind) return false;
    if (asked.verb !== verb) return false;
    return path === '' ? asked.apiGroup === apiGroup && resourceOf(asked) === resource : asked.path === path;
  });
}

export function resourceOf({ resource, subresource }: Pick<RequestUse['asked'], 'resource' | 'subresource'>): string {
  return subresource === '' ? resource : `${resource}/${subresource}`;
}

/** Policies treat nodes, accounts, components and people differently. */
function kindOf(actor: Actor | undefined): 'account' | 'node' | 'component' | 'person' {
  const name = actor?.name ?? '';
  if (name.startsWith('system:serviceaccount:')) return 'account';
  if (name.startsWith('system:node:')) return 'node';
  return name.startsWith('system:') ? 'component' : 'person';
}
