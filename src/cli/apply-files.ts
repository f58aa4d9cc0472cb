/** Fixes as edits of files, all of them or none. */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FileEdit, type Files, fileEdits } from '../changes/edits/index.ts';
import { AtomicFile } from '../lib/atomic-file.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout, unwritable } from '../lib/sink.ts';
import { standardError } from '../lib/standard-error.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { diffText } from '../report/patch/index.ts';
import type { ApplyFlags } from './apply.ts';
import type { Chosen } from './chosen-fixes.ts';
import { SOURCE_FILES, baseOf } from './source-files.ts';
import { proofLines } from './proof-lines.ts';

/** Into `files`, or where objects of a cluster come from. */
export function applyToFiles(chosen: Chosen, files: Files, flags: ApplyFlags): number {
  const { edits, unplaced, notes } = fileEdits(chosen.state.objects, [chosen.change], files);
  const [first] = unplaced;
  if (first !== undefined)
    throw new CastellanError('CAS_CHANGE', first.why, {
      remedy: 'Nothing was written. Make this change there, and name other fixes here.',
    });
  const base = baseOf(edits);
  if (flags.dryRun !== true) writeAllFiles(edits);
  stdout.write(diffText(edits, base));
  stdout.end();
  if (flags.quiet === true) return 0;
  const place = base.isCurrent ? '' : ` in ${base.path}`;
  const lines = [
    ...proofLines(chosen),
    ...notes,
    flags.dryRun === true
      ? `nothing was written; without --dry-run ${plural(edits.length, 'file')} would be`
      : `${plural(edits.length, 'file')} written; to take it back, keep what is on standard output: git apply -R FILE${place}`,
  ];
  for (const line of lines) standardError.write(`castellan: ${lineStart(printable(line))}\n`);
  return 0;
}

function writeAllFiles(edits: readonly FileEdit[]): void {
  const written: { path: string; file: AtomicFile }[] = [];
  const done: FileEdit[] = [];
  try {
    for (const { path, after } of edits) if (after !== undefined) written.push({ path, file: opened(path, after) });
    // The last look before anything is replaced.
    for (const { path, before } of edits)
      if (SOURCE_FILES.read(path) !== before) throw new CastellanError('CAS_CHANGED', `${path} is not what it was when it was read`);
    for (const edit of edits) {
      done.push(edit);
      if (edit.after === undefined) rmSync(edit.path);
      else written.find(({ path }) => path === edit.path)?.file.place();
    }
  } catch (error) {
    for (const { file } of written) file.abandon();
    for (const { path, before } of done.slice(0, -1)) restored(path, before);
    throw error instanceof CastellanError ? error : unwritable(done.at(-1)?.path ?? '', error);
  }
}

function opened(path: string, text: string): AtomicFile {
  let file: AtomicFile | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    file = new AtomicFile(path);
    file.write(Buffer.from(text, 'utf8'));
    file.close();
    return file;
  } catch (error) {
    file?.abandon();
    throw unwritable(path, error);
  }
}

function restored(path: string, before: string | undefined): void {
  if (before === undefined) rmSync(path, { force: true });
  else opened(path, before).place();
}
