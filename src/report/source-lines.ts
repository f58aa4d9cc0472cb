/**
 * The lines of a file around a field, as a person would point at them. A line may hold more than the field: what is
 * beside it can be a credential that another finding masks, so only the field and what opens its block are shown.
 */
import { clip, printable } from '../lib/terminal.ts';
import type { Evidence } from '../rules/index.ts';
import { positionOf } from '../snapshot/index.ts';

export interface SourceLine {
  number: number;
  text: string;
  /** The line of the field itself. */
  marked: boolean;
}

/** The line of the evidence and the one before it; empty where there is no text or the evidence is masked. */
export function sourceLines(evidence: Evidence, width: number): SourceLine[] {
  const { origin, path } = evidence;
  const position = positionOf(origin, path);
  // A masked value must not come back by way of the line that it stands on.
  if (position === undefined || origin.text === undefined || evidence.masked) return [];
  const lines = linesOf(origin.text);
  const at = position.line - origin.line;
  const shown = (index: number): string => {
    const written = lines[index]?.trimEnd() ?? '';
    return origin.format === 'json' ? written : withoutComment(written, evidence.value);
  };
  const line = (index: number, text: string): SourceLine => ({
    number: origin.line + index,
    text: clip(printable(text.replaceAll('\t', '    ').trimEnd()), width),
    marked: index === at,
  });
  const above = shown(at - 1);
  const field = fieldOn(shown(at), position.column - 1, evidence.value);
  return [...(isOpening(above) ? [line(at - 1, above)] : []), ...(field.trim() === '' ? [] : [line(at, field)])];
}

/** A line without the comment at its end: what people note beside a setting may be a credential. */
function withoutComment(line: string, value: unknown): string {
  if (!line.includes('#')) return line;
  // Where the value holds no such mark, the first one begins the comment, whatever quotes stand before it.
  const marks = line.matchAll(holdsMark(value) ? QUOTED_OR_MARK : MARK);
  for (const mark of marks) if (mark[0].endsWith('#')) return line.slice(0, mark.index).trimEnd();
  return line;
}
const MARK = /(?:^|\s)#/g;
const QUOTED_OR_MARK = /(?<=^|[\s[{,:])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'(?!'))|(?:^|\s)#/g;

function holdsMark(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsMark);
  return typeof value === 'string' && /\s#/.test(value);
}

/** The part of a line that says the field: all of it, unless several fields share the line. */
function fieldOn(line: string, start: number, value: unknown): string {
  const before = line.slice(0, start);
  const rest = line.slice(start, start + LONGEST);
  const lead = start <= LONGEST && LEAD.test(before) ? before : `${INDENT.exec(before)?.[0] ?? ''}… `;
  const [, key, name = ''] = KEY.exec(rest) ?? [];
  const said = rest.slice(key?.length ?? 0);
  if (isPlain(value)) {
    if (BLOCK.test(before)) return line.slice(0, start + LONGEST);
    const token = TOKEN.exec(said)?.[0] ?? '';
    const after = said.slice(token.length);
    return `${lead}${key ?? ''}${token}${/^[\s}\],]*$/.test(after) ? after : ' …'}`;
  }
  if (key === undefined) return OPEN.test(rest) ? `${lead}${rest.charAt(0)}${rest.length > 1 ? ' …' : ''}` : lead;
  if (said.trim() === '' || /^\s*[{[]\s*$/.test(said)) return lead + rest;
  // The field is absent and this is what it should stand in, shown by its first line: its name says which one it is.
  return NAMING.has(name) ? `${lead}${key}${TOKEN.exec(said)?.[0] ?? ''}` : `${lead}${key.trimEnd()} …`;
}

/** What was seen, where it is told in words too: a value, or a list of values. */
function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => !Array.isArray(item) && isPlain(item));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

const LONGEST = 300;
const INDENT = /^\s*/;
const BLOCK = /^\s*(?:- +)*$/;
/** Nothing but dashes, keys and the brackets that they open. */
const LEAD = /^\s*(?:- +)*(?:(?:["']?[\w./-]+["']?: *)?[{[] *)*$/;
const KEY = /^(["']?([\w./-]+)["']?[^\S\n]*:[^\S\n]*)/;
const TOKEN = /^(?:\[[^[\]{}]*\]|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,{}[\]"'][^,}\]]*)/;
const OPEN = /^[{[]/;
const NAMING = new Set(['apiVersion', 'kind', 'name', 'image']);

/** `securityContext:`, `- name: web`: it says what the next line is in, and no value. */
function isOpening(line: string): boolean {
  return line.length <= LONGEST && /^\s*(?:- +)*(?:["']?[\w./-]+["']?:(?: *[{[])?|["']?name["']?: *["']?[\w.-]+["']?,?)$/.test(line);
}

let last: { text: string; lines: string[] } | undefined;

function linesOf(text: string): string[] {
  if (last?.text !== text) last = { text, lines: text.split('\n') };
  return last.lines;
}
