/** Roles and bindings as YAML, above each rule what it was seen being used for. */
import { plural } from '../../lib/terminal.ts';
import { yamlOf } from '../network-policies/write-yaml.ts';
import { rightText } from '../requests/lost.ts';
import type { LeastRights } from './generate.ts';
import type { Need } from './needs.ts';
import type { GeneratedRole } from './new-roles.ts';

/** Of one rule or list: the rest is in the JSON. */
const MOST_SHOWN = 12;

export function writeRoles({ roles, bindings }: Pick<LeastRights, 'roles' | 'bindings'>): string {
  return [...roles.map(roleText), ...bindings.map((object) => yamlOf(object, new Map()))].join('---\n');
}

function roleText({ object, holders, rules, dropped, notes }: GeneratedRole): string {
  const comments = new Map<string, string[]>();
  const head = [`For ${holders.join(', ')}`, ...notes];
  if (dropped.length > 0)
    head.push(`Not used, and gone (${plural(dropped.length, 'right')}):`, ...shortened(dropped).map((line) => `  ${line}`));
  comments.set('', head);
  for (const [index, { needs }] of rules.entries()) comments.set(`rules[${index}]`, shortened(needs.map((need) => needText(need))));
  return yamlOf(object, comments);
}

/** `list pods: 1204 requests, 2026-03-01 to 2026-03-21`. */
export function needText(need: Need): string {
  const { goesWith, seen, names = [] } = need;
  const what = rightText({ ...need, names });
  if (goesWith !== undefined) return `${what}: not seen, goes with ${goesWith}`;
  const [first, last] = [dayOf(seen.first), dayOf(seen.last)];
  return `${what}: ${plural(seen.count, 'request')}, ${first === last ? `on ${first}` : `${first} to ${last}`}`;
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

function shortened(lines: readonly string[]): string[] {
  if (lines.length <= MOST_SHOWN) return [...lines];
  return [...lines.slice(0, MOST_SHOWN), `and ${lines.length - MOST_SHOWN} more`];
}
