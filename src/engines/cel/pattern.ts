/**
 * Regular expressions of RE2 that mean the same in JavaScript and take no time there, however they and the text were
 * chosen: few repetitions, none of a group that repeats, and texts that are short for them.
 */
const PLAIN = /^[\x20-\x7e]*$/;
const FOREIGN = /\(\?(?!:)|\\[^dDwWsSbB.\-/+*?()[\]{}|^$\\]|\[\[:|\[\^?\]|\\[sS]|[*+?}][*+]|[*+}]\?/;
const REPEATED_GROUP = /\)(?:[*+]|\{)/;
const REPETITION = /(?<!\\)[*+{]/g;
const MOST_STEPS = 5e7;
const LONGEST = 512;

/** Whether the pattern is found in the text; undefined where that is not judged. */
export function isFound(pattern: string, text: string): boolean | undefined {
  if (!PLAIN.test(pattern) || !PLAIN.test(text) || pattern.length > LONGEST || text.length > LONGEST) return undefined;
  if (FOREIGN.test(pattern) || REPEATED_GROUP.test(pattern)) return undefined;
  const repetitions = pattern.match(REPETITION)?.length ?? 0;
  if (Math.max(text.length, 2) ** (repetitions + 1) > MOST_STEPS) return undefined;
  if (pattern.match(/\{\d+(?:,\d*)?\}/g)?.some((each) => Math.max(...(each.match(/\d+/g) ?? []).map(Number)) > 100) === true)
    return undefined;
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return undefined;
  }
}
