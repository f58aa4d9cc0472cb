/** Names of hosts as Gateway API compares those of listeners and of routes; `*.` stands for one label or more. */

/** What both let through, the narrower of each two; [] is any name, undefined where they have none in common. */
export function commonHosts(listener: string, routes: readonly string[]): string[] | undefined {
  if (routes.length === 0) return listener === '' ? [] : [listener];
  const common = listener === '' ? [...routes] : routes.flatMap((route) => narrower(listener, route) ?? []);
  return common.length === 0 ? undefined : common;
}

function narrower(a: string, b: string): string | undefined {
  if (covers(a, b)) return b;
  return covers(b, a) ? a : undefined;
}

function covers(outer: string, inner: string): boolean {
  const [wide, narrow] = [outer.toLowerCase(), inner.toLowerCase()];
  return wide === narrow || (wide.startsWith('*.') && narrow.replace(/^\*\./, 'x.').endsWith(wide.slice(1)));
}
