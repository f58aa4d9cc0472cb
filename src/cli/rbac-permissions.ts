/** `castellan rbac permissions`: everything that one user may do, as a table that people can read. */
import { type Permission, type Right, type Through, permissionsOf } from '../engines/rbac/index.ts';
import { stdout } from '../lib/sink.ts';
import { writeTable } from './net-input.ts';
import { type RbacFlags, askedUser, rbacFormat, readRbac, scopeText, userText } from './rbac-input.ts';

/** Bindings by which Kubernetes tells everybody its version and what it serves; shown last and in one line. */
const EVERYBODY = new Set(['system:basic-user', 'system:discovery', 'system:public-info-viewer']);

export async function runRbacPermissions(paths: readonly string[], flags: RbacFlags): Promise<number> {
  const format = rbacFormat('permissions', flags);
  const user = askedUser('permissions', flags);
  const { rbac, catalog, gaps } = await readRbac(paths, flags);
  const { permissions, void: idle } = permissionsOf(rbac, user, catalog);
  const isAsked = ({ namespace }: Permission): boolean =>
    flags.namespace === undefined || namespace === '' || namespace === flags.namespace;
  if (format === 'json') {
    const content = {
      user,
      permissions: permissions.filter(isAsked).map(permissionJson),
      void: idle.filter(isAsked).map(permissionJson),
      gaps,
    };
    stdout.write(`${JSON.stringify({ schema: 'castellan/rbac-permissions/v1', ...content })}\n`);
    stdout.end();
    return 0;
  }
  stdout.write(`${userText(user)}, in ${user.groups.join(', ')}\n\n`);
  const shown = permissions.filter(isAsked).filter(({ through }) => !through.every(isEverybody));
  const rows = shown.map(({ namespace, right, through }) => [
    scopeText(namespace),
    rightText(right),
    right.verbs.join(' '),
    through.map(throughText).join('; '),
  ]);
  if (permissions.length > shown.length)
    rows.push(['whole cluster', 'what everybody may', 'get create', 'discovery, versions and reviews of oneself']);
  for (const { namespace, right, through } of idle.filter(isAsked)) {
    rows.push([scopeText(namespace), rightText(right), 'none: lies in no namespace', through.map(throughText).join('; ')]);
  }
  writeTable(['WHERE', 'WHAT', 'VERBS', 'THROUGH'], rows);
  return 0;
}

export function rightText({ resources, urls, names }: Pick<Right, 'resources' | 'urls' | 'names'>): string {
  return `${[...resources, ...urls].join(', ')}${names.length === 0 ? '' : ` (only ${names.map((name) => (name === '' ? '""' : name)).join(', ')})`}`;
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
