/** The file that says what was done to a cluster: a new one for each application, and never another's. */
import { closeSync, openSync } from 'node:fs';
import type { Journal } from '../enforce/apply/index.ts';
import { AtomicFile } from '../lib/atomic-file.ts';
import { CastellanError } from '../lib/errors.ts';
import { unwritable } from '../lib/sink.ts';

const MOST_NAMES = 100;

/** Makes the file. Errors: CAS_USAGE where the name is taken, CAS_WRITE. */
export function newJournalFile(named: string | undefined, at: string): string {
  const base = `castellan-applied-${at.replaceAll(/[-:]/g, '')}`;
  const free =
    named === undefined
      ? Array.from({ length: MOST_NAMES }, (_, index) => `${base}${index === 0 ? '' : `-${index + 1}`}.json`).find(isMade)
      : [named].find(isMade);
  if (free === undefined) throw taken(named ?? `${base}.json`);
  return free;
}

export function taken(file: string): CastellanError {
  return new CastellanError('CAS_USAGE', `${file} is there already, and may tell of an earlier application`, {
    remedy: 'Name a file that is not there with --journal.',
  });
}

/** It may hold what was taken out of objects: for nobody else to read. */
export function keeper(file: string): (journal: Journal) => void {
  return (journal) => {
    try {
      const kept = new AtomicFile(file, 0o600);
      kept.write(Buffer.from(`${JSON.stringify(journal, undefined, 2)}\n`));
      kept.close();
      kept.place();
    } catch (error) {
      throw unwritable(file, error);
    }
  };
}

function isMade(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritable(file, error);
  }
}
