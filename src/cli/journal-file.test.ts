import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newJournalFile } from './journal-file.ts';

const AT = '2026-03-01T10:00:00Z';

let folder: string;
let before: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
  before = process.cwd();
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

describe('the file of an application', () => {
  it('has a name of its own, also of two in one second', () => {
    const names = [newJournalFile(undefined, AT), newJournalFile(undefined, AT)];
    expect(names).toEqual(['castellan-applied-20260301T100000Z.json', 'castellan-applied-20260301T100000Z-2.json']);
    for (const name of names) expect(statSync(name).mode & 0o777).toBe(0o600);
  });

  it('is never that of an earlier one', () => {
    writeFileSync('done.json', 'earlier');
    expect(() => newJournalFile('done.json', AT)).toThrow(expect.objectContaining({ code: 'CAS_USAGE' }));
    expect(readFileSync('done.json', 'utf8')).toBe('earlier');
    expect(() => newJournalFile('none/done.json', AT)).toThrow(expect.objectContaining({ code: 'CAS_WRITE' }));
  });
});
