/**
 * Line and column of any field of a document, found when somebody asks: reading a document does not pay for it.
 * Lines count `\n`, columns count UTF-16 units, both from 1, as editors and SARIF do.
 */
import type { PathSegment } from './field-path.ts';
import type { FinderMaker, OffsetFinder } from './positions-finder.ts';
import { jsonOffsets } from './positions-json.ts';
import { yamlOffsets } from './positions-yaml.ts';
import type { PackedEvents } from './yaml-events.ts';

export interface Position {
  line: number;
  column: number;
  /** False when the field is not in the text: the position is then that of its nearest ancestor that is. */
  exact: boolean;
}

const BYTE_ORDER_MARK = 0xfeff;

/**
 * The positions of one document. A mapping entry stands where its key does, an element of a sequence where its
 * value does, after anchor and tag. What comes by an alias or a merge key stands where it was written; of keys
 * that stand twice the last one counts. Never throws: where nothing can be found, the answer is the first line.
 */
export class DocumentPositions {
  readonly #text: string;
  readonly #finder: OffsetFinder | undefined;
  /** Offsets at which lines begin, as far as somebody has asked. */
  readonly #lines = [0];
  #allLines = false;
  /** The line that was asked for last, from 0: the next field is often on the same one. */
  #lastLine = 0;

  /**
   * `fallback` reads YAML that the parser behind `yamlOffsets` refuses; `events` are those of the text, where somebody
   * has kept them.
   */
  constructor(
    text: string,
    format: 'yaml' | 'json',
    { fallback, events }: { fallback?: FinderMaker | undefined; events?: PackedEvents | undefined } = {},
  ) {
    this.#text = text;
    const makers = format === 'json' ? [jsonOffsets] : [(yaml: string) => yamlOffsets(yaml, events), fallback];
    this.#finder = firstThatReads(text, makers);
  }

  locate(path: readonly PathSegment[]): Position {
    if (this.#finder === undefined) return { line: 1, column: 1, exact: false };
    const { offset, exact } = this.#finder.find(path);
    const line = this.#lineOf(offset);
    const column = offset - (this.#lines[line - 1] ?? 0) + 1;
    return { line, column: line === 1 && this.#text.charCodeAt(0) === BYTE_ORDER_MARK && column > 1 ? column - 1 : column, exact };
  }

  /** Number of the line, from 1, that holds an offset. */
  #lineOf(offset: number): number {
    const lines = this.#lines;
    let end = lines[lines.length - 1] ?? 0;
    while (!this.#allLines && end <= offset) {
      const newline = this.#text.indexOf('\n', end);
      if (newline < 0) this.#allLines = true;
      else lines.push((end = newline + 1));
    }
    if ((lines[this.#lastLine] ?? 0) <= offset && offset < (lines[this.#lastLine + 1] ?? Infinity)) return this.#lastLine + 1;
    let low = 0;
    let high = lines.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((lines[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    this.#lastLine = low;
    return low + 1;
  }
}

function firstThatReads(text: string, makers: readonly (FinderMaker | undefined)[]): OffsetFinder | undefined {
  for (const maker of makers) {
    try {
      const finder = maker?.(text);
      if (finder !== undefined) return finder;
    } catch {
      // Refused: perhaps the next one reads it, and a document without positions is still a document.
    }
  }
  return undefined;
}
