/**
 * YAML as Kubernetes reads it. kubectl and the API server parse with a YAML 1.1 library whose scalars differ from
 * YAML 1.2 (yes and on are booleans, 0644 is octal) and from YAML 1.1 (22:22 is a string, dates are strings), and
 * the last of two equal keys wins. See sigs.k8s.io/yaml and its go-yaml v2.
 */
import { YAMLException, constructFromEvents, parseEvents } from 'js-yaml';
import { type EventList, type PackedEvents, closingEvents } from './yaml-events.ts';
import { readPlainDocument } from './yaml-plain.ts';
import { KUBERNETES_SCHEMA } from './yaml-schema.ts';

export interface YamlError {
  /** In our own words, on one line. */
  reason: string;
  kind: 'syntax' | 'duplicate-key' | 'too-deep' | 'too-many-merges' | 'several-documents';
  /** From 1, inside the text. */
  line: number | undefined;
}

/** `events`: where everything stands in the text, of a plain document. */
export type YamlResult = { value: unknown; events?: PackedEvents } | { error: YamlError };

/** One document. `lastKeyWins` reads a mapping that has a key twice as kubectl does. */
export function parseYaml(text: string, lastKeyWins = false): YamlResult {
  const read = readPlainDocument(text);
  if (read !== undefined) {
    const { value, events } = read;
    return read.twice < 0 || lastKeyWins ? { value, events } : { error: twice(text, read.twice, lineOf(text, read.twice)) };
  }
  try {
    const events = parseEvents(text, {});
    const documents = constructFromEvents(events, { source: text, schema: KUBERNETES_SCHEMA, json: lastKeyWins });
    if (documents.length > 1) return { error: { kind: 'several-documents', reason: 'it holds several documents', line: undefined } };
    return { value: documents[0] };
  } catch (error) {
    return { error: explain(error, text) };
  }
}

/** The events of a plain document; undefined where it is not plain. */
export function plainEvents(text: string): PackedEvents | undefined {
  return readPlainDocument(text)?.events;
}

/** The parser's events of a text, with offsets into it: what a parse is made from. Throws what the parser throws. */
export function yamlEvents(text: string): { events: EventList; closing: Int32Array } {
  const events = parseEvents(text, {});
  return { events, closing: closingEvents(events) };
}

function explain(error: unknown, text: string): YamlError {
  const reason = error instanceof YAMLException ? error.reason : error instanceof Error ? error.message : String(error);
  const at = error instanceof YAMLException ? (error.mark?.line ?? -1) : -1;
  const line = at < 0 ? undefined : at + 1;
  if (/duplicated mapping key/.test(reason))
    return twice(text, error instanceof YAMLException ? (error.mark?.position ?? text.length) : text.length, line);
  if (/maxDepth|call stack/.test(reason)) return { kind: 'too-deep', reason: 'nested deeper than 100 levels', line };
  if (/maxTotalMergeKeys/.test(reason)) return { kind: 'too-many-merges', reason: 'its merges (<<) copy too many keys', line };
  const tab = tabLine(text, at);
  if (tab !== undefined) return { kind: 'syntax', reason: 'a tab indents the line; YAML allows only blanks there', line: tab };
  return { kind: 'syntax', reason: withoutQuotes(reason), line };
}

function twice(text: string, start: number, line: number | undefined): YamlError {
  return { kind: 'duplicate-key', reason: `a key stands twice in one mapping: ${keyAt(text, start)}`, line };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The key that begins here, and nothing else of its line: the value beside it may be a credential. */
function keyAt(text: string, start: number): string {
  // The content of a quoted key begins behind its quote.
  const quote = text[start - 1];
  const end = quote === '"' || quote === "'" ? text.indexOf(quote, start) : start + LONGEST_KEY;
  const written = text.slice(start, Math.min(end < 0 ? start : end, start + LONGEST_KEY));
  return written.split(/[:\n,{}[\]]/, 1)[0]?.trimEnd() ?? '';
}
const LONGEST_KEY = 60;

/** The parser quotes names of aliases and tags, yet what it takes for one may be a password that begins with * or !. */
function withoutQuotes(reason: string): string {
  return reason.replace(/ (?:"[^]*"|!<[^]*>)|(?<=such characters): [^]*$/, '');
}

/** The line of a tab in the indentation at or just before the place of an error: people cannot see it. */
function tabLine(text: string, line: number): number | undefined {
  if (line < 0) return undefined;
  const lines = text.split('\n', line + 2);
  for (const candidate of [line, line - 1, line + 1]) {
    if (/^ *\t/.test(lines[candidate] ?? '')) return candidate + 1;
  }
  return undefined;
}
