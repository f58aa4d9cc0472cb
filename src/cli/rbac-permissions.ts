/** `castellan rbac permissions`: everything that one user may do, for people to read. */
import { type Permission, type Right, type Through, type User, permissionsOf } from '../engines/rbac/index.ts';
import { stdout } from '../lib/sink.ts';
import { lineStart, printable } from '../lib/terminal.ts';
import { bypassOf, bypassText } from './rbac-authorizers.ts';
import { type RbacFlags, askedUser, rbacFormat, readRbac, userText } from './rbac-input.ts';

/** Bindings by which Kubernetes tells everybody its version and what it serves; shown last and in one line. */
const EVERYBODY = new Set(['system:basic-user', 'system:discovery', 'system:public-info-viewer']);

export async function runRbacPermissions(paths: readonly string[], flags: RbacFlags): Promise<number> {
  const format = rbacFormat('permissions', flags);
  const user = askedUser('permissions', flags);
  const { rbac, catalog, further, gaps } = await readRbac(paths, flags);
  const bypass = bypassOf(user, further);
  const { permissions, void: idle } = permissionsOf(rbac, user, catalog);
  const isAsked = ({ namespace }: Permission): boolean =>
    flags.namespace === undefined || namespace === '' || namespace === flags.namespace;
  if (format === 'json') {
    const content = {
      user,
      ...(bypass !== undefined && { bypass }),
      permissions: permissions.filter(isAsked).map(permissionJson),
      void: idle.filter(isAsked).map(permissionJson),
      gaps,
    };
    stdout.write(`${JSON.stringify({ schema: 'castellan/rbac-permissions/v1', ...content })}\n`);
    stdout.end();
    return 0;
  }
  writePicture(user, { bypass, permissions: permissions.filter(isAsked), idle: idle.filter(isAsked) });
  return 0;
}

interface Picture {
  bypass: string | undefined;
  permissions: readonly Permission[];
  idle: readonly Permission[];
}

/** By place; in each the verbs, under them what they are for, and by what. */
function writePicture(user: User, { bypass, permissions, idle }: Picture): void {
  const line = (text: string): void => stdout.write(`${lineStart(printable(text))}\n`);
  line(`${userText(user)}${user.groups.length === 0 ? '' : `, in ${user.groups.join(', ')}`}`);
  if (bypass !== undefined) stdout.write(`\neverything in the whole cluster\n      ${bypassText(bypass)}\n`);
  const shown = permissions.filter(({ through }) => !through.every(isEverybody));
  let place: string | undefined;
  const block = (head: string, { namespace, right, through }: Permission): void => {
    if (namespace !== place) {
      stdout.write('\n');
      line(namespace === '' ? 'in the whole cluster' : `in namespace ${namespace}`);
    }
    place = namespace;
    line(`  ${head}`);
    for (const text of [...whatTexts(right), ...through.map((each) => `by ${throughText(each)}`)]) {
      for (const part of wrapped(text)) line(`      ${part}`);
    }
  };
  for (const each of shown) block(each.right.verbs[0] === '*' ? 'everything' : each.right.verbs.join(', '), each);
  for (const each of idle) block('nothing, as it lies in no namespace, is no pattern, or is never asked for by name', each);
  if (permissions.length > shown.length) stdout.write('\nand what everybody may: versions, discovery, reviews of oneself\n');
  if (permissions.length === 0 && idle.length === 0 && bypass === undefined) stdout.write('\nno rights\n');
  stdout.end();
}

/** One text for each API group; subresources stand beside their resource. */
function whatTexts({ resources, urls, names }: Right): string[] {
  const groups = new Map<string, Map<string, string[]>>();
  for (const text of resources) {
    const [named = '', ...below] = text.split('/');
    const dot = named.indexOf('.');
    const [main, group] = dot < 0 ? [named, ''] : [named.slice(0, dot), named.slice(dot + 1)];
    let mains = groups.get(group);
    if (mains === undefined) groups.set(group, (mains = new Map()));
    const subresources = mains.get(main) ?? [];
    if (!mains.has(main)) mains.set(main, subresources);
    subresources.push(below.length === 0 ? '' : below.join('/'));
  }
  const texts = [...groups].map(([group, mains]) => {
    const list = [...mains].map(([main, below]) => resourceList(main, below)).join(', ');
    if (group === '*') return list === 'all resources' ? 'all resources of all groups' : `of all groups: ${list}`;
    if (group === '') return list === 'all resources' ? 'all resources of the core group' : list;
    return `${group}: ${list}`;
  });
  const only = names.length === 0 ? '' : `, only ${names.map((name) => `"${name}"`).join(', ')}`;
  return [...texts, ...(urls.length > 0 ? [`URLs ${urls.join(', ')}`] : [])].map((text) => `${text}${only}`);
}

function resourceList(main: string, below: readonly string[]): string {
  if (main === '*') return below.includes('') ? 'all resources' : below.map((each) => `${each} of all resources`).join(', ');
  const subresources = below.filter((each) => each !== '');
  if (!below.includes('')) return subresources.map((each) => `${main}/${each}`).join(', ');
  return subresources.length === 0 ? main : `${main} (and ${subresources.join(', ')})`;
}

const WIDTH = 100;

/** Lines that a screen holds; a word is never cut. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** What a right is for, in one line. */
export function rightText(right: Right): string {
  return whatTexts(right).join('; ');
}

function throughText({ binding, role, group }: Through): string {
  return `${binding.ref} → ${role.ref}${group === undefined ? '' : ` as ${group}`}`;
}

function isEverybody({ binding, group }: Through): boolean {
  return group !== undefined && group.startsWith('system:') && EVERYBODY.has(binding.object.name);
}

function permissionJson({ namespace, right, through }: Permission): Record<string, unknown> {
  return {
    namespace,
    ...right,
    by: through.map(({ binding, role, group }) => ({ binding: binding.ref, role: role.ref, ...(group !== undefined && { group }) })),
  };
}
