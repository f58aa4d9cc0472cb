/** Paths of a node in one spelling, and whether one lies in another. */

/** PATH_MAX of Linux: nothing longer can be mounted. */
const LONGEST_PATH = 4096;

/**
 * The host path in one spelling: absolute, without `.`, `..`, doubled or trailing slashes, drive letters and known
 * links. '' where none is written, or one that no node can have.
 */
export function normalizeHostPath(path: string): string {
  if (path === '' || path.length > LONGEST_PATH) return '';
  const slashed = path.includes('\\') || path.charCodeAt(1) === 58 /* : */ ? windowsPath(path) : path;
  const parts: string[] = [];
  for (const part of slashed.split('/')) {
    if (part === '' || part === '.') continue;
    // The API server refuses `..`; what its author meant is the path as text, before links.
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${withoutLinks(parts).join('/')}`;
}

/** Windows names are not case-sensitive; pipes live beside the drives. */
function windowsPath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .toLowerCase()
    .replace(/^\/\/[.?]\//, '/')
    .replace(/^[a-z]:/, '');
}

/** Links that every Linux node has: `/var/run`, and the root of a process of the node. */
function withoutLinks(parts: readonly string[]): readonly string[] {
  const [first, second, third] = parts;
  if (first === 'var' && second === 'run') return parts.slice(1);
  if (first === 'proc' && third === 'root' && (second === '1' || second === 'self')) return withoutLinks(parts.slice(3));
  return parts;
}

/** Both in one spelling. */
export function isAtOrBelow(path: string, folder: string): boolean {
  if (folder === '/') return true;
  return path.startsWith(folder) && (path.length === folder.length || path.charCodeAt(folder.length) === 47); /* / */
}
