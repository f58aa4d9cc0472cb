/** `castellan permissions`: the rights that a full scan needs, and with a cluster which of them the user has. */
import type { Permission } from '../collect/cluster/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { plural } from '../lib/terminal.ts';
import type { ClusterFlags } from './live.ts';

export interface PermissionsFlags extends Pick<ClusterFlags, 'kubeconfig' | 'context' | 'as' | 'asGroup' | 'requestTimeout'> {
  format?: string;
}

export async function runPermissions(flags: PermissionsFlags): Promise<number> {
  const format = flags.format ?? 'yaml';
  if (format !== 'yaml' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `permissions has no format "${format}"`, { remedy: 'The formats are: yaml, json.' });
  const { connect, missingPermissions, neededPermissions } = await import('../collect/cluster/index.ts');
  const needed = neededPermissions();
  if (flags.context === undefined && flags.kubeconfig === undefined) {
    if (flags.as !== undefined || flags.asGroup !== undefined || flags.requestTimeout !== undefined)
      throw new CastellanError('CAS_USAGE', '--as, --as-group and --request-timeout need a cluster: name it with --context');
    stdout.write(format === 'yaml' ? clusterRole(needed) : json({ needed }));
    stdout.end();
    return 0;
  }
  const connection = connect(flags);
  const missing = await missingPermissions(connection);
  stdout.write(format === 'yaml' ? tellMissing(connection.context, missing) : json({ needed, missing }));
  stdout.end();
  return 0;
}

function json(content: { needed: readonly Permission[]; missing?: readonly Permission[] }): string {
  return `${JSON.stringify({ schema: 'castellan/permissions/v1', ...content })}\n`;
}

const HEADER = `# What a full scan reads. Where a right is missing, the scan says what it cannot judge and goes on.
# Secrets are only asked for as a table of names and types, but the right to list them gives their values to whoever
# has this role: leave that line out where this is too much.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: castellan-scan
`;

function clusterRole(permissions: readonly Permission[]): string {
  // The one object that is read by its name: its UID is the identity of the cluster.
  const identity = '- apiGroups: [""]\n  resources: [namespaces]\n  resourceNames: [kube-system]\n  verbs: [get]\n';
  // Which feature gates are on; without it the rest goes on.
  const metrics = '- nonResourceURLs: [/metrics]\n  verbs: [get]\n';
  return `${HEADER}${rulesOf(permissions)}${identity}${metrics}`;
}

function rulesOf(permissions: readonly Permission[]): string {
  const groups = [...new Set(permissions.map(({ group }) => group))];
  const rules = groups.map((group) => {
    const of = permissions.filter((permission) => permission.group === group);
    const resources = of.map(({ resource }) => `  - ${resource === '*' ? '"*"' : resource}\n`).join('');
    return `- apiGroups: [${group === '' ? '""' : group}]\n  resources:\n${resources}  verbs: [list]\n`;
  });
  return `rules:\n${rules.join('')}`;
}

function tellMissing(context: string, missing: readonly Permission[]): string {
  if (missing.length === 0) return `# ${context}: every right that a full scan needs is there.\n`;
  const intro = `# ${context}: ${plural(missing.length, 'right')} of a full scan ${missing.length === 1 ? 'is' : 'are'} missing. This role has them:\n`;
  return `${intro}apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: castellan-scan-rest\n${rulesOf(missing)}`;
}
