/** What finds fields in one kind of text: see positions.ts. */
import type { PathSegment } from './field-path.ts';

/** Where a field begins, counted from the start of the text. */
export interface Offset {
  offset: number;
  /** False when the field is not in the text: the offset is then that of its nearest ancestor that is. */
  exact: boolean;
}

export interface OffsetFinder {
  find(path: readonly PathSegment[]): Offset;
}

/** Makes a finder for one text; throws when it cannot read it. */
export type FinderMaker = (text: string) => OffsetFinder;
