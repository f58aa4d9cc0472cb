import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';
import { EXAMPLES, withoutExamples } from '../tools/bundle-plugins.ts';

const ROOT = join(import.meta.dirname, '..');
const texts = globSync('src/{rules,graph}/**/*.ts', { cwd: ROOT })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'));

it('what is cut from the programs of one command are examples and nothing else', () => {
  const cut = texts.flatMap((text) => [...text.matchAll(EXAMPLES)].map(([match]) => match));
  expect(cut.length).toBeGreaterThan(350);
  // Each is one property with one function: anything that was cut with it would not be read so.
  const form = /^const x ?= ?\{ ?examples: ?\(\) ?=> ?(?:\(\{|\[)[^]*(?:\}\)|\]) ?\};?\s*$/;
  for (const match of cut) {
    const { code } = transformSync(`const x = {${match}};`, { loader: 'ts', minifyWhitespace: true });
    expect(code).toMatch(form);
    expect(match.match(/^ *examples: /gm)).toHaveLength(1);
    expect(match).not.toMatch(/^export |^const |^function /m);
  }
  const left = texts.map(withoutExamples).join('');
  expect(left.split('examples: undefined as never,\n')).toHaveLength(cut.length + 1);
});
