/**
 * The lines of a file, each for itself and as YAML goes on over several: blocks, values on the next line, pairs of name
 * and value, the values of a Secret. No parser: files of all kinds come here, with templates in them and cut in half.
 */
import { isRedacted } from '../../lib/redaction.ts';
import { isReference, mustHide, promised } from './must-hide.ts';
import { type Place, hidden, placesIn, redactLine } from './redact-words.ts';

/** `- key: value`; the dash belongs to the indentation. */
const PAIR = /^((?:\s*-\s+|\s*)(?:export\s+)?)(["']?)([A-Za-z_.][\w.-]{0,99})\2(\s*[:=](?:\s+|$)|\s*=\s*)(.*)$/;
const BLOCK = /^(?:![\w!]+\s+)?[|>][+-]?\d?[+-]?\s*(?:#.*)?$/;
const WORDS =
  /pass|pwd|secret|token|key|cred|jwt|bearer|auth|cookie|sig=|:\/\/|identified|curl|mysql|mariadb|redis-cli|ldap|users?\b|login|bindpw|stringData|^[^\s:]+:(?:\d+|\*):|PRIVATE|@/im;

export function redactLines(text: string): string {
  if (!WORDS.test(text)) return text;
  const isManifest = /^\s*(?:-\s+)?kind:\s*["']?Secret\b/m.test(text);
  const lines = text.split('\n');
  const reader = new LineReader(isManifest, placesIn(text));
  let changed = false;
  for (let index = 0; index < lines.length; index += 1) {
    const before = lines[index] ?? '';
    const after = reader.line(before);
    if (after === before) continue;
    lines[index] = after;
    changed = true;
  }
  return changed ? lines.join('\n') : text;
}

class LineReader {
  readonly #isManifest: boolean;
  readonly #places: readonly Place[];
  /** Lines that are further in than this belong to what must be hidden; -1 where nothing must. */
  #hiddenBelow = -1;
  /** What the hidden lines are: the lines of a text, the one value of a key, or the keys of a Secret. */
  #state: 'block' | 'value' | 'keys' = 'block';
  #name = '';
  /** Of the last `name: X`, for the `value: Y` that follows at the same place. */
  #pairName = '';
  #pairIndent = -1;

  constructor(isManifest: boolean, places: readonly Place[]) {
    this.#places = places;
    this.#isManifest = isManifest;
  }

  line(line: string): string {
    if (line.length > LONGEST) return redactLine(line, this.#places);
    if (this.#hiddenBelow >= 0) {
      if (line.trim() === '') return line;
      if (indentOf(line) > this.#hiddenBelow) return this.#below(line);
      this.#hiddenBelow = -1;
    }
    const pair = PAIR.exec(line);
    if (pair === null) return redactLine(line, this.#places);
    const [, indent = '', quote = '', name = '', separator = '', value = ''] = pair;
    return this.#pair({ line, before: indent + quote + name + quote + separator, indent: indent.length, name, value });
  }

  #pair({ line, before, indent, name, value }: { line: string; before: string; indent: number; name: string; value: string }): string {
    if (name === 'name' || name === 'key') {
      this.#pairName = unquoted(value);
      this.#pairIndent = indent;
      return redactLine(line, this.#places);
    }
    const isOfPair = name === 'value' && this.#pairIndent === indent;
    const called = isOfPair ? this.#pairName : name;
    if (value === '' || value.startsWith('#') || BLOCK.test(value)) {
      const isKeys = value === '' && (name === 'stringData' || (name === 'data' && this.#isManifest));
      if (isKeys || promised(called) !== undefined) this.#begin(isKeys ? 'keys' : value === '' ? 'value' : 'block', indent, called);
      return line;
    }
    const kind = isRedacted(value) ? undefined : mustHide(called, unquoted(value));
    // A mapping on one line is read for its own settings.
    if (kind === undefined || /^\[?\s*\{/.test(value)) return redactLine(line, this.#places);
    // JSON has no texts without quotes.
    return before + (before.includes('"') && /^[\d-]/.test(value) ? quotedMark(value, kind) : replaced(value, kind));
  }

  #begin(state: 'block' | 'value' | 'keys', indent: number, name: string): void {
    this.#state = state;
    this.#hiddenBelow = indent;
    this.#name = name;
  }

  #below(line: string): string {
    const written = line.trimStart();
    const start = line.slice(0, line.length - written.length);
    const pair = PAIR.exec(line);
    if (this.#state === 'keys') {
      const [, indent = '', quote = '', name = '', separator = '', value = ''] = pair ?? [];
      if (pair !== null && (value === '' || BLOCK.test(value))) return line;
      const before = pair === null ? start : indent + quote + name + quote + separator;
      return before + hiddenUnlessReference(line.slice(before.length));
    }
    if (this.#state === 'value') {
      // A mapping or a list has settings of its own.
      if (pair !== null || /^(?:- |[[{#])/.test(written)) {
        this.#hiddenBelow = -1;
        return this.line(line);
      }
      const kind = mustHide(this.#name, unquoted(written));
      return kind === undefined ? line : start + hidden(kind, written);
    }
    return start + hiddenUnlessReference(written);
  }
}
const LONGEST = 65_536;

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function hiddenUnlessReference(value: string): string {
  return isRedacted(value) || isReference(unquoted(value)) ? value : hidden('secret', value);
}

/** The value in its quotes, with what follows them. */
function replaced(value: string, kind: string): string {
  const quote = value.charAt(0);
  const close = quote === '"' || quote === "'" ? value.lastIndexOf(quote) : -1;
  if (close > 0) return quote + hidden(kind, value.slice(1, close)) + value.slice(close);
  const end = value.trimEnd().replace(/[,;]$/, '').length;
  return hidden(kind, value.slice(0, end)) + value.slice(end);
}

function quotedMark(value: string, kind: string): string {
  const number = value.trimEnd().replace(/,$/, '');
  return `"${hidden(kind, number)}"${value.slice(number.length)}`;
}

function unquoted(value: string): string {
  const text = value.trim().replace(/[,;]$/, '');
  const quote = text.charAt(0);
  return (quote === '"' || quote === "'") && text.endsWith(quote) && text.length > 1 ? text.slice(1, -1) : text;
}
