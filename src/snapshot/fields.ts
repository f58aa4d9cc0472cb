/** Reads the mappings of a JSON file field by field, for files that come from machines in other hands. */
import { CastellanError, type ErrorCode } from '../lib/errors.ts';
import { isDeeper, isRecord } from '../lib/record.ts';
import { type Gap, isGapCode } from './snapshot.ts';

/** Which file it is, for errors. */
export interface FileKind {
  file: string;
  code: ErrorCode;
  /** `node facts` */
  what: string;
}

/** One mapping of the file, with errors that say which field is wrong. */
export class Fields {
  readonly #fields: Record<string, unknown>;
  readonly #file: FileKind;
  readonly #path: string;

  constructor(value: unknown, file: FileKind, path: string) {
    this.#file = file;
    this.#path = path;
    if (!isRecord(value)) throw this.error('');
    this.#fields = value;
  }

  error(field: string): CastellanError {
    const path = [this.#path, field].filter((part) => part !== '').join('.');
    const { file, code, what } = this.#file;
    return new CastellanError(code, `${file}: "${path}" is not what it should be in ${what}`);
  }

  has(field: string): boolean {
    return this.#fields[field] !== undefined;
  }

  text(field: string): string {
    const value = this.#fields[field];
    if (typeof value !== 'string') throw this.error(field);
    return value;
  }

  flag(field: string): boolean {
    const value = this.#fields[field];
    if (typeof value !== 'boolean') throw this.error(field);
    return value;
  }

  count(field: string): number {
    const value = this.#fields[field];
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw this.error(field);
    return value as number;
  }

  one<const T extends string>(field: string, known: readonly T[]): T {
    const value = known.find((each) => each === this.#fields[field]);
    if (value === undefined) throw this.error(field);
    return value;
  }

  strings(field: string): string[] {
    return this.#array(field).map((each, index) => {
      if (typeof each !== 'string') throw this.error(`${field}[${index}]`);
      return each;
    });
  }

  texts(field: string): Record<string, string> {
    const value = this.#fields[field];
    if (!isRecord(value)) throw this.error(field);
    for (const [key, each] of Object.entries(value)) if (typeof each !== 'string') throw this.error(`${field}.${key}`);
    return value as Record<string, string>;
  }

  /** One of any fields, which holds nothing that lies deeper than `deepest` in it. */
  mapping(field: string, deepest: number): Readonly<Record<string, unknown>> {
    const value = this.#fields[field];
    if (!isRecord(value) || isDeeper(value, deepest)) throw this.error(field);
    return value;
  }

  child(field: string): Fields {
    return new Fields(this.#fields[field], this.#file, this.#path === '' ? field : `${this.#path}.${field}`);
  }

  list<T>(field: string, element: (entry: Fields) => T): T[] {
    return this.#array(field).map((each, index) =>
      element(new Fields(each, this.#file, `${this.#path === '' ? '' : `${this.#path}.`}${field}[${index}]`)),
    );
  }

  #array(field: string): unknown[] {
    const value = this.#fields[field];
    if (!Array.isArray(value)) throw this.error(field);
    return value as unknown[];
  }
}

export function gapOf(entry: Fields): Gap {
  const code = entry.text('code');
  if (!isGapCode(code)) throw entry.error('code');
  return { scope: entry.text('scope'), code, reason: entry.text('reason'), effect: entry.text('effect') };
}
