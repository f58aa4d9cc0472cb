/** A text that is a file: what the detector finds in it keeps its verdict, and whatever else may be secret is hidden. */
import { type FoundCredential, credentialsInText } from '../../lib/credentials.ts';
import { type Mark, isRedacted } from '../../lib/redaction.ts';
import { redactLines } from './redact-lines.ts';
import { hidden } from './redact-words.ts';

/** How a credential is written instead of itself. */
export type Write = (credential: Mark, value: string) => string;

const KEY_BLOCK =
  /-{3,5}\s?BEGIN (?:[A-Z0-9]+ )*PRIVATE[ -]KEY[\s\S]*?(?:-{3,5}\s?END (?:[A-Z0-9]+ )*PRIVATE[ -]KEY(?: BLOCK)?\s?-{3,5}|$)/g;
/** gzip, zip, zlib, and gzip in base64 twice over, as base64 begins then. */
const PACKED = /^(?:H4sI|UEsDB|eJ[wyzx]|SDRzSU|KLUv)[A-Za-z0-9+/\r\n_-]{20,}={0,2}\s*$/;
/** Longer JSON is read line by line. */
const LONGEST_JSON = 1 << 20;

export function isFile(text: string): boolean {
  return text.startsWith('{') || text.startsWith('[') || text.includes('\n');
}

/** What somebody packed cannot be looked at, so none of it stays. */
export function isPacked(text: string): boolean {
  return text.length > 24 && PACKED.test(text);
}

/** A file keeps its lines, so that what is told of them stays true. `walk` takes credentials out of what JSON holds. */
export function redactText(text: string, write: Write, walk: (value: unknown) => unknown): string {
  const told = withVerdicts(text, write);
  return redactLines(redactJson(told, walk));
}

function withVerdicts(text: string, write: Write): string {
  const left = text.includes('PRIVATE')
    ? text.replaceAll(KEY_BLOCK, (block) => write({ kind: 'private key', by: 'form' }, block) + '\n'.repeat(block.split('\n').length - 1))
    : text;
  const found = credentialsInText(left).filter(({ by, value }) => by !== 'placeholder' && !isRedacted(value));
  if (found.length === 0) return left;
  const whole = found.find(({ value }) => value.includes('\n'));
  if (whole !== undefined) return write(whole, left) + '\n'.repeat(left.split('\n').length - 1);
  // One value may be a part of another: a password of the address that it is in.
  found.sort((a, b) => b.value.length - a.value.length);
  const lines = left.split('\n');
  for (const one of found) markIn(lines, one, write);
  let marked = lines.join('\n');
  for (const { kind, value } of found) if (isTelling(value)) marked = marked.replaceAll(value, hidden(kind, value));
  return marked;
}

/** Behind the name, where there is one: `password: password`. */
function markIn(lines: string[], { name, value, line, kind, by }: FoundCredential, write: Write): void {
  const written = lines[line - 1];
  if (written === undefined) return;
  const from = name === '' ? 0 : written.indexOf(name) + name.length;
  const at = written.indexOf(value, Math.max(0, from));
  if (at >= 0) lines[line - 1] = written.slice(0, at) + write({ kind, by }, value) + written.slice(at + value.length);
}

/** A short value, or one that is a word, may be a part of anything else. */
function isTelling(value: string): boolean {
  return value.length >= 8 && !/^(?:[A-Za-z]+|\d+)$/.test(value) && !value.includes('redacted');
}

/** By structure, where it is JSON: a name may stand beside its value. What changes is written into the text as it is. */
function redactJson(text: string, walk: (value: unknown) => unknown): string {
  const start = text.trimStart().charAt(0);
  if ((start !== '{' && start !== '[') || text.length > LONGEST_JSON) return text;
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return text;
  }
  const changes = new Map<string, string>();
  try {
    const before = JSON.parse(text) as unknown;
    collect(before, (value = walk(value)), changes);
  } catch {
    return hidden('deeply nested text', text);
  }
  if (changes.size === 0) return text;
  const left = text.replaceAll(TOKEN, (token, key?: string) => (key === undefined ? (changes.get(token) ?? token) : token));
  // A number, or a text that is written with escapes of another kind, still stands there.
  const remains = new Map<string, string>();
  collect(JSON.parse(left), value, remains);
  const isDone = ![...remains.keys()].some((token) => changes.has(token));
  return isDone ? left : JSON.stringify(value, null, text.trimEnd().includes('\n') ? 2 : 0);
}
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/** As JSON writes them: what a text was, and what it became. */
function collect(before: unknown, after: unknown, changes: Map<string, string>): void {
  if (typeof before === 'string') {
    if (before !== after) changes.set(JSON.stringify(before), JSON.stringify(after));
  } else if (typeof before === 'number') {
    if (before !== after) changes.set(String(before), JSON.stringify(after));
  } else if (typeof before === 'object' && before !== null) {
    for (const [key, value] of Object.entries(before)) collect(value, (after as Record<string, unknown>)[key], changes);
  }
}
