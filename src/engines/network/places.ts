/**
 * Classes, zones of addresses and representatives on one line, so that a set of them is a set of intervals. Each kind
 * has its own stretch: one more class moves no zone. Ids, which count through without gaps, are for asking from outside.
 */
import { type Intervals, boundariesUpTo, spans } from './intervals.ts';

/** Where zones begin, behind the classes, which have their own ids as places. */
export const ZONES = 0x2000_0000;
export const REPRESENTATIVES = 0x4000_0000;

/** From places that rise. */
export function setOf(places: Iterable<number>): Intervals<number> {
  const set: number[] = [];
  for (const place of places) {
    if (set.at(-1) === place) set[set.length - 1] = place + 1;
    else set.push(place, place + 1);
  }
  return set;
}

export function* placesIn(set: Intervals<number>): Generator<number> {
  for (const [start, end] of spans(set)) for (let place = start; place < end; place += 1) yield place;
}

/** The set with one place more. */
export function withPlace(set: Intervals<number>, place: number): Intervals<number> {
  const at = boundariesUpTo(set, place);
  if (at % 2 === 1) return set;
  const [joinsBefore, joinsAfter] = [set[at - 1] === place, set[at] === place + 1];
  const between = [...(joinsBefore ? [] : [place]), ...(joinsAfter ? [] : [place + 1])];
  return set.toSpliced(joinsBefore ? at - 1 : at, (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0), ...between);
}
