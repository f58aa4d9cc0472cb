/** An absolute path of POSIX without `.`, `..` and repeated slashes; undefined for what is none. Links are not looked at. */
export function absolutePath(path: string): string | undefined {
  if (!path.startsWith('/') || path.includes('\0') || path.length > 4096) return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
