/** Why a connection is opened: the field that says so, and what it says. */
import type { Evidence as Field } from '../../engines/network/index.ts';

export interface Evidence extends Field {
  /** In a few words, without anything that may be secret: `CATALOG_URL names catalog:8080`. */
  readonly what: string;
}

/** By object and field, each once. */
export function uniqueEvidence(all: readonly Evidence[]): Evidence[] {
  const found = new Map(all.map((one) => [`${one.ref} ${one.path} ${one.what}`, one]));
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, one]) => one);
}
