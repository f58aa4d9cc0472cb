/**
 * Shapes of API objects: one description gives the TypeScript type and the check of untrusted data against it.
 *
 * Every field is optional, as in the API's own types. `conform` returns the value itself when it fits, else a
 * copy in which fields of a wrong type are mended or left out, so that whoever reads a conformed value may trust
 * its types. Fields that a shape does not name are kept untouched and untyped.
 */
import { type PathSegment, joinPath } from '../lib/field-path.ts';
import { isRecord } from '../lib/record.ts';

export { isRecord };

type Scalar = 'string' | 'boolean' | 'integer' | 'quantity' | 'intOrString' | 'any';
export type Shape = Scalar | ListShape | MapShape | ObjectShape;
interface ListShape {
  readonly list: Shape;
}
interface MapShape {
  readonly map: Shape;
}
interface ObjectShape {
  readonly fields: Readonly<Record<string, Shape>>;
}

export type Infer<S> = S extends 'string'
  ? string
  : S extends 'boolean'
    ? boolean
    : S extends 'integer'
      ? number
      : S extends 'quantity' | 'intOrString'
        ? string | number
        : S extends { readonly list: infer E }
          ? readonly Infer<E>[]
          : S extends { readonly map: infer V }
            ? Readonly<Record<string, Infer<V>>>
            : S extends { readonly fields: infer F }
              ? { readonly [K in keyof F]?: Infer<F[K]> }
              : unknown;

export function object<const F extends Readonly<Record<string, Shape>>>(fields: F): { readonly fields: F } {
  return { fields };
}
export function list<const E extends Shape>(element: E): { readonly list: E } {
  return { list: element };
}
export function mapOf<const V extends Shape>(value: V): { readonly map: V } {
  return { map: value };
}

/** A field whose type the API server would refuse. */
export interface Misfit {
  path: string;
  expected: string;
  value: unknown;
}

/** At most this many misfits are told of one object; a hostile one could have millions. */
const MOST_MISFITS = 20;

/**
 * `value` with every field that `shape` names holding its type. Nulls count as absent, as in the API.
 * Scalars that say what they mean in another type (`"true"`, `8080` for a string) are converted, since the
 * judgement should follow the intent; each is told in `misfits` all the same.
 */
export function conform<S extends Shape>(value: unknown, shape: S, misfits: Misfit[]): Infer<S> {
  return conformTo(value, shape, misfits) as Infer<S>;
}

/** As `conform`, for a shape that is known only at run time. */
export function conformTo(value: unknown, shape: Shape, misfits: Misfit[]): unknown {
  return new Conformer(misfits).conform(value, shape);
}

class Conformer {
  readonly #misfits: Misfit[];
  /** Segments of the field that is looked at; a path is only written out for a misfit. */
  readonly #at: PathSegment[] = [];

  constructor(misfits: Misfit[]) {
    this.#misfits = misfits;
  }

  conform(value: unknown, shape: Shape): unknown {
    if (typeof shape === 'string') return this.#scalar(value, shape);
    if ('fields' in shape) return this.#object(value, shape);
    if ('list' in shape) return this.#list(value, shape);
    return this.#map(value, shape);
  }

  #object(value: unknown, shape: ObjectShape): unknown {
    if (!isRecord(value)) return this.#wrong(value, 'object');
    let copy: Record<string, unknown> | undefined;
    for (const key in value) {
      const fieldShape = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
      if (fieldShape === undefined) continue;
      const before = value[key];
      if (fits(before, fieldShape)) continue;
      const after = before === null ? undefined : this.#below(key, before, fieldShape);
      if (!Object.is(after, before)) {
        copy ??= { ...value };
        if (after === undefined) delete copy[key];
        else copy[key] = after;
      }
    }
    return copy ?? value;
  }

  #list(value: unknown, shape: ListShape): unknown {
    if (!Array.isArray(value)) return this.#wrong(value, 'list');
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index += 1) {
      const before: unknown = value[index];
      if (fits(before, shape.list)) continue;
      // An element is never dropped: later indexes must stay what they are in the source.
      const after = this.#below(index, before, shape.list) ?? emptyOf(shape.list);
      if (!Object.is(after, before)) {
        copy ??= [...(value as unknown[])];
        copy[index] = after;
      }
    }
    return copy ?? value;
  }

  #map(value: unknown, shape: MapShape): unknown {
    if (!isRecord(value)) return this.#wrong(value, 'object');
    let copy: Record<string, unknown> | undefined;
    for (const key in value) {
      const before = value[key];
      if (fits(before, shape.map)) continue;
      const after = before === null ? emptyOf(shape.map) : this.#below(key, before, shape.map);
      if (!Object.is(after, before)) {
        copy ??= { ...value };
        if (after === undefined) delete copy[key];
        else copy[key] = after;
      }
    }
    return copy ?? value;
  }

  #scalar(value: unknown, shape: Scalar): unknown {
    switch (shape) {
      case 'any':
        return value;
      case 'string':
        if (typeof value === 'string') return value;
        this.#wrong(value, shape);
        return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
      case 'boolean':
        if (typeof value === 'boolean') return value;
        this.#wrong(value, shape);
        return value === 'true' ? true : value === 'false' ? false : undefined;
      case 'integer':
        if (Number.isSafeInteger(value)) return value;
        this.#wrong(value, shape);
        return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
      default:
        if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return value;
        return this.#wrong(value, shape === 'quantity' ? 'quantity' : 'integer or string');
    }
  }

  #below(segment: PathSegment, value: unknown, shape: Shape): unknown {
    this.#at.push(segment);
    const conformed = this.conform(value, shape);
    this.#at.pop();
    return conformed;
  }

  #wrong(value: unknown, expected: string): undefined {
    if (value !== null && this.#misfits.length < MOST_MISFITS) {
      this.#misfits.push({ path: this.#at.reduce<string>(joinPath, ''), expected, value });
    }
    return undefined;
  }
}

/** The common case without a call for each scalar. */
function fits(value: unknown, shape: Shape): boolean {
  return typeof value === shape && typeof value !== 'object';
}

function emptyOf(shape: Shape): unknown {
  if (typeof shape !== 'string') return 'list' in shape ? [] : {};
  return shape === 'string' || shape === 'quantity' || shape === 'intOrString'
    ? ''
    : shape === 'boolean'
      ? false
      : shape === 'integer'
        ? 0
        : undefined;
}
