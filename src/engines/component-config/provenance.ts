/** Where a setting really stands: in a file of the node, an argument of a process, a default. */
import type { Origin } from '../../snapshot/index.ts';

/** What a person can look at. `path` is inside of it: a field, `argv[3]`, `mode`. */
export interface Source {
  readonly origin: Origin;
  readonly path: string;
  /** What stands there, where that is written otherwise than it is told: a field of a file that is told as a flag. */
  readonly value?: unknown;
}

/** A file of the node, with its text where lines are to be shown. */
export function fileOrigin(node: string, path: string, text?: string): Origin {
  const origin: Origin = { source: `${node}:${path}`, line: 1, format: /^\s*\{/.test(text ?? '') ? 'json' : 'yaml', prefix: [] };
  if (text !== undefined) origin.text = text;
  return origin;
}

/** Finds the source of the field of an object that was put together from several. */
export type Locate = (path: string) => Source;

/** Each field with where it came from; what lies below a field came from there too. */
export class Provenance {
  readonly #base: Origin;
  readonly #fields = new Map<string, Source>();

  /** `base` holds what nothing else sets, and is where a missing field would be set. */
  constructor(base: Origin) {
    this.#base = base;
  }

  set(path: string, source: Source): void {
    // What is set as a whole takes the place of its parts.
    for (const known of this.#fields.keys()) if (isBelow(known, path)) this.#fields.delete(known);
    this.#fields.set(path, source);
  }

  readonly locate: Locate = (path) => {
    for (let at = path; at !== ''; at = parentOf(at)) {
      const source = this.#fields.get(at);
      if (source === undefined) continue;
      const rest = path.slice(at.length);
      return source.origin.text === undefined ? source : { origin: source.origin, path: source.path + rest };
    }
    // Of a process it can only be said that none of its arguments sets the field.
    return { origin: this.#base, path: this.#base.text === undefined ? 'argv' : path };
  };
}

function isBelow(path: string, other: string): boolean {
  return path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.'), path.lastIndexOf('[')));
}
