/** Values of flags, read as the components read them (Go's strconv and time, pflag, component-base). */

/** strconv.ParseBool */
export function parseBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return undefined;
}

export function parseInteger(text: string): number | undefined {
  return /^[-+]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const UNITS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** time.ParseDuration, in seconds; undefined where Go refuses the text. */
export function parseDuration(text: string): number | undefined {
  const match = /^([-+]?)((?:\d+(?:\.\d*)?(?:ns|us|\u00b5s|ms|s|m|h))+|0)$/.exec(text);
  if (match === null) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of (match[2] ?? '').matchAll(/([\d.]+)(ns|us|\u00b5s|ms|s|m|h)/g)) {
    seconds += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  }
  return match[1] === '-' ? -seconds : seconds;
}

/** The items of a comma list; quotes around an item fall away, as in pflag's StringSlice. */
export function parseList(text: string): string[] {
  return text
    .split(',')
    .map((item) => unquote(item.trim()))
    .filter((item) => item !== '');
}

/** `A=true,kube:B=false` as gates and their state; items without a boolean are left out. */
export function parseFeatureGates(text: string): Map<string, boolean> {
  const gates = new Map<string, boolean>();
  for (const item of parseList(text)) {
    const equals = item.indexOf('=');
    const state = equals < 0 ? undefined : parseBoolean(item.slice(equals + 1).trim());
    const name = item.slice(0, Math.max(equals, 0)).trim();
    if (state !== undefined) gates.set(name.slice(name.indexOf(':') + 1), state);
  }
  return gates;
}

/** Quotes that a manifest passes on literally and that the author meant for a shell. */
export function unquote(text: string): string {
  const quote = text.charAt(0);
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

/** Whether `host`, `host:port` or `[host]:port` is reached from the node itself only. */
export function isLoopback(address: string): boolean {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(address)?.[1];
  if (bracketed !== undefined) return LOOPBACK.test(bracketed);
  return LOOPBACK.test(address) || LOOPBACK.test(address.replace(/:\d*$/, ''));
}
