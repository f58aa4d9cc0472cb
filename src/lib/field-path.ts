/**
 * Paths of fields inside an API object, as people write them: `spec.containers[0].securityContext`,
 * `metadata.labels["app.kubernetes.io/name"]`. The empty path is the object itself.
 */
export type PathSegment = string | number;

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;

/** One segment appended to a path, quoted where a plain key could not be read back. */
export function joinPath(path: string, segment: PathSegment): string {
  if (typeof segment === 'number') return `${path}[${segment}]`;
  if (!PLAIN_KEY.test(segment)) return `${path}[${JSON.stringify(segment)}]`;
  return path === '' ? segment : `${path}.${segment}`;
}

/** `prefix` and `path` as one path; either may be empty. */
export function concatPath(prefix: string, path: string): string {
  if (prefix === '') return path;
  return path === '' ? prefix : pathBelow(prefix, path).whole;
}

/** A path that begins at some place. */
export interface PathBelow {
  /** With that of the place before it. */
  readonly whole: string;
  /** Of the path alone. */
  readonly segments: readonly PathSegment[];
}

/** The same few hundred pairs come again in every object, those of one place in a row: they are looked up faster than made. */
export function pathBelow(place: string, path: string): PathBelow {
  if (place !== lastPlace) {
    let known = below.get(place);
    if (known === undefined) {
      if (below.size >= MOST_BELOW) below.clear();
      below.set(place, (known = new Map()));
    }
    lastPlace = place;
    lastBelow = known;
  }
  let known = lastBelow.get(path);
  if (known === undefined) {
    if (lastBelow.size >= MOST_BELOW) lastBelow.clear();
    const whole = place === '' || path === '' ? place + path : join(place, path);
    lastBelow.set(path, (known = { whole, segments: segmentsOf(path) }));
  }
  return known;
}

const below = new Map<string, Map<string, PathBelow>>();
let lastPlace: string | undefined;
let lastBelow = new Map<string, PathBelow>();
const MOST_BELOW = 512;

function join(prefix: string, path: string): string {
  return path.charCodeAt(0) === 91 /* [ */ ? prefix + path : `${prefix}.${path}`;
}

/** The segments of a path. What does not follow the grammar is taken as a plain key: a path never throws. */
export function parsePath(path: string): PathSegment[] {
  const segments: PathSegment[] = [];
  let at = 0;
  while (at < path.length) {
    const char = path.charCodeAt(at);
    if (char === 46 /* . */) {
      at += 1;
    } else if (char === 91 /* [ */) {
      const end = path.charCodeAt(at + 1) === 34 ? closingQuote(path, at + 2) + 1 : path.indexOf(']', at);
      if (end <= at) return [...segments, path.slice(at)];
      segments.push(bracketed(path.slice(at + 1, end)));
      at = end + 1;
    } else {
      let end = at + 1;
      while (end < path.length && path.charCodeAt(end) !== 46 && path.charCodeAt(end) !== 91) end += 1;
      segments.push(asKey(path.slice(at, end)));
      at = end;
    }
  }
  return segments;
}

/** The same text as the engine keeps it for names of properties: in one piece, and looked up in its table once and for all. */
export function asKey(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}

/** RFC 6901 pointer of the same field. */
export function toPointer(segments: readonly PathSegment[]): string {
  let pointer = '';
  for (const segment of segments) {
    pointer +=
      typeof segment === 'number' || !/[~/]/.test(segment) ? `/${segment}` : `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return pointer;
}

/** The value at a path in plain data, or undefined where an ancestor is missing or of another shape. */
export function valueAt(root: unknown, segments: readonly PathSegment[]): unknown {
  let value = root;
  for (let depth = 0; depth < segments.length; depth += 1) {
    if (typeof value !== 'object' || value === null) return undefined;
    const segment = segments[depth] ?? '';
    const next = (value as Record<PathSegment, unknown>)[segment];
    if (next === undefined) return undefined;
    // What plain data inherits: functions, and this one accessor.
    if ((typeof next === 'function' || segment === '__proto__') && !Object.hasOwn(value, segment)) return undefined;
    value = next;
  }
  return value;
}

function bracketed(text: string): PathSegment {
  if (text.startsWith('"')) {
    try {
      return JSON.parse(text) as string;
    } catch {
      return text;
    }
  }
  return /^\d+$/.test(text) ? Number(text) : text;
}

function closingQuote(path: string, from: number): number {
  let at = from;
  while (at < path.length && path.charCodeAt(at) !== 34) at += path.charCodeAt(at) === 92 ? 2 : 1;
  return at < path.length ? at : -2;
}

const parsed = new Map<string, readonly PathSegment[]>();
const MOST_PARSED = 4096;

/** As `parsePath`, remembered: the same few hundred paths are asked for in every object. */
export function segmentsOf(path: string): readonly PathSegment[] {
  let segments = parsed.get(path);
  if (segments !== undefined) return segments;
  segments = parsePath(path);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(path, segments);
  return segments;
}
