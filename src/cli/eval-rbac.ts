/** `eval rbac`: {objects, requests} → whether each request, impersonation or write is allowed, and by what. */
import {
  type Decision,
  type Impersonator,
  MASTERS,
  type Rbac,
  type RbacObject,
  type RbacRequest,
  authorizeImpersonation,
  authorizeWrite,
  grantText,
  rbacOfObjects,
} from '../engines/rbac/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { isRecord, minorOf, toApiObject } from '../model/index.ts';
import { objectsOfCase } from './case-objects.ts';

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
const KINDS = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);

/** Groups are given in full. What RBAC says, and system:masters before it; other authorizers are not asked. */
export function evalRbac({ objects, requests, kubernetesVersion }: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(requests)) throw new CastellanError('CAS_BAD_CASE', '"requests" is not a list');
  const rbac = rbacOfObjects(objectsOfCase(objects));
  const minor = typeof kubernetesVersion === 'string' ? minorOf(kubernetesVersion) : undefined;
  if (kubernetesVersion !== undefined && minor === undefined) throw new CastellanError('CAS_BAD_CASE', '"kubernetesVersion" is no version');
  return { results: (requests as unknown[]).map((raw, index) => answer(rbac, { raw, place: `requests[${index}]` }, minor)) };
}

function answer(rbac: Rbac, { raw, place }: { raw: unknown; place: string }, minor: number | undefined): unknown {
  if (!isRecord(raw)) throw wrong(place, 'is no object');
  const user = userOf(raw.user, place);
  if (raw.write !== undefined) return writeAnswer(rbac, user, { write: raw.write, place });
  if (raw.impersonate !== undefined) return impersonationAnswer(rbac, user, { raw, place, minor });
  const decision = rbac.authorize(user, requestOf(raw, place));
  return { allowed: decision.allowed, ...byOf(decision) };
}

function writeAnswer(rbac: Rbac, user: Impersonator, { write, place }: { write: unknown; place: string }): unknown {
  const { verb, object } = isRecord(write) ? write : {};
  if (typeof verb !== 'string' || !WRITES.has(verb)) throw wrong(place, `has a "write" whose verb is none of ${[...WRITES].join(', ')}`);
  const read = isRecord(object) ? toApiObject({ object, origin: { source: place, line: 1, format: 'json', prefix: [] } }, 0) : undefined;
  if (read === undefined || 'code' in read || read.known === undefined || !KINDS.has(read.known)) {
    throw wrong(place, 'has a "write" whose object is no role and no binding');
  }
  const { allowed, decidedBy, by, missing, refused } = authorizeWrite(rbac, user, { verb, object: read as RbacObject });
  return {
    allowed,
    ...(by !== undefined && byOf({ allowed: true, by })),
    decidedBy,
    ...(missing !== undefined && { missing }),
    ...(refused !== undefined && { refused }),
  };
}

/** With `on`, the request that is to be made as the other, constrained impersonation is asked too. */
function impersonationAnswer(
  rbac: Rbac,
  user: Impersonator,
  { raw, place, minor }: { raw: Record<string, unknown>; place: string; minor: number | undefined },
): unknown {
  const { user: name = '', groups = [], uid = '', extra = {} } = isRecord(raw.impersonate) ? raw.impersonate : {};
  if (typeof name !== 'string' || typeof uid !== 'string' || !isTexts(groups) || !isTextLists(extra)) {
    throw wrong(place, 'has an "impersonate" with a user or uid that is no text, or groups or extra that are no lists of texts');
  }
  const on = isRecord(raw.on) ? requestOf(raw.on, place) : undefined;
  const { allowed, mode, checks, refused } = authorizeImpersonation(rbac, user, { wanted: { user: name, groups, uid, extra }, on, minor });
  const last = checks.at(-1);
  return {
    allowed,
    ...(allowed && last !== undefined && byOf(last.decision)),
    ...(mode !== undefined && mode !== 'legacy' && { mode }),
    ...(!allowed && last !== undefined && { denied: last.request }),
    ...(refused !== undefined && { refused }),
  };
}

function byOf(decision: Decision): { by?: string } {
  if (!decision.allowed) return {};
  return { by: decision.by === MASTERS ? `group ${MASTERS}, which is not subject to RBAC` : grantText(decision.by) };
}

function requestOf(raw: Record<string, unknown>, place: string): RbacRequest {
  const text = (field: string): string => {
    const value = raw[field] ?? '';
    if (typeof value !== 'string') throw wrong(place, `has a "${field}" that is no text`);
    return value;
  };
  const verb = text('verb');
  if (verb === '') throw wrong(place, 'has none of "verb", "impersonate" and "write"');
  if (raw.path !== undefined && text('resource') === '') return { verb, path: text('path') };
  if (text('resource') === '') throw wrong(place, 'has neither "resource" nor "path"');
  return {
    verb,
    apiGroup: text('apiGroup'),
    resource: text('resource'),
    subresource: text('subresource'),
    name: text('name'),
    namespace: text('namespace'),
  };
}

function userOf(raw: unknown, place: string): Impersonator {
  const { name, groups = [], extra = {} } = isRecord(raw) ? raw : {};
  if (typeof name !== 'string' || !isTexts(groups)) throw wrong(place, 'has a "user" without a name or with groups that are no texts');
  if (!isTextLists(extra)) throw wrong(place, 'has a "user" with an "extra" that is no map of lists of texts');
  return { name, groups, extra };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isTextLists(value: unknown): value is Record<string, string[]> {
  return isRecord(value) && Object.values(value).every(isTexts);
}

function wrong(place: string, what: string): CastellanError {
  return new CastellanError('CAS_BAD_CASE', `${place} ${what}`);
}
