/**
 * Tells credentials from other configuration: by the form that a provider gives its keys, or by a name that promises
 * a secret together with a value that can be one. Never returns the value in words.
 */
import { tokenKind } from './credential-forms.ts';
import { type NamePromise, namesSecret, promiseOf } from './credential-names.ts';
import { isHighEntropy, isPlaceholder, isPlainValue, isReference } from './credential-values.ts';
import { isRedacted, redactedAs, redactedIn, verdictOf } from './redaction.ts';

export interface Credential {
  /** What it is believed to be: `password`, `GitHub token`, `private key`. */
  kind: string;
  /**
   * `form`: the value itself shows it. `name`: the name says so and the value fits. `guess`: a vague name with a value
   * that looks random. `placeholder`: the place is meant for one, but the value waits to be replaced.
   */
  by: 'form' | 'name' | 'guess' | 'placeholder';
}

export interface FoundCredential extends Credential {
  /** As written in the text; '' where only the value was found. */
  name: string;
  value: string;
  /** 1 for the first. */
  line: number;
}

/** The credential that one setting holds, or undefined. */
export function credentialIn(name: string, value: string): Credential | undefined {
  if (value === '') return undefined;
  const redacted = redactedAs(value);
  if (redacted !== undefined) return verdictOf(redacted);
  // Of the value as a whole nothing was said, or all of it would have been taken out.
  if (isRedacted(value)) return undefined;
  const form = tokenKind(value);
  if (form !== undefined) return { kind: form, by: 'form' };
  const promise = namesSecret(name, value) ? undefined : promiseOf(name);
  return promise === undefined ? undefined : judge(promise, value.trim());
}

/** What a line shows by itself: the form of a credential, or the mark of one that was taken out. */
function formOf(text: string): Credential | undefined {
  const redacted = redactedIn(text);
  const verdict = redacted === undefined ? undefined : verdictOf(redacted);
  if (verdict !== undefined) return verdict;
  const kind = tokenKind(text);
  return kind === undefined ? undefined : { kind, by: 'form' };
}

function judge(promise: NamePromise, value: string): Credential | undefined {
  if (value === '' || isReference(value) || isPlainValue(value, promise.kind === 'password')) return undefined;
  if (promise.weak) return isHighEntropy(value) ? { kind: promise.kind, by: 'guess' } : undefined;
  if (promise.refersOften && isObjectName(value)) return undefined;
  return { kind: promise.kind, by: isPlaceholder(value) ? 'placeholder' : 'name' };
}

/** `shop-db-secret`: the name of a Secret rather than what is in it. */
function isObjectName(value: string): boolean {
  return OBJECT_NAME.test(value) && value.split('-').some((word) => OBJECT_WORDS.has(word));
}
const OBJECT_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/;
const OBJECT_WORDS = new Set([
  'secret',
  'secrets',
  'credential',
  'credentials',
  'creds',
  'cred',
  'token',
  'tokens',
  'tls',
  'cert',
  'certs',
  'key',
  'keys',
  'auth',
  'password',
  'passwords',
]);

const MOST = 50;
const LONGEST = 1 << 20;
const HINT = /pass|pwd|secret|token|key|credential|jwt|bearer|salt|auth/i;
/** `name = value`, `name: value`, with quotes, `export` and list dashes as people write them. */
const ASSIGNMENT =
  /^[^\S\n]{0,40}(?:export[^\S\n]{1,8}|-[^\S\n]{1,8})?["']?([A-Za-z_][\w.-]{0,79})["']?[^\S\n]{0,8}[:=][^\S\n]{0,8}(\S[^\n]{0,4095})$/gm;
const JSON_PAIR = /"([A-Za-z_][\w.-]{0,79})"\s{0,8}:\s{0,8}"((?:[^"\\\n]|\\.){1,4095})"/g;

/** The credentials in a whole file: .env, properties, ini, JSON, YAML, scripts. Comments are looked at by form only. */
export function credentialsInText(text: string): FoundCredential[] {
  const head = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  const found = new Map<string, FoundCredential>();
  if (HINT.test(head)) {
    collect(head, ASSIGNMENT, found);
    if (head.includes('"')) collect(head, JSON_PAIR, found);
  }
  if (formOf(head) !== undefined) collectForms(head, found);
  return [...found.values()].sort((a, b) => a.line - b.line);
}

