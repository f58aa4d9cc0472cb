/**
 * What stands in a snapshot where a credential stood: the detector's verdict and the length, and nothing of the value.
 * The detector knows the mark again, so that every rule says the same of the snapshot as of the cluster.
 */
import type { Credential } from './credentials.ts';

const START = 'redacted-by-castellan:';
const MARK = /redacted-by-castellan:([\w.-]{1,60}):(form|name|guess|placeholder):(\d{1,9})/;

export interface Redacted extends Credential {
  /** Of the value, in characters. */
  length: number;
}

/** Without blanks, so that it may stand wherever a value stood. */
export function redactionOf({ kind, by }: Credential, value: string): string {
  if (redactedAs(value) !== undefined) return value;
  return `${START}${kind.replaceAll(/[^\w.-]/g, '_')}:${by}:${value.length}`;
}

/** The mark where it is the whole value. */
export function redactedAs(value: string): Redacted | undefined {
  return value.startsWith(START) && MARK.exec(value)?.[0].length === value.length ? redactedIn(value) : undefined;
}

/** The mark in a text, whatever stands around it: quotes, the name of a setting. */
export function redactedIn(text: string): Redacted | undefined {
  if (!text.includes(START)) return undefined;
  const [, kind = '', by, length = ''] = MARK.exec(text) ?? [];
  return by === undefined ? undefined : { kind: kind.replaceAll('_', ' '), by: by as Credential['by'], length: Number(length) };
}
