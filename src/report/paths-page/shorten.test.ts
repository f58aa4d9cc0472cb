/** Names in a box of the page of ways stay apart when they are shortened. */
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { SHORTEN } from './shorten.ts';

function shorten(names: readonly string[], keep: number): string[] {
  const script = `${SHORTEN}\nconst apart = apartIn(names);\nnames.map((name) => shortened(name, keep, apart.get(name)))`;
  return [...(runInNewContext(script, { names, keep }) as string[])];
}

const RULES = ['one', 'two', 'three'].map((name) => `rule 1 of ClusterRole/system:controller-manager by ClusterRoleBinding/team-${name}`);

it.each([
  ['that differ at the end', RULES],
  [
    'that differ in the middle',
    ['aaa', 'bbb', 'abb'].map(
      (name) => `rule 1 of ClusterRole/with-a-long-beginning-${name}-and-a-long-end by ClusterRoleBinding/of-the-same-name`,
    ),
  ],
  [
    'that differ at the beginning',
    ['1', '2', '12'].map((rule) => `rule ${rule} of ClusterRole/system:controller-manager by ClusterRoleBinding/all`),
  ],
])('names %s', (_, names) => {
  for (const keep of [24, 32]) {
    const short = shorten(names, keep);
    expect(new Set(short).size).toBe(names.length);
    for (const text of short) {
      expect(text.length).toBeLessThanOrEqual(keep + 1);
      expect(text).toContain('…');
    }
  }
});

it('names that fit are whole', () => {
  expect(shorten(['account a/x', 'account a/y'], 24)).toEqual(['account a/x', 'account a/y']);
});
