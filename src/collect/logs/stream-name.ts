/** The stream that a log file belongs to, by its name: rotated logs stand beside the one that is written. */
import { basename, dirname, join } from 'node:path';

/** What log rotation puts into names: a time, a date or a number. */
const ROTATED = [/-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}(\.\d+)?/, /-\d{8}(-\d+)?/, /\.\d{1,4}$/];

export function streamOf(path: string): string {
  if (path === '-') return 'standard input';
  let name = basename(path).replace(/\.(gz|gzip)$/, '');
  for (const pattern of ROTATED) name = name.replace(pattern, '');
  const folder = dirname(path);
  return folder === '.' ? name : join(folder, name);
}
