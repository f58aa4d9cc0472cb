/** Names in a box of the page of ways stay apart when they are shortened. */
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { SHORTEN } from './shorten.ts';

function shorten(names: readonly string[], most: number): string[] {
  const script = `${SHORTEN}\nconst taken = new Set();\nnames.map((name) => shortened(name, (text) => text.length <= most, taken))`;
  return [...(runInNewContext(script, { names, most }) as string[])];
}

const RULE = 'rule 1 of ClusterRole';

it.each([
  ['at the end', ['one', 'two', 'three'].map((name) => `${RULE}/system:controller-manager by ClusterRoleBinding/team-${name}`)],
  ['in the middle', ['admin', 'edit', 'view'].map((name) => `${RULE}/system:aggregate-to-${name} by ClusterRoleBinding/of-the-same-name`)],
  ['at the beginning', ['1', '2', '12'].map((rule) => `rule ${rule} of ClusterRole/system:controller-manager by ClusterRoleBinding/all`)],
  ['in the verb', ['pods', 'secrets', 'jobs', 'cronjobs'].map((what) => `may create/patch/update ${what} in every namespace`)],
])('names that differ %s', (_, names) => {
  for (const most of [24, 32]) {
    const short = shorten(names, most);
    expect(new Set(short).size).toBe(names.length);
    for (const text of short) expect(text.length).toBeLessThanOrEqual(most);
  }
});

it('names that fit are whole', () => {
  expect(shorten(['account a/x', 'account a/y'], 24)).toEqual(['account a/x', 'account a/y']);
});
