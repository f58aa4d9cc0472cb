/**
 * From which keys of its values a chart takes the fields that a patch changes, where the text of the template says so
 * plainly, and what to do to the values for that.
 */
import { type PatchOperation, pointerSegments } from '../../lib/json-patch.ts';
import { isRecord } from '../../lib/record.ts';
import type { Patch } from '../../rules/index.ts';
import type { TemplateDocument, TemplateField } from './template-fields.ts';

/** One operation of a patch as it is done to the values. */
export interface ValueChange {
  readonly op: 'set' | 'remove';
  /** Keys and indexes. */
  readonly key: readonly string[];
  readonly value?: unknown;
  /** Where the field stands in the object. */
  readonly field: readonly string[];
}

export interface ValueChanges {
  readonly changes: readonly ValueChange[];
  /** Whether the template always writes the fields, each once and at this place: then nothing has to be tried. */
  readonly isPlain: boolean;
}

/** `{{ .Values.a.b }}`, `{{ .Values.a.b | quote }}`, `{{- toYaml $.Values.a | nindent 8 }}`. */
const TAKES = /^\{\{-?\s*(toYaml\s+)?\$?\.Values\.([\w.]+)\s*((?:\|\s*(?:quote|squote|toYaml|n?indent\s+\d+)\s*)*)-?\}\}$/;
const TAKES_WHAT_IS_WITH = /^\{\{-?\s*toYaml\s+\.\s*\|\s*n?indent\s+\d+\s*-?\}\}$/;
const VALUES = /^\$?\.Values\.([\w.]+)$/;

/** Undefined where it is not plain for all of the patch. */
export function changesOfValues(document: TemplateDocument, { patch }: Pick<Patch, 'patch'>): ValueChanges | undefined {
  const changes: ValueChange[] = [];
  let isPlain = true;
  for (const operation of patch) {
    if (operation.op === 'test') continue;
    const field = pointerSegments(operation.path) ?? [];
    const taken = takenFor(document, field, operation);
    if (taken === undefined) return undefined;
    isPlain &&= taken.isPlain;
    const { op, value } = operation;
    changes.push({ op: op === 'remove' ? 'remove' : 'set', key: taken.key, field, ...(op !== 'remove' && { value }) });
  }
  return changes.length === 0 ? undefined : { changes, isPlain };
}

/** As a sentence: `set securityContext.privileged to false`. */
export function textOfChanges(changes: readonly ValueChange[]): string {
  return changes
    .map(({ op, key, value }) => {
      const name = key.reduce(joined);
      const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return op === 'remove' ? `take away ${name}` : isScalar ? `set ${name} to ${JSON.stringify(value)}` : `change ${name}`;
    })
    .join(' and ');
}

/** The nearest field at or above it that the template takes from its values, and what is below that. */
function takenFor(
  { fields, unsure }: TemplateDocument,
  segments: readonly string[],
  operation: PatchOperation,
): { key: string[]; isPlain: boolean } | undefined {
  for (let depth = segments.length; depth > 0; depth -= 1) {
    const path = segments.slice(0, depth);
    const [found, more] = fields.filter((field) => isSame(field.path, path));
    if (found === undefined) continue;
    const below = segments.slice(depth);
    const taken = more === undefined ? takenBy(found, below.length > 0, operation) : undefined;
    // A new entry of a list has no number that a mapping of values could have.
    if (taken === undefined || below.includes('-')) return undefined;
    const isUnsure = unsure.some(({ list, from }) => isSame(list, path.slice(0, list.length)) && Number(path[list.length]) >= from);
    return { key: [...taken.split('.'), ...below], isPlain: !found.isConditional && !isUnsure };
  }
  return undefined;
}

/** `isBelow`: whether it is a part of the value that changes. Below a word there is nothing, and what is more than a word has to be written as YAML. */
function takenBy({ value: text, of }: TemplateField, isBelow: boolean, { op, value }: PatchOperation): string | undefined {
  // Without its value the field would still be there, with nothing in it.
  if (op === 'remove' && !isBelow) return undefined;
  const [, toYaml, key, pipes = ''] = TAKES.exec(text) ?? [];
  if (key !== undefined) {
    const isQuoted = /quote/.test(pipes);
    if (toYaml !== undefined || pipes.includes('toYaml')) return isQuoted ? undefined : key;
    return !isBelow && (isQuoted ? typeof value === 'string' : isPlainWord(value)) ? key : undefined;
  }
  const [, given] = VALUES.exec((of ?? '').trim()) ?? [];
  return given !== undefined && (isBelow || isRecord(value)) && TAKES_WHAT_IS_WITH.test(text) ? given : undefined;
}

/** Written as it is, YAML reads it as what it was. */
function isPlainWord(value: unknown): boolean {
  if (typeof value === 'boolean' || typeof value === 'number') return true;
  return typeof value === 'string' && /^[A-Za-z][\w.-]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}

function joined(key: string, segment: string): string {
  return /^\d+$/.test(segment) ? `${key}[${segment}]` : `${key}.${segment}`;
}
