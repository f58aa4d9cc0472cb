/**
 * From which key of its values a chart takes a field of an object, where the text of the template says so plainly. Values
 * are not edited: other templates may take the same key, and what the chart would make then only Helm knows.
 */
import { pointerSegments } from '../../lib/json-patch.ts';
import type { Patch } from '../../rules/index.ts';

/** `{{ .Values.a.b }}`, `{{- .Values.a.b | quote }}`, `{{ toYaml .Values.a | nindent 8 }}`: with what comes before the key. */
const TAKES = /^\{\{-?\s*(toYaml\s+)?\.Values\.([\w.]+)\s*(?:\|\s*(?:quote|squote|toYaml|n?indent\s+\d+)\s*)*-?\}\}$/;
const TAKES_WHAT_IS_WITH = /^\{\{-?\s*toYaml\s+\.\s*\|\s*n?indent\s+\d+\s*-?\}\}$/;
const WITH = /^\{\{-?\s*with\s+\.Values\.([\w.]+)\s*-?\}\}$/;

/** What to do to the values, as `set securityContext.privileged to false`; undefined where it is not plain for all of the patch. */
export function changeOfValues(template: string, { patch }: Pick<Patch, 'patch'>): string | undefined {
  const parts: string[] = [];
  for (const { op, path, value } of patch) {
    if (op === 'test') continue;
    const key = valuesKeyOf(template, pointerSegments(path) ?? []);
    if (key === undefined) return undefined;
    const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    parts.push(op === 'remove' ? `take away ${key}` : isScalar ? `set ${key} to ${JSON.stringify(value)}` : `change ${key}`);
  }
  return parts.length === 0 ? undefined : parts.join(' and ');
}

/** The nearest field above it that the template writes, and what is below that. */
function valuesKeyOf(template: string, segments: readonly string[]): string | undefined {
  const lines = template.split('\n').map((line) => line.trim());
  for (let depth = segments.length - 1; depth >= 0; depth -= 1) {
    const name = segments[depth] ?? '';
    if (/^(\d+|-)$/.test(name)) continue;
    const found = lines.flatMap((line, index) => (line.replace(/^- /, '').startsWith(`${name}:`) ? [index] : []));
    const [at, ...more] = found;
    if (at === undefined) continue;
    // Which of several is meant the text does not say.
    if (more.length > 0) return undefined;
    const key = takenAt(lines, at, name);
    const below = segments.slice(depth + 1);
    return key === undefined || (below.length > 0 && !key.isWhole) ? undefined : [key.name, ...below].reduce(joined);
  }
  return undefined;
}

function takenAt(lines: readonly string[], at: number, name: string): { name: string; isWhole: boolean } | undefined {
  const rest = (lines[at] ?? '')
    .replace(/^- /, '')
    .slice(name.length + 1)
    .trim();
  const text = rest === '' ? (lines[at + 1] ?? '') : rest;
  const [, whole, key] = TAKES.exec(text) ?? [];
  if (key !== undefined) return { name: key, isWhole: whole !== undefined || text.includes('| toYaml') };
  const [, given] = WITH.exec(lines[at - 1] ?? '') ?? [];
  return given !== undefined && TAKES_WHAT_IS_WITH.test(text) ? { name: given, isWhole: true } : undefined;
}

function joined(key: string, segment: string): string {
  return /^\d+$/.test(segment) ? `${key}[${segment}]` : `${key}.${segment}`;
}
