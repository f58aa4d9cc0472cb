/** Line and column of an object's field in the file that it came from. */
import { segmentsOf } from '../lib/field-path.ts';
import type { FinderMaker } from '../lib/positions-finder.ts';
import { DocumentPositions, type Position } from '../lib/positions.ts';
import type { Origin } from './snapshot.ts';

/** Findings come object by object, so the last document is nearly always the next one too. */
let last: { text: string; positions: DocumentPositions } | undefined;
let fallback: FinderMaker | undefined;

/**
 * Sets what finds fields in YAML that the fast parser refuses. Whoever reads such a document has loaded the parser
 * for it and registers it here; others never pay for loading it.
 */
export function usePositionFallback(maker: FinderMaker): void {
  fallback = maker;
  last = undefined;
}

/** Where a field stands in its file; undefined for objects that came from no text. */
export function positionOf(origin: Origin, path: string): Position | undefined {
  const { text } = origin;
  if (text === undefined) return undefined;
  if (last?.text !== text) last = { text, positions: new DocumentPositions(text, origin.format, { fallback, events: origin.events }) };
  const segments = segmentsOf(path);
  const position = last.positions.locate(origin.prefix.length === 0 ? segments : [...origin.prefix, ...segments]);
  position.line += origin.line - 1;
  return position;
}

let lastLines: { text: string; isOne: boolean } | undefined;

/** The line alone: in a text of one line, as programs write JSON, nobody need look where the field stands. */
export function lineNumberOf(origin: Origin, path: string): number | undefined {
  const { text } = origin;
  if (text === undefined) return undefined;
  if (lastLines?.text !== text) lastLines = { text, isOne: [-1, text.length - 1].includes(text.indexOf('\n')) };
  return lastLines.isOne ? origin.line : positionOf(origin, path)?.line;
}
