/** A mapping as it comes out of a parser: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What should be a text, of an object that may hold anything there: '' where it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Whether something lies deeper in it than `deepest`. Looks no deeper than that. */
export function isDeeper(value: unknown, deepest: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return deepest === 0 || Object.values(value).some((each) => isDeeper(each, deepest - 1));
}
