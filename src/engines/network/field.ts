/** Untrusted objects, read field by field: each knows its path, so that what is wrong is told of the field itself. */
import { joinPath } from '../../lib/field-path.ts';
import { nearestOf } from '../../lib/near.ts';
import { isRecord } from '../../lib/record.ts';
import { DIRECTIONS, type Problem } from './policy.ts';

/** What is found wrong with one object. */
export class Report {
  readonly problems: Problem[] = [];
  readonly #object: number;
  readonly #ref: string;

  constructor(object: number, ref: string) {
    this.#object = object;
    this.#ref = ref;
  }

  add({ path, ...rest }: { category: string; path: string; message: string; refused: boolean }): void {
    this.problems.push({ object: this.#object, ref: this.#ref, path, ...rest, ...placeIn(path) });
  }

  get refused(): boolean {
    return this.problems.some(({ refused }) => refused);
  }
}

const PLACE = /^spec\.(ingress|egress)\[(\d+)\](?:\.(?:from|to)\[(\d+)\])?/;

/** Direction, rule and peer that a path leads to, counted from 1. */
export function placeIn(path: string): Pick<Problem, 'direction' | 'rule' | 'peer'> {
  const [, name, rule, peer] = PLACE.exec(path) ?? [];
  const direction = DIRECTIONS.find((one) => one === name);
  if (direction === undefined) return {};
  return { direction, rule: Number(rule) + 1, ...(peer !== undefined && { peer: Number(peer) + 1 }) };
}

/** Of the problem that something stands where the server does not look. */
export const UNKNOWN_FIELD = 'field-unknown';

export class Field {
  readonly value: unknown;
  readonly path: string;
  readonly report: Report;

  constructor(value: unknown, path: string, report: Report) {
    this.value = value;
    this.path = path;
    this.report = report;
  }

  /** Not there, or null, which is the same to the API wherever nothing else is said. */
  get absent(): boolean {
    return this.value === undefined || this.value === null;
  }

  get(key: string): Field {
    const value = isRecord(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new Field(value, joinPath(this.path, key), this.report);
  }

  /** Of a map, with those that hold null. */
  entries(): Field[] {
    if (this.absent) return [];
    if (!isRecord(this.value)) {
      this.wrong('an object');
      return [];
    }
    return Object.keys(this.value).map((key) => this.get(key));
  }

  /** Which of the named fields hold anything. */
  given(...keys: readonly string[]): Field[] {
    if (!this.absent && !isRecord(this.value)) this.wrong('an object');
    return keys.map((key) => this.get(key)).filter(({ absent }) => !absent);
  }

  /**
   * Tells of every field that is none of these. The server does not keep them, so nothing here may depend on them.
   * `elsewhere` has words that have another name here, which is more than a slip of the finger.
   */
  only(known: readonly string[], elsewhere: Readonly<Record<string, string>> = {}): void {
    if (!isRecord(this.value)) return;
    for (const key of Object.keys(this.value)) {
      if (known.includes(key)) continue;
      const meant = Object.hasOwn(elsewhere, key) ? elsewhere[key] : nearestOf(key, known);
      this.get(key).question(
        UNKNOWN_FIELD,
        `the API has no field ${JSON.stringify(key)} here${meant === undefined ? '' : ` (did you mean "${meant}"?)`}: it refuses the policy, or, asked by clients that do not insist, keeps it without the field, which is how it is judged here`,
      );
    }
  }

  items(): Field[] {
    if (this.absent) return [];
    if (!Array.isArray(this.value)) {
      this.wrong('a list');
      return [];
    }
    return this.value.map((item: unknown, index) => new Field(item, joinPath(this.path, index), this.report));
  }

  text(): string | undefined {
    if (this.absent) return undefined;
    if (typeof this.value === 'string') return this.value;
    this.wrong('a text');
    return undefined;
  }

  integer(): number | undefined {
    if (this.absent) return undefined;
    if (typeof this.value === 'number' && Number.isSafeInteger(this.value)) return this.value;
    this.wrong('a whole number');
    return undefined;
  }

  /** The server does not take the object because of this field. */
  refuse(category: string, message: string): void {
    this.report.add({ category, path: this.path, message, refused: true });
  }

  /** It may be refused or not, or mean something else than it seems to. */
  question(category: string, message: string): void {
    this.report.add({ category, path: this.path, message, refused: false });
  }

  wrong(expected: string): void {
    this.refuse('field-type-wrong', `${shown(this.value)} is not ${expected}`);
  }
}

/** Of a value that is not even of the right type, more than this tells nothing. */
const LONGEST_SHOWN = 60;

export function shown(value: unknown): string {
  if (Array.isArray(value) && value.length > 0) return 'a list';
  if (isRecord(value) && Object.keys(value).length > 0) return 'an object';
  const text = JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
