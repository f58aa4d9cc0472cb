/** Words that are nearly another one, as a slip of the finger makes them. */

/**
 * The word among `known` that `word` was probably meant to be. What differs in digits only is no slip but another of
 * its kind, and short words are near to too many.
 */
export function nearestOf(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = slipsIn(word) + 1;
  for (const other of known) {
    if (other === word || Math.abs(other.length - word.length) >= least || withoutDigits(other) === withoutDigits(word)) continue;
    const distance = distanceOf(word.toLowerCase(), other.toLowerCase());
    if (distance < least || (distance === least && best !== undefined && other < best)) [best, least] = [other, distance];
  }
  return best;
}

function slipsIn({ length }: string): number {
  return length < 4 ? 0 : length < 8 ? 1 : 2;
}

function withoutDigits(text: string): string {
  return text.replaceAll(/\d+/g, '0');
}

/** How many letters are missing, too many, wrong, or swapped with their neighbour. */
function distanceOf(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const row = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const same = one[at - 1] === other[to - 1] ? 0 : 1;
      let least = Math.min((last[to] ?? 0) + 1, (row[to - 1] ?? 0) + 1, (last[to - 1] ?? 0) + same);
      const swapped = at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1];
      if (swapped) least = Math.min(least, (before[to - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
