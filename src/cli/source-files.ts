/** The files that hold the input, as text to edit. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { FileEdit, Files } from '../changes/edits/index.ts';
import { CastellanError } from '../lib/errors.ts';
import type { Base } from '../report/patch/index.ts';

export const SOURCE_FILES: Files = {
  read(path) {
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      const { code = 'error' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new CastellanError('CAS_UNREADABLE', `${path} could not be read (${code})`, { cause: error });
    }
    if (!isUtf8(bytes) || bytes.includes('\uFEFF'))
      throw new CastellanError('CAS_UNREADABLE', `${path} is not plain UTF-8, and is edited in no other encoding`);
    return bytes.toString('utf8');
  },
  folder: '',
};

/** The current folder where all files are in it, else the innermost that has them all. */
export function baseOf(edits: readonly FileEdit[], current = process.cwd()): Base {
  const folders = edits.map(({ path }) => dirname(resolve(path)));
  const holds = (folder: string, one: string): boolean => one === folder || one.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  if (folders.every((one) => holds(current, one))) return { path: current, isCurrent: true };
  let [path = current] = folders;
  while (!folders.every((one) => holds(path, one))) path = dirname(path);
  return { path, isCurrent: false };
}
