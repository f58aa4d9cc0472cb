/** A connection as flow logs tell it, whatever wrote them. */
import type { FlowEnd, FlowProtocol, Outcome } from '../../../record/index.ts';

export interface Endpoint {
  /** As text, without a port. */
  readonly address?: string;
  readonly namespace?: string;
  readonly pod?: string;
  /** The owner of the pod, where the log knows no more. */
  readonly workload?: string;
  /** Name of a node, for what runs on its network. */
  readonly host?: string;
  /** A word of the log for what it does not tell further: `public network`. */
  readonly other?: string;
}

export interface Flow {
  /** In seconds since 1970. */
  readonly time: number;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: FlowProtocol;
  /** Of the destination. */
  readonly port: number;
  readonly outcome: Outcome;
  readonly count?: number;
  /** That saw it. */
  readonly node?: string;
  /** An answer or an end: it shows a connection that counts where the log does not tell how it began. */
  readonly late?: true;
}

/** `other` is a line that is well and tells of no connection: an answer, a header, a protocol without ports. */
export type Read = Flow | 'other' | undefined;

/** Reads lines one by one. `at` is when the log was written, for those that tell no time. */
export interface FlowReader {
  (line: string, at: number): Read;
}

export interface FlowFormat {
  readonly name: string;
  /** A reader when this is how such a log begins. */
  readonly begin: (firstLine: string) => FlowReader | undefined;
}

export function endOf({ address = '', namespace = '', pod = '', workload = '', host, other }: Endpoint): FlowEnd {
  if (host !== undefined) return `host:${host}`;
  if (namespace !== '' && pod !== '') return `pod:${namespace}/${pod}`;
  if (namespace !== '' && workload !== '') return `workload:${namespace}/${workload}`;
  if (address !== '') return `ip:${address}`;
  return other === undefined ? undefined : `other:${other}`;
}

export function protocolOf(text: unknown): FlowProtocol | undefined {
  const name = String(text).toUpperCase();
  if (name === 'TCP' || name === '6') return 'TCP';
  if (name === 'UDP' || name === '17') return 'UDP';
  return name === 'SCTP' || name === '132' ? 'SCTP' : undefined;
}

export function portOf(value: unknown): number | undefined {
  const port = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

/** A day and a time of it that do not say of which zone. */
const UNZONED = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?$/;

/** RFC 3339, in UTC where it does not say, or a number of seconds, milliseconds or nanoseconds since 1970, as digits tell them apart. */
export function timeOf(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  if (number === undefined) {
    const milliseconds = typeof value === 'string' ? Date.parse(UNZONED.test(value) ? `${value}Z` : value) : NaN;
    return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
  }
  if (number <= 0) return undefined;
  return Math.floor(number > 1e17 ? number / 1e9 : number > 1e11 ? number / 1000 : number);
}

export function jsonObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
