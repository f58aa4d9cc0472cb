/**
 * What a scalar without quotes means to kubectl (sigs.k8s.io/yaml and its go-yaml v2): `yes` is true, `0644` is octal,
 * `22:22` is a string.
 */
import { CORE_SCHEMA, boolYaml11Tag, defineScalarTag, intCoreTag, mergeTag } from 'js-yaml';

const INTEGER = 'tag:yaml.org,2002:int';
/** Forms that YAML 1.2 does not know, once the underscores are gone: Go's strconv.ParseInt with base 0 reads them. */
const FORMS: readonly (readonly [form: RegExp, prefix: number, base: number])[] = [
  [/^[-+]?0[0-7]+$/, 1, 8],
  [/^[-+]?0[oO][0-7]+$/, 2, 8],
  [/^[-+]?0[xX][\da-fA-F]+$/, 2, 16],
  [/^[-+]?0[bB][01]+$/, 2, 2],
];
const GROUPED = /^[-+]?\d[\d_]*$/;

const integerTag = defineScalarTag<number>(INTEGER, {
  implicit: true,
  implicitFirstChars: [...'-+0123456789'],
  identify: () => false,
  resolve: (source, isExplicit, tagName) => oldInteger(source) ?? intCoreTag.resolve(source, isExplicit, tagName),
});

function oldInteger(source: string): number | undefined {
  const digits = source.includes('_') ? source.replaceAll('_', '') : source;
  const signed = digits.charCodeAt(0) === 43 || digits.charCodeAt(0) === 45 ? 1 : 0;
  if (digits.charCodeAt(signed) === 48) {
    const form = FORMS.find(([pattern]) => pattern.test(digits));
    if (form !== undefined) return Number.parseInt(digits.slice(signed + form[1]), form[2]) * (digits.startsWith('-') ? -1 : 1);
  }
  return digits !== source && GROUPED.test(source) ? Number(digits) : undefined;
}

export const KUBERNETES_SCHEMA = CORE_SCHEMA.withTags(mergeTag, boolYaml11Tag, integerTag);

/** Numbers come again and again: ports, quantities, versions. */
const resolved = new Map<string, unknown>();
const MOST_RESOLVED = 4096;
const LONGEST_WORD = 5;

/** The value of a scalar without quotes; the schema is asked only where it may be no string. */
export function plainValue(text: string): unknown {
  const code = text.charCodeAt(0);
  if (code > 57 ? text.length > LONGEST_WORD || !mayBeWord(code) : !mayBeNumber(code, text.charCodeAt(1))) return text;
  let value = resolved.get(text);
  if (value === undefined) {
    if (resolved.size >= MOST_RESOLVED) resolved.clear();
    resolved.set(text, (value = KUBERNETES_SCHEMA.resolveImplicitScalarTag(text).value));
  }
  return value;
}

/** Digits, signs and points; but not the dashes of a flag on a command line. */
function mayBeNumber(code: number, next: number): boolean {
  return code >= 48 || ((code === 43 || code === 45 || code === 46) && next !== 45);
}

/** First letters of truth values and nulls. */
function mayBeWord(code: number): boolean {
  switch (code) {
    case 126: // ~
    case 89: // Y
    case 121: // y
    case 78: // N
    case 110: // n
    case 84: // T
    case 116: // t
    case 70: // F
    case 102: // f
    case 79: // O
    case 111: // o
      return true;
    default:
      return false;
  }
}
