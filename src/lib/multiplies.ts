/** Aliases of YAML that make a document of a few lines larger than any memory. */
import { parseYaml } from './yaml.ts';

const DEEPEST_ALIASES = 400;
/** Configuration that people write is a thousandth of this. */
const MOST_IN_CONFIG = 200_000;

/** Whether a value, written out without sharing, is larger or deeper than any honest document, or endless. */
export function multiplies(root: unknown, most: number): boolean {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    // Each of many aliases may lead one level deeper.
    if (open.has(value) || open.size > DEEPEST_ALIASES) return Number.POSITIVE_INFINITY;
    open.add(value);
    let size = 1;
    for (const part of Object.values(value)) size += sizeOf(part);
    open.delete(value);
    sizes.set(value, size);
    return size;
  };
  return sizeOf(root) > most;
}

/** A file of configuration as Kubernetes reads it; undefined where it cannot be read, or is more than it seems. */
export function parseConfigText(text: string): { value: unknown } | undefined {
  const parsed = parseYaml(text, true);
  return 'error' in parsed || (text.includes('&') && multiplies(parsed.value, MOST_IN_CONFIG)) ? undefined : { value: parsed.value };
}
