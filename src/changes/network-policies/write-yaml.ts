/** Policies as YAML, with the evidence for each rule above it. */
import { isRecord } from '../../lib/record.ts';
import { printable } from '../../lib/terminal.ts';

/** Lines of comment by the path of what they stand above: `spec.ingress[0]`. */
export type Comments = ReadonlyMap<string, readonly string[]>;

export function yamlOf(value: Readonly<Record<string, unknown>>, comments: Comments): string {
  return [...(comments.get('') ?? []).map((line) => comment('', line)), ...mapping(value, { indent: '', path: '', comments })].join('');
}

interface Place {
  indent: string;
  path: string;
  comments: Comments;
}

function mapping(value: Readonly<Record<string, unknown>>, { indent, path, comments }: Place): string[] {
  return Object.entries(value).flatMap(([key, held]) => {
    const place = { indent, path: path === '' ? key : `${path}.${key}`, comments };
    return [...(comments.get(place.path) ?? []).map((line) => comment(indent, line)), ...field(scalar(key), held, place)];
  });
}

function field(key: string, value: unknown, place: Place): string[] {
  const { indent } = place;
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${indent}${key}: []\n`];
    if (value.every((one) => typeof one === 'string')) return [`${indent}${key}: [${value.map(scalar).join(', ')}]\n`];
    return [
      `${indent}${key}:\n`,
      ...value.flatMap((one: unknown, index) => element(one, { ...place, indent: `${indent}  `, path: `${place.path}[${index}]` })),
    ];
  }
  if (!isRecord(value)) return [`${indent}${key}: ${scalar(value)}\n`];
  if (Object.keys(value).length === 0) return [`${indent}${key}: {}\n`];
  return [`${indent}${key}:\n`, ...mapping(value, { ...place, indent: `${indent}  ` })];
}

function element(value: unknown, place: Place): string[] {
  const above = (place.comments.get(place.path) ?? []).map((line) => comment(place.indent, line));
  if (!isRecord(value)) return [...above, `${place.indent}- ${scalar(value)}\n`];
  const lines = mapping(value, { ...place, indent: `${place.indent}  ` });
  const [first = '{}\n', ...rest] = lines;
  return [...above, `${place.indent}- ${first.trimStart()}`, ...rest];
}

/** What is read comes from the input and may hold anything. */
function comment(indent: string, line: string): string {
  return line === '' ? `${indent}#\n` : `${indent}# ${printable(line)}\n`;
}

const PLAIN = /^[A-Za-z_/][\w./-]*$/;
const WORDS = /^(y|yes|n|no|true|false|on|off|null|~|nan|inf)$/i;

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value);
}
