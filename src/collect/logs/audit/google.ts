/**
 * An entry of Google's Cloud Audit Logs as the event of audit.k8s.io that it was made from. `resourceName` is
 * `GROUP/VERSION/[namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE]]` with `core` for the unnamed group, and the last word of
 * `methodName` the verb. Groups of the user are not told.
 */
import { isRecord, textOf } from '../../../lib/record.ts';

const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;
/** Kubernetes has no other verbs that a method of the API ends in; `deletecollection` comes with capitals too. */
const VERBS = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']);

/** Undefined for entries of other services. */
export function googleEvent({
  protoPayload,
  timestamp,
  labels,
  insertId,
}: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  if (!isRecord(protoPayload)) return undefined;
  const method = textOf(protoPayload.methodName);
  if (!method.startsWith('io.k8s.') && textOf(protoPayload.serviceName) !== 'k8s.io') return undefined;
  const verb = method.slice(method.lastIndexOf('.') + 1).toLowerCase();
  const identity = isRecord(protoPayload.authenticationInfo) ? protoPayload.authenticationInfo : {};
  const status = isRecord(protoPayload.status) && typeof protoPayload.status.code === 'number' ? protoPayload.status.code : 0;
  const decision = isRecord(labels) ? textOf(labels['authorization.k8s.io/decision']) : '';
  const objectRef = VERBS.has(verb) ? objectIn(textOf(protoPayload.resourceName)) : undefined;
  return {
    auditID: textOf(insertId),
    stage: 'ResponseComplete',
    stageTimestamp: timestamp,
    verb,
    user: { username: textOf(identity.principalEmail), groups: [] },
    ...(objectRef === undefined ? { requestURI: `/${textOf(protoPayload.resourceName)}` } : { objectRef }),
    userAgent: isRecord(protoPayload.requestMetadata) ? protoPayload.requestMetadata.callerSuppliedUserAgent : undefined,
    responseStatus: { code: status === PERMISSION_DENIED ? 403 : status === UNAUTHENTICATED ? 401 : 200 },
    annotations: { 'authorization.k8s.io/decision': decision || granted(protoPayload.authorizationInfo) },
    requestObject: protoPayload.request,
    responseObject: protoPayload.response,
  };
}

/** Without the label: whether all that was asked of the authorizer was granted. */
function granted(info: unknown): string {
  if (!Array.isArray(info) || info.length === 0) return '';
  const answers = (info as unknown[]).map((entry) => (isRecord(entry) ? entry.granted : undefined));
  if (answers.every((answer) => answer === true)) return 'allow';
  return answers.includes(false) ? 'forbid' : '';
}

function objectIn(resourceName: string): Record<string, unknown> | undefined {
  const [group = '', version, ...rest] = resourceName.split('/');
  if (version === undefined || rest.length === 0) return undefined;
  const apiGroup = group === 'core' ? '' : group;
  // Namespaces are also a resource themselves: `core/v1/namespaces/shop`.
  const isInside = rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2] ?? '');
  const [resource = '', name = '', ...subresource] = isInside ? rest.slice(2) : rest;
  const namespace = rest[0] === 'namespaces' ? (rest[1] ?? '') : '';
  return { apiGroup, apiVersion: version, resource, name, subresource: subresource[0] ?? '', namespace };
}
