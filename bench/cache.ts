/** The folder outside of the repository where peers, generated inputs and results live. It may be deleted at any time. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'castellan-bench');

/** A folder in the cache, made when it is not there. */
export function cacheFolder(...parts: readonly string[]): string {
  const folder = join(ROOT, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
