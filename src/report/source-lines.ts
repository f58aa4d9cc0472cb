/** The lines of a file around a field, as a person would point at them. */
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
  return [at - 1, at]
    .filter((index) => index >= 0 && lines[index] !== undefined && lines[index].trim() !== '' && !lines[index].startsWith('---'))
    .map((index) => ({ number: origin.line + index, text: clip(printable((lines[index] ?? '').replaceAll('\t', '    ').trimEnd()), width), marked: index === at }));
}

let last: { text: string; lines: string[] } | undefined;

function linesOf(text: string): string[] {
  if (last?.text !== text) last = { text, lines: text.split('\n') };
  return last.lines;
}
