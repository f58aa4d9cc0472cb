/** Patterns that users write in options, compiled once; a text that is no pattern is told and not thrown. */
const COMPILED = new Map<string, RegExp | undefined>();

/** The pattern for a whole value, or undefined where the text is no regular expression. */
export function wholePattern(text: string): RegExp | undefined {
  if (COMPILED.has(text)) return COMPILED.get(text);
  let pattern: RegExp | undefined;
  try {
    pattern = new RegExp(`^(?:${text})$`, 'u');
  } catch {
    pattern = undefined;
  }
  COMPILED.set(text, pattern);
  return pattern;
}
