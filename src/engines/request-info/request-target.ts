/**
 * The path and the query of an HTTP request line, taken apart as Go's net/url does it for a server
 * (`ParseRequestURI`, `ParseQuery`): that is what the API server sees, and it is not what a browser's URL would make of
 * the same text. `%2F` becomes a slash of the path, `//` and `..` stay, and a pair with a semicolon is dropped.
 */
export interface RequestTarget {
  /** Decoded. */
  readonly path: string;
  /** Values of each parameter in their order. */
  readonly query: ReadonlyMap<string, readonly string[]>;
}

/** Undefined where the server answers 400 without looking further. */
export function parseTarget(url: string): RequestTarget | undefined {
  if (hasControls(url)) return undefined;
  if (url === '') return { path: '', query: new Map() };
  const { absolute, rest } = withoutOrigin(url);
  if (!absolute && rest !== '*' && !rest.startsWith('/')) return undefined;
  const cut = rest.indexOf('?');
  const raw = cut < 0 ? rest : rest.slice(0, cut);
  // Behind a scheme what does not begin with a slash is no path.
  const path = absolute && !raw.startsWith('/') ? '' : unescape(raw);
  return path === undefined ? undefined : { path, query: parseQuery(cut < 0 ? '' : rest.slice(cut + 1)) };
}

/** A proxy may send the whole address in the request line. */
function withoutOrigin(url: string): { absolute: boolean; rest: string } {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(url)?.[0];
  if (scheme === undefined) return { absolute: false, rest: url };
  return { absolute: true, rest: url.slice(scheme.length).replace(/^\/\/[^/?]*/, '') };
}

/** With more pairs than this Go reads none of them. */
const MOST_PAIRS = 10_000;

function parseQuery(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  const pairs = text.split('&');
  if (pairs.length > MOST_PAIRS) return query;
  for (const pair of pairs) {
    if (pair === '' || pair.includes(';')) continue;
    const cut = pair.indexOf('=');
    const key = unescape((cut < 0 ? pair : pair.slice(0, cut)).replaceAll('+', ' '));
    const value = unescape((cut < 0 ? '' : pair.slice(cut + 1)).replaceAll('+', ' '));
    if (key === undefined || value === undefined) continue;
    const values = query.get(key);
    if (values === undefined) query.set(key, [value]);
    else values.push(value);
  }
  return query;
}

/** Percent escapes resolved; undefined where one is broken. Bytes that are no UTF-8 become replacement characters. */
function unescape(text: string): string | undefined {
  if (!text.includes('%')) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

function hasControls(url: string): boolean {
  for (let at = 0; at < url.length; at += 1) {
    const code = url.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
