/** `eval audit-policy`: {policy, requests} → the level that the policy gives to each request, and why. */
import { type AuditPolicy, type AuditRequest, explainLevel, parsePolicy, wordsOfReason } from '../engines/audit-policy/index.ts';
import { requestInfo } from '../engines/request-info/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../model/index.ts';

/** Where the server would refuse the policy there are problems and no results. */
export function evalAuditPolicy({ policy: file, requests }: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(requests)) throw new CastellanError('CAS_BAD_CASE', '"requests" is not a list');
  const asked = (requests as unknown[]).map(requestOf);
  const { policy, problems, ignored } = parsePolicy(file);
  const results = policy === undefined || problems.length > 0 ? [] : asked.map((request) => resultOf(policy, request));
  return { results, problems, ignored };
}

function resultOf(policy: AuditPolicy, request: AuditRequest): unknown {
  const { level, rule, omitStages, omitManagedFields, reasons } = explainLevel(policy, request);
  const because = reasons.map((reason) => {
    const passed = policy.rules[reason.rule];
    return { ...reason, message: passed === undefined ? '' : wordsOfReason(reason, passed) };
  });
  return { level, rule: rule ?? null, omitStages, omitManagedFields, reasons: because };
}

/** By what is asked for, by verb and path, or by method and URL. */
function requestOf(raw: unknown, index: number): AuditRequest {
  if (!isRecord(raw)) throw wrong(index, 'is no object');
  const text = (field: string): string => {
    const value = raw[field] ?? '';
    if (typeof value !== 'string') throw wrong(index, `has a "${field}" that is no text`);
    return value;
  };
  const user = userOf(raw.user, index);
  if (raw.method !== undefined || raw.url !== undefined) {
    const info = requestInfo(text('method'), text('url'));
    if (info === undefined || info.problem !== undefined) throw wrong(index, 'has a "url" that the server answers before it audits');
    return { ...info, user };
  }
  const verb = text('verb');
  const about = { apiGroup: text('apiGroup'), resource: text('resource'), subresource: text('subresource') };
  if (verb === '') throw wrong(index, 'has neither "verb" nor "method" and "url"');
  const isResourceRequest = raw.path === undefined || about.resource !== '';
  if (isResourceRequest && about.resource === '') throw wrong(index, 'has neither "resource" nor "path"');
  return { isResourceRequest, verb, ...about, namespace: text('namespace'), name: text('name'), path: text('path'), user };
}

/** Left out for whom the server does not know; groups are given in full. */
function userOf(raw: unknown, index: number): AuditRequest['user'] {
  if (raw === undefined || raw === null) return undefined;
  const { name, groups = [] } = isRecord(raw) ? raw : {};
  const isTexts = Array.isArray(groups) && groups.every((group) => typeof group === 'string');
  if (typeof name !== 'string' || !isTexts) throw wrong(index, 'has a "user" without a name or with groups that are no texts');
  return { name, groups };
}

function wrong(index: number, what: string): CastellanError {
  return new CastellanError('CAS_BAD_CASE', `requests[${index}] ${what}`);
}
