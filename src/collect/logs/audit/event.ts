/** One event of an audit log, with the fields of audit.k8s.io/v1 that tell who asked for what. */
import { isRecord } from '../../../lib/record.ts';

export interface AuditUser {
  readonly username: string;
  readonly groups: readonly string[];
  readonly uid: string;
  readonly extra: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface AuditEvent {
  readonly auditId: string;
  /** In seconds since 1970, of this stage. */
  readonly time: number;
  readonly stage: string;
  readonly verb: string;
  readonly user: AuditUser;
  readonly impersonated: AuditUser | undefined;
  /** Undefined for what is no resource. */
  readonly object: ObjectReference | undefined;
  /** Of a resource, the version that was asked for where it is not meant to stay: alpha, beta, or marked as deprecated; else ''. */
  readonly passingVersion: string;
  /** What the client called itself, without what it says of its system: `kubectl/v1.30.2`. */
  readonly agent: string;
  /** Without its query. */
  readonly path: string;
  /** 0 where the log does not say. */
  readonly code: number;
  /** `allow` or `forbid`, as the authorizer said; '' where the log does not say. */
  readonly decision: string;
  /** The body that was sent and the one that came back, where they are logged and were asked for. */
  readonly request: unknown;
  readonly response: unknown;
}

export interface ObjectReference {
  readonly apiGroup: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

const DECISION = 'authorization.k8s.io/decision';

/** Undefined for what is no event of the audit log, or one without a time or a user. */
export function eventOf(value: Readonly<Record<string, unknown>>): AuditEvent | undefined {
  const time = secondsOf(value.stageTimestamp) ?? secondsOf(value.requestReceivedTimestamp) ?? secondsOf(value.timestamp);
  const [user, verb] = [userOf(value.user), textOf(value.verb)];
  if (time === undefined || user === undefined || verb === '') return undefined;
  const status: Readonly<Record<string, unknown>> = isRecord(value.responseStatus) ? value.responseStatus : {};
  const annotations: Readonly<Record<string, unknown>> = isRecord(value.annotations) ? value.annotations : {};
  return {
    auditId: textOf(value.auditID),
    time,
    stage: textOf(value.stage),
    verb,
    user,
    impersonated: userOf(value.impersonatedUser),
    object: objectOf(value.objectRef),
    passingVersion: passingVersionOf(value.objectRef, annotations),
    agent: agentOf(textOf(value.userAgent)),
    path: textOf(value.requestURI).split('?', 1)[0] ?? '',
    code: typeof status.code === 'number' ? status.code : 0,
    decision: textOf(annotations[DECISION]),
    request: value.requestObject,
    response: value.responseObject,
  };
}

const DEPRECATED = 'k8s.io/deprecated';

function passingVersionOf(reference: unknown, annotations: Readonly<Record<string, unknown>>): string {
  const version = isRecord(reference) ? textOf(reference.apiVersion) : '';
  return annotations[DEPRECATED] === 'true' || /^v\d+(?:alpha|beta)\d+$/.test(version) ? version.slice(0, LONGEST_NAME) : '';
}

/** `kubectl/v1.30.2 (linux/amd64) kubernetes/3968350` */
function agentOf(text: string): string {
  return (text.split(' ', 1)[0] ?? '').slice(0, LONGEST_NAME);
}
const LONGEST_NAME = 100;

/** Without a resource it is no reference: some servers write an empty one for what is no resource. */
function objectOf(value: unknown): ObjectReference | undefined {
  if (!isRecord(value)) return undefined;
  const resource = textOf(value.resource);
  if (resource === '') return undefined;
  return {
    apiGroup: textOf(value.apiGroup),
    resource,
    subresource: textOf(value.subresource),
    namespace: textOf(value.namespace),
    name: textOf(value.name),
  };
}

function userOf(value: unknown): AuditUser | undefined {
  if (!isRecord(value) || typeof value.username !== 'string') return undefined;
  const { extra, groups } = value;
  return { username: value.username, groups: textsOf(groups), uid: textOf(value.uid), extra: isRecord(extra) ? extraOf(extra) : undefined };
}

function extraOf(extra: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, textsOf(values)]));
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as unknown[]).filter((entry) => typeof entry === 'string') : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

let [latestText, latestSeconds] = ['', 0];

/** Of a timestamp as the API writes it. Many events share their second. */
export function secondsOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const [text, rest] = [value.slice(0, 19), value.slice(19)];
  // Only in UTC are the first letters enough.
  const isPlain = rest.endsWith('Z');
  if (isPlain && text === latestText) return latestSeconds;
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return undefined;
  const seconds = Math.floor(milliseconds / 1000);
  if (isPlain) [latestText, latestSeconds] = [text, seconds];
  return seconds;
}