function collect(text: string, pattern: RegExp, found: Map<string, FoundCredential>): void {
  for (const match of text.matchAll(pattern)) {
    if (found.size >= MOST) return;
    const [, name = '', raw = ''] = match;
    if (!HINT.test(name)) continue;
    const value = unquoted(raw);
    if (isCode(value)) continue;
    const credential = found.has(value) ? undefined : credentialIn(name, value);
    if (credential === undefined) continue;
    const one = { ...credential, name, value, line: lineAt(text, match.index) };
    if (!found.has(keyOf(one))) found.set(keyOf(one), one);
  }
}

/** A value that stands twice counts once; marks of different values may be equal, and repetitions are marked as hidden. */
function keyOf({ name, value, line }: FoundCredential): string {
  return isRedacted(value) ? `${value} ${line} ${name}` : value;
}

/** What shows itself by its form, line by line; a text that is one as a whole (base64 in lines) is told by its first line. */
function collectForms(text: string, found: Map<string, FoundCredential>): void {
  const known = new Set([...found.values()].map(({ line }) => line));
  const before = found.size;
  text.split('\n').forEach((written, index) => {
    const form = formOf(written);
    if (form === undefined || known.has(index + 1) || found.size >= MOST) return;
    const [, name = '', raw = written] = LINE.exec(written) ?? [];
    const value = unquoted(raw);
    const one = { ...form, name, value, line: index + 1 };
    if (!found.has(keyOf(one))) found.set(keyOf(one), one);
  });
  const whole = formOf(text);
  if (whole !== undefined && found.size === before && known.size === 0) found.set(text, { ...whole, name: '', value: text, line: 1 });
}
const LINE = /^\s{0,40}(?:export\s{1,8}|-\s{1,8})?["']?([A-Za-z_][\w.-]{0,79})["']?\s{0,8}[:=]\s{0,8}(\S.{0,4095})$/;

/** The part of a right-hand side that is the value: without quotes, a trailing comma or a comment. */
function unquoted(raw: string): string {
  const text = raw.trim();
  const quote = text.charAt(0);
  if (quote === '"' || quote === "'") {
    for (let end = text.indexOf(quote, 1); end > 0; end = text.indexOf(quote, end + 1)) {
      AFTER_QUOTE.lastIndex = end + 1;
      if (AFTER_QUOTE.test(text)) return text.slice(1, end);
    }
  }
  const comment = text.search(/\s#/);
  const bare = comment < 0 ? text : text.slice(0, comment).trimEnd();
  let end = bare.length;
  while (end > 0 && (bare[end - 1] === ',' || bare[end - 1] === ';')) end -= 1;
  return bare.slice(0, end);
}
/** Nothing of the value: separators, then the end or a comment. */
const AFTER_QUOTE = /[\s,;]*(?:[#/]|$)/y;

/** What a program, a schema or a template writes on the right: calls, variables, types, nested blocks. */
function isCode(value: string): boolean {
  return CODE.test(value) || TYPES.has(value.toLowerCase()) || /\s/.test(value);
}
const CODE =
  /^[|>&*[{(]|\$[({A-Za-z_]|\{\{|<%|%\{|^[A-Za-z_][\w.]*\(|^(?:process|os|env|config|settings|self|this|context|values|spec|data|input|var|local|module|request|req|ctx)\.[A-Za-z_]/i;
const TYPES = new Set([
  'string',
  'str',
  'text',
  'bytes',
  'object',
  'integer',
  'int',
  'number',
  'bool',
  'boolean',
  'array',
  'list',
  'map',
  'any',
  'secret',
  'password',
  'token',
  'key',
  'keyword',
  'basic',
  'bearer',
  'opaque',
  'header',
  'cookie',
  'query',
]);

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let from = text.indexOf('\n'); from >= 0 && from < at; from = text.indexOf('\n', from + 1)) line += 1;
  return line;
}
