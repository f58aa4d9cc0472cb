/** A file that a flag names. */
import { readFileSync } from 'node:fs';
import { CastellanError } from '../lib/errors.ts';

/** @throws CAS_NOT_FOUND, CAS_UNREADABLE */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR')
      throw new CastellanError('CAS_UNREADABLE', `${path} is a folder, and a file is wanted`, {
        cause: error,
        remedy: 'Name the file itself.',
      });
    throw new CastellanError(code === 'ENOENT' ? 'CAS_NOT_FOUND' : 'CAS_UNREADABLE', `${path} could not be read (${code})`, {
      cause: error,
    });
  }
}
