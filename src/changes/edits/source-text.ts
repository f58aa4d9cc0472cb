/** A file of manifests while it is edited: its documents, each with what was done to it. */
import { CastellanError } from '../../lib/errors.ts';
import { pointerSegments, sameJson } from '../../lib/json-patch.ts';
import { isRecord } from '../../lib/record.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { TextEditFailure, editYaml } from '../../lib/yaml-edit.ts';
import type { Patch } from '../../rules/index.ts';
import type { Origin } from '../../snapshot/index.ts';

interface Part {
  readonly start: number;
  readonly length: number;
  /** Undefined once nothing of it is left. */
  text: string | undefined;
  /** Places of items of Lists that were taken out, as they were before. */
  readonly removed: string[];
}

type Place = Origin['prefix'];

export class SourceText {
  readonly path: string;
  readonly before: string;
  readonly #parts = new Map<number, Part>();

  constructor(path: string, text: string) {
    this.path = path;
    this.before = text;
  }

  /**
   * Edits the object so that it reads as `after`.
   * @throws TextEditFailure where the text cannot be edited so, and CAS_CHANGED where it is not what was read
   */
  edit(origin: Origin, { patch }: Pick<Patch, 'patch'>, after: Readonly<Record<string, unknown>>): void {
    const part = this.#part(origin);
    const root = placeNow(origin.prefix, part.removed);
    const text = editYaml(part.text ?? '', { document: 0, root, patch });
    // What is written is read again: a text may say another thing than it seems to.
    if (!sameJson(valueAt(text, root), after)) throw new TextEditFailure('the edited text would not say what the change does');
    part.text = text;
  }

  /** Takes the object out; with the last one its document goes. */
  remove(origin: Origin): void {
    const part = this.#part(origin);
    const root = placeNow(origin.prefix, part.removed);
    const index = root.at(-1);
    if (index === undefined) {
      part.text = headOf(part);
      return;
    }
    const list = root.slice(0, -1);
    const items = valueAt(part.text ?? '', list);
    if (Array.isArray(items) && items.length === 1 && list.length === 1) {
      part.text = headOf(part);
      return;
    }
    part.text = editYaml(part.text ?? '', { document: 0, root: list, patch: [{ op: 'remove', path: `/${index}` }] });
    part.removed.push(JSON.stringify(origin.prefix));
  }

  /** Undefined where nothing is left but comments. */
  get after(): string | undefined {
    const parts = [...this.#parts.values()].toSorted((a, b) => a.start - b.start);
    let text = '';
    let at = 0;
    for (const { start, length, text: edited } of parts) {
      text += this.before.slice(at, start) + (edited ?? '');
      at = start + length;
    }
    text += this.before.slice(at);
    return hasContent(text) ? text : undefined;
  }

  #part(origin: Origin): Part {
    const known = this.#parts.get(origin.line);
    if (known !== undefined) return known;
    const start = offsetOf(this.before, origin.line);
    const { text = '' } = origin;
    if (start === undefined || this.before.slice(start, start + text.length) !== text)
      throw new CastellanError('CAS_CHANGED', `${this.path} is not what it was when it was read`);
    const part: Part = { start, length: text.length, text, removed: [] };
    this.#parts.set(origin.line, part);
    return part;
  }
}

/** The comment at the beginning of a file is rather about the file than about its first object. */
function headOf({ start, text = '' }: Part): string | undefined {
  return start === 0 ? /^(?:[ \t]*#[^\n]*\n)+/.exec(text)?.[0] : undefined;
}

function hasContent(text: string): boolean {
  return text.split('\n').some((line) => !/^\s*(#.*)?$/.test(line) && !/^(---|\.\.\.)\s*(#.*)?$/.test(line));
}

function offsetOf(text: string, line: number): number | undefined {
  let offset = 0;
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', offset);
    if (end < 0) return undefined;
    offset = end + 1;
  }
  return offset;
}

/** Where an item of a List stands when others before it are gone. */
function placeNow(place: Place, removed: readonly string[]): Place {
  const gone = removed.map((text) => JSON.parse(text) as Place);
  return place.map((segment, depth) => {
    if (typeof segment !== 'number') return segment;
    const before = gone.filter((other) => {
      const at = other[depth];
      const isBeside = other.length === depth + 1 && other.slice(0, depth).every((each, index) => each === place[index]);
      return isBeside && typeof at === 'number' && at < segment;
    });
    return segment - before.length;
  });
}

function valueAt(text: string, place: Place): unknown {
  const parsed = parseYaml(text, true);
  if ('error' in parsed) throw new TextEditFailure(`the edited text could not be read: ${parsed.error.reason}`);
  let value = parsed.value;
  for (const segment of place) {
    if (Array.isArray(value)) value = (value as unknown[])[Number(segment)];
    else value = isRecord(value) ? value[String(segment)] : undefined;
  }
  return value;
}

/** Whether a patch replaces the object as a whole, which no edit of a text can do and keep its layout. */
export function isWhole({ patch }: Pick<Patch, 'patch'>): boolean {
  return patch.some(({ op, path }) => op !== 'test' && pointerSegments(path)?.length === 0);
}
