/** One event of an audit log, with the fields of audit.k8s.io/v1 that tell who asked for what. */
import { isRecord, textOf } from '../../../lib/record.ts';

export interface AuditUser {
  readonly username: string;
  readonly groups: readonly string[];
  readonly uid: string;
  /** As it stands there: `textsOf` reads one. */
  readonly extra: Readonly<Record<string, unknown>> | undefined;
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
    path: upTo('?', textOf(value.requestURI)),
    code: typeof status.code === 'number' ? status.code : 0,
    decision: textOf(annotations[DECISION]),
    request: value.requestObject,
    response: value.responseObject,
  };
}

const DEPRECATED = 'k8s.io/deprecated';

function passingVersionOf(reference: unknown, annotations: Readonly<Record<string, unknown>>): string {
  const version = isRecord(reference) ? textOf(reference.apiVersion) : '';
  // Nearly all are `v1`.
  const isPassing = annotations[DEPRECATED] === 'true' || (version.length > 2 && /^v\d+(?:alpha|beta)\d+$/.test(version));
  return isPassing ? version.slice(0, LONGEST_NAME) : '';
}

/** `kubectl/v1.30.2 (linux/amd64) kubernetes/3968350` */
function agentOf(text: string): string {
  return upTo(' ', text).slice(0, LONGEST_NAME);
}

function upTo(end: string, text: string): string {
  const at = text.indexOf(end);
  return at < 0 ? text : text.slice(0, at);
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
  return { username: value.username, groups: textsOf(groups), uid: textOf(value.uid), extra: isRecord(extra) ? extra : undefined };
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as unknown[]).filter((entry) => typeof entry === 'string') : [];
}

let [latestText, latestSeconds] = ['', 0];

/** Of a timestamp as the API writes it. Many events share their second. */
export function secondsOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  // Only in UTC are the first letters enough.
  const isPlain = value.endsWith('Z');
  if (isPlain && latestText !== '' && value.startsWith(latestText)) return latestSeconds;
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return undefined;
  const seconds = Math.floor(milliseconds / 1000);
  // Times without seconds are shorter, and rare.
  if (isPlain && value.length > 19) [latestText, latestSeconds] = [value.slice(0, 19), seconds];
  return seconds;
}
