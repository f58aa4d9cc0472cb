/**
 * The ways in which providers hand out the audit log: CloudWatch with events as text, Azure's diagnostic records, Google's
 * log entries, and the lists that the API server sends to a webhook.
 */
import { isRecord, textOf } from '../../../lib/record.ts';
import { googleEvent } from './google.ts';

/** `value` is an event as audit.k8s.io writes it; `stream` is its source where the wrapper names it. */
export interface Unwrapped {
  readonly format: string;
  readonly stream?: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Undefined for what holds no event. Logs of other components stand among them and are `other`. */
export type Wrapped = Unwrapped | 'other' | 'unknown';

/** The format of events that nothing is put around. */
export const PLAIN = 'audit.k8s.io';

export function isEvent({ kind, apiVersion }: Readonly<Record<string, unknown>>): boolean {
  return kind === 'Event' && textOf(apiVersion).startsWith('audit.k8s.io/');
}

export function* unwrapped(value: unknown, around: { format: string; stream?: string } = { format: PLAIN }): Generator<Wrapped> {
  if (Array.isArray(value)) {
    for (const entry of value as unknown[]) yield* unwrapped(entry, around);
    return;
  }
  if (!isRecord(value)) {
    yield 'unknown';
    return;
  }
  if (isEvent(value)) yield { ...around, value };
  else if (value.kind === 'EventList') yield* unwrapped(value.items ?? [], around);
  else if (isRecord(value.protoPayload)) yield* fromGoogle(value);
  else if (Array.isArray(value.records)) yield* unwrapped(value.records, { format: 'azure' });
  else if (isRecord(value.properties) || typeof value.properties === 'string') yield* fromAzure(value);
  else if (Array.isArray(value.events)) yield* unwrapped(value.events, { format: 'cloudwatch' });
  else if (Array.isArray(value.logEvents)) yield* unwrapped(value.logEvents, { format: 'cloudwatch', stream: textOf(value.logStream) });
  else if (typeof value.message === 'string' || isRecord(value.message)) yield* fromCloudWatch(value, around);
  else yield 'unknown';
}

function* fromCloudWatch(value: Readonly<Record<string, unknown>>, { stream }: { stream?: string }): Generator<Wrapped> {
  const name = textOf(value.logStreamName) || textOf(value['@logStream']) || (stream ?? '');
  const message = typeof value.message === 'string' ? jsonIn(value.message) : value.message;
  // The control plane writes plain text beside the audit log.
  if (message === undefined) yield 'other';
  else yield* unwrapped(message, { format: 'cloudwatch', ...(name !== '' && { stream: name }) });
}

function* fromAzure(value: Readonly<Record<string, unknown>>): Generator<Wrapped> {
  const properties = typeof value.properties === 'string' ? jsonIn(value.properties) : value.properties;
  const category = textOf(value.category) || textOf(value.Category);
  if (!isRecord(properties) || (category !== '' && !category.startsWith('kube-audit'))) {
    yield 'other';
    return;
  }
  const log = typeof properties.log === 'string' ? jsonIn(properties.log) : properties.log;
  const stream = textOf(properties.pod) || textOf(properties.containerID);
  yield* unwrapped(log, { format: 'azure', ...(stream !== '' && { stream }) });
}

function* fromGoogle(value: Readonly<Record<string, unknown>>): Generator<Wrapped> {
  const event = googleEvent(value);
  const labels: unknown = isRecord(value.resource) ? value.resource.labels : undefined;
  const stream = isRecord(labels) ? textOf(labels.cluster_name) : '';
  if (event === undefined) yield 'other';
  else yield { format: 'google', ...(stream !== '' && { stream }), value: event };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
