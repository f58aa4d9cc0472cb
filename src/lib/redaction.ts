/**
 * What stands in a snapshot where a credential stood: the detector's verdict and the length, and nothing of the value.
 * The detector knows the mark again, so that every rule says the same of the snapshot as of the cluster.
 */
import type { Credential } from './credentials.ts';

const START = 'redacted-by-castellan:';
const VERDICTS = 'form|name|guess|placeholder';
/** One that says something comes before those that say nothing. */
const TELLING = new RegExp(`${START}([\\w.-]{1,60}):(${VERDICTS}):(\\d{1,9})`);
const MARK = new RegExp(`${START}([\\w.-]{1,60}):(${VERDICTS}|hidden):(\\d{1,9})`);

/** `hidden`: taken out to be safe, where the detector says nothing; so no rule says anything of it. */
export interface Mark {
  kind: string;
  by: Credential['by'] | 'hidden';
}

export interface Redacted extends Mark {
  /** Of the value, in characters. */
  length: number;
}

/** Without blanks, so that it may stand wherever a value stood. */
export function redactionOf({ kind, by }: Mark, value: string): string {
  if (redactedAs(value) !== undefined) return value;
  return `${START}${kind.replaceAll(/[^\w.-]/g, '_')}:${by}:${value.length}`;
}

export function isRedacted(text: string): boolean {
  return text.includes(START);
}

/** The mark where it is the whole value. */
export function redactedAs(value: string): Redacted | undefined {
  return value.startsWith(START) && MARK.exec(value)?.[0].length === value.length ? redactedIn(value) : undefined;
}

/** The mark in a text, whatever stands around it: quotes, the name of a setting. */
export function redactedIn(text: string): Redacted | undefined {
  if (!text.includes(START)) return undefined;
  const [, kind = '', by, length = ''] = TELLING.exec(text) ?? MARK.exec(text) ?? [];
  return by === undefined ? undefined : { kind: kind.replaceAll('_', ' '), by: by as Mark['by'], length: Number(length) };
}

/** What the detector said of the value, if it said anything. */
export function verdictOf({ kind, by }: Redacted): Credential | undefined {
  return by === 'hidden' ? undefined : { kind, by };
}

export function withoutMarks(text: string): string {
  return text.replaceAll(MARKS, '');
}
const MARKS = new RegExp(MARK, 'g');
