/**
 * The least of the ids of a stream's events, as a sample of all of them: ids are random, so that two logs of one server
 * have the same ones, wherever each of them begins, and logs of two servers have none in common. It does not matter in
 * which order events came or records were merged.
 */

/** So many that two halves of one log are told by what they share, and few beside a day of requests. */
export const MOST_IDS = 64;
/** Of the 122 random bits of an id these are enough, in a log of whatever size. */
const KEPT = 16;
const ABOVE_ALL = '\uffff';

export class LeastIds {
  readonly #ids: string[] = [];
  /** What is above it is not among the least. */
  #largest = ABOVE_ALL;

  /** Called for each event, of which nearly none is among the least. */
  add(whole: string): void {
    if (whole > this.#largest) return;
    const id = whole.slice(0, KEPT);
    if (id === '' || this.#ids.includes(id)) return;
    let at = this.#ids.length;
    while (at > 0 && (this.#ids[at - 1] ?? '') > id) at -= 1;
    this.#ids.splice(at, 0, id);
    if (this.#ids.length > MOST_IDS) this.#ids.pop();
    if (this.#ids.length === MOST_IDS) this.#largest = this.#ids.at(-1) ?? ABOVE_ALL;
  }

  toList(): string[] {
    return [...this.#ids];
  }
}

/** Of what can be compared: of the longer log only what is as small as the largest of the other. */
const SHARED = 0.1;

/** Whether two streams, by the least ids of each, hold events of the same server. False where one of them has no ids. */
export function shareIds(one: readonly string[], other: readonly string[]): boolean {
  // Of a log that has few ids all are known.
  const end = [one, other].flatMap((ids) => (ids.length < MOST_IDS ? [] : (ids.at(-1) ?? []))).toSorted()[0];
  const [left, right] = [one, other].map((ids) => new Set(ids.filter((id) => end === undefined || id <= end)));
  if (left === undefined || right === undefined || left.size === 0 || right.size === 0) return false;
  const shared = [...left].filter((id) => right.has(id)).length;
  return shared >= SHARED * Math.min(left.size, right.size);
}
