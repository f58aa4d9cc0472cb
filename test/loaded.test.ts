/** What the program of `paths` is made of: rules are half of all text, and one import would bring them all. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../src');
const IMPORT = /^(?:import|export) (?!type )[^;]*?from '(\.[^']+)';|import\('(\.[^']+)'\)/gm;

/** The files that one leads to, by imports of values, whenever they are loaded. */
function filesBehind(start: string): Set<string> {
  const files = new Set([join(SRC, start)]);
  for (const file of files)
    for (const [, now, later] of readFileSync(file, 'utf8').matchAll(IMPORT)) files.add(join(dirname(file), now ?? later ?? ''));
  return new Set([...files].map((file) => relative(SRC, file)));
}

test('paths needs nothing of the rules but what knows add-ons', () => {
  const rules = [...filesBehind('cli/paths.ts')].filter((file) => file.startsWith('rules/') && !file.startsWith('rules/add-ons/'));
  expect(rules).toEqual([]);
});

test('a scan needs all of them', () => {
  expect(filesBehind('cli/scan.ts')).toContain('rules/registry.generated.ts');
});
