/**
 * Configuration files as they may leave the node. What is a secret, by its place or by what it looks like, is taken out
 * value by value, so that the text stays the document that it was.
 */
import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../lib/record.ts';
import { redactedAs, redactionOf } from '../../lib/redaction.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import { LOUD, TooDeepError } from '../cluster/redact-walk.ts';

/** Keys of encryption, and what kubeconfigs and registries sign in with. Certificates go too: they are facts of their own. */
const SECRET =
  /^(?:secret|token|password|passwd|auth|auth-?token|identity-?token|(?:id|refresh|access|bearer)-?token|client-?secret|client-(?:key|certificate)-data|certificate-authority-data)$/i;
/** Below these every text is one. */
const ALL_BELOW: ReadonlySet<string> = new Set(['staticPodURLHeader', 'auth-provider']);
const SHORTEST = 4;
const DEEPEST = 100;

/** Undefined where secrets may be in it that cannot be told from the rest. */
export function redactConfig(name: string, text: string): string | undefined {
  const parts = text.split(/^(---.*\n?)/m);
  if (parts.filter((part) => /^\s*[^\s#]/m.test(part) && !part.startsWith('---')).length < 2) return redactDocument(name, text);
  // Something may stand behind the line that parts two documents.
  if (parts.some((part) => part.startsWith('---') && !/^---\s*$/.test(part))) return undefined;
  const left = parts.map((part) => (part.startsWith('---') || part.trim() === '' ? part : redactDocument(name, part)));
  return left.includes(undefined) ? undefined : left.join('');
}

function redactDocument(name: string, text: string): string | undefined {
  // A document may end before the text does.
  if (/^\.\.\.\s*$[^]*\S/m.test(text)) return undefined;
  const parsed = parseConfigText(text);
  if (parsed === undefined) return mayHoldSecrets(text) || text.includes('&') ? undefined : LOUD.key(name, text);
  const marks = marksOf(parsed.value);
  if (marks === undefined) return undefined;
  let left = text;
  // One value may be a part of another.
  for (const [value, mark] of [...marks].toSorted(([a], [b]) => b.length - a.length)) left = left.replaceAll(value, () => mark);
  const clean = parseConfigText(left);
  if (clean === undefined || holdsAny(clean.value, marks, 0)) return undefined;
  // Comments may hold what no value does. What reads lines takes some settings for headers, and then spoils the document.
  const loud = LOUD.key(name, left);
  const again = loud === left ? clean : parseConfigText(loud);
  if (again !== undefined && isDeepStrictEqual(again.value, clean.value)) return loud;
  return left.replaceAll(/^(\s*)#.*$/gm, '$1#');
}

/** Settings with which runtimes sign in to registries, wherever they stand: at the start of a line, dotted, in a table of one line. */
const SIGN_IN = String.raw`(?<![\w-])["']?(?:auth|identity-?token|registry-?token|password|authorization)["']?[ \t]*[=:][ \t]*(?:\[\s*)?`;
const BLOCK = new RegExp(String.raw`(${SIGN_IN})("""[^]*?(?:"""|$)|'''[^]*?(?:'''|$))`, 'gi');
const VALUE = new RegExp(String.raw`(${SIGN_IN})("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s#"'{[,}\]][^\s,}\]]*)`, 'gi');

/** Texts that are no YAML: TOML, INI, variables. */
export function redactText(name: string, text: string): string {
  const left = text.replaceAll(BLOCK, (_whole, before: string, value: string) => {
    return hide('', before, value) + '\n'.repeat(value.split('\n').length - 1);
  });
  return LOUD.key(name, left.replaceAll(VALUE, hide));
}

function hide(_whole: string, before: string, value: string): string {
  const inside = value.replaceAll(/^["']|["']$/g, '');
  if (inside === '' || redactedAs(inside) !== undefined) return before + value;
  return `${before}"${redactionOf({ kind: 'secret', by: 'hidden' }, value)}"`;
}

function mayHoldSecrets(text: string): boolean {
  return /EncryptionConfig|client-key-data|\btoken\s*["']?:|\bpassword\s*["']?:|staticPodURLHeader/.test(text);
}

/** What must go, and what stands for it; undefined where one is so short that it may be a part of anything. */
function marksOf(document: unknown): Map<string, string> | undefined {
  const marks = new Map<string, string>();
  collectByPlace(document, marks, { below: false, depth: 0 });
  if (isRecord(document)) {
    const copy = structuredClone(document);
    try {
      LOUD.object(copy);
    } catch (error) {
      if (error instanceof TooDeepError) return undefined;
      throw error;
    }
    collectChanged(document, copy, marks);
  }
  return [...marks.keys()].some((value) => value.length < SHORTEST) ? undefined : marks;
}

function collectByPlace(value: unknown, into: Map<string, string>, { below, depth }: { below: boolean; depth: number }): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      if (below && typeof item === 'string' && item !== '') into.set(item, markOf(item));
      else collectByPlace(item, into, { below, depth: depth + 1 });
    }
    return;
  }
  if (!isRecord(value)) return;
  for (const [name, field] of Object.entries(value)) {
    const isSecret = below || SECRET.test(name);
    if (typeof field !== 'string') collectByPlace(field, into, { below: below || ALL_BELOW.has(name), depth: depth + 1 });
    // A path says where a secret is and not what it is.
    else if (isSecret && field !== '' && !field.startsWith('/')) into.set(field, markOf(field));
  }
}

function markOf(value: string): string {
  return redactionOf({ kind: 'secret', by: 'hidden' }, value);
}

/** Texts that the walker took out, wherever they stood. */
function collectChanged(before: unknown, after: unknown, into: Map<string, string>): void {
  if (typeof before === 'string') {
    if (typeof after === 'string' && before !== after && !into.has(before)) into.set(before, after.replaceAll(/\s+/g, ' '));
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (const [index, item] of (before as unknown[]).entries()) collectChanged(item, after[index], into);
  } else if (isRecord(before) && isRecord(after)) {
    for (const [name, field] of Object.entries(before)) collectChanged(field, after[name], into);
  }
}

/** A value that is folded over lines, or escaped, is not found by its text. */
function holdsAny(value: unknown, marks: ReadonlyMap<string, string>, depth: number): boolean {
  if (typeof value === 'string') return marks.has(value);
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return false;
  return Object.values(value).some((each) => holdsAny(each, marks, depth + 1));
}
