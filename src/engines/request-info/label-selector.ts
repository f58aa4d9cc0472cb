/**
 * Whether the API server can read a label selector (`app in (a,b),!canary,tier=web`); k8s.io/apimachinery/pkg/labels.
 * It matters here because a list request whose selector cannot be read loses the name in its field selector as well.
 */
type Token = { readonly kind: 'end' } | { readonly kind: 'symbol' | 'word'; readonly text: string };

const SPECIAL = '=!(),><';
const SPACE = ' \t\r\n';
const SYMBOLS = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);

export function isLabelSelector(text: string): boolean {
  const tokens = tokensOf(text);
  if (tokens[0]?.kind === 'end') return true;
  let at = 0;
  for (;;) {
    const next = requirementEnd(tokens, at);
    if (next === undefined) return false;
    const after = tokens[next];
    if (after?.kind === 'end') return true;
    if (!isSymbol(after, ',')) return false;
    at = next + 1;
  }
}

/** Where the requirement that begins at `at` ends, or undefined where it is none. */
function requirementEnd(tokens: readonly Token[], at: number): number | undefined {
  const negated = isSymbol(tokens[at], '!');
  const keyAt = negated ? at + 1 : at;
  const key = wordAt(tokens, keyAt);
  if (key === undefined || !isLabelKey(key)) return undefined;
  const operator = tokens[keyAt + 1];
  if (negated || operator === undefined || operator.kind === 'end' || operator.text === ',') return keyAt + 1;
  if (operator.text === 'in' || operator.text === 'notin') return setEnd(tokens, keyAt + 2);
  if (operator.kind !== 'symbol' || !['=', '==', '!=', '>', '<'].includes(operator.text)) return undefined;
  const following = tokens[keyAt + 2];
  const empty = following?.kind === 'end' || isSymbol(following, ',');
  const value = empty ? '' : wordAt(tokens, keyAt + 2);
  if (value === undefined || !isLabelValue(value)) return undefined;
  if ((operator.text === '>' || operator.text === '<') && !isInt64(value)) return undefined;
  return empty ? keyAt + 2 : keyAt + 3;
}

/** `(a,b,,)`: words with commas between, each of which may be missing. */
function setEnd(tokens: readonly Token[], at: number): number | undefined {
  if (!isSymbol(tokens[at], '(')) return undefined;
  let wordAllowed = true;
  for (let index = at + 1; ; index += 1) {
    const token = tokens[index];
    if (isSymbol(token, ')')) return index + 1;
    if (isSymbol(token, ',')) wordAllowed = true;
    else if (token?.kind === 'word' && wordAllowed && isLabelValue(token.text)) wordAllowed = false;
    else return undefined;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && SPACE.includes(text.charAt(at))) at += 1;
    // A zero byte ends the text for upstream's scanner.
    if (at >= text.length || text[at] === '\0') return [...tokens, { kind: 'end' }];
    if (SPECIAL.includes(text.charAt(at))) {
      const length = SYMBOLS.has(text.slice(at, at + 2)) ? 2 : 1;
      tokens.push({ kind: 'symbol', text: text.slice(at, at + length) });
      at += length;
    } else {
      const start = at;
      while (at < text.length && text[at] !== '\0' && !SPECIAL.includes(text.charAt(at)) && !SPACE.includes(text.charAt(at))) at += 1;
      tokens.push({ kind: 'word', text: text.slice(start, at) });
      if (text[at] === '\0') at += 1;
    }
  }
}

function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

function wordAt(tokens: readonly Token[], at: number): string | undefined {
  const token = tokens[at];
  return token?.kind === 'word' ? token.text : undefined;
}

const NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function isLabelKey(key: string): boolean {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2 || name.length > 63 || !NAME.test(name)) return false;
  const prefix = parts.length === 2 ? parts[0] : undefined;
  return prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix));
}

function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= 63 && NAME.test(value));
}

/** What Go's strconv.ParseInt takes: decimal, 64 bits. */
export function isInt64(text: string): boolean {
  if (!/^[+-]?\d+$/.test(text) || text.length > 400) return false;
  return BigInt.asIntN(64, BigInt(text.replace(/^\+/, ''))) === BigInt(text.replace(/^\+/, ''));
}
