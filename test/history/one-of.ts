import fc from 'fast-check';

/**
 * One of what is there, by its place: fast-check keeps every list that `constantFrom` was given for as long as the
 * property runs and compares each new one with all of them, so that lists that differ in each run take quadratic time.
 */
export function oneOf<T>(dice: fc.GeneratorValue, values: readonly T[]): T | undefined {
  return values.length === 0 ? undefined : values[dice(fc.nat, { max: values.length - 1 })];
}
