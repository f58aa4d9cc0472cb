/** A mapping as it comes out of a parser: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What should be a text, of an object that may hold anything there: '' where it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Whether it holds more levels than so many; looks no deeper. The engine reads JSON of any depth, through which nothing else walks. */
export function isDeeper(value: unknown, levels: number): boolean {
  return typeof value === 'object' && value !== null && holdsDeeper(value, levels);
}

/** It goes through everything that is read: most of that are texts, for which nothing is called. */
function holdsDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (typeof item === 'object' && item !== null && holdsDeeper(item, levels - 1)) return true;
    }
    return false;
  }
  for (const name in value) {
    const item = (value as Record<string, unknown>)[name];
    if (typeof item === 'object' && item !== null && holdsDeeper(item, levels - 1)) return true;
  }
  return false;
}
