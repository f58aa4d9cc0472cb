/** `castellan permissions`: the rights that a full scan needs, net verify or probe --configz, and with a cluster which of them the user has. */
import type { Permission } from '../collect/cluster/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { plural } from '../lib/terminal.ts';
import type { ClusterFlags } from './live.ts';

export interface PermissionsFlags extends Pick<ClusterFlags, 'kubeconfig' | 'context' | 'as' | 'asGroup' | 'requestTimeout'> {
  format?: string;
  for?: string;
}

const PURPOSES = ['scan', 'net-verify', 'configz'] as const;
type Purpose = (typeof PURPOSES)[number];

export async function runPermissions(flags: PermissionsFlags): Promise<number> {
  const format = flags.format ?? 'yaml';
  if (format !== 'yaml' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `permissions has no format "${format}"`, { remedy: 'The formats are: yaml, json.' });
  const purpose = PURPOSES.find((one) => one === (flags.for ?? 'scan'));
  if (purpose === undefined) throw new CastellanError('CAS_USAGE', `--for takes ${PURPOSES.join(', ')}, not "${flags.for}"`);
  const { connect, missingPermissions } = await import('../collect/cluster/index.ts');
  const needed = await neededFor(purpose);
  if (flags.context === undefined && flags.kubeconfig === undefined) {
    if (flags.as !== undefined || flags.asGroup !== undefined || flags.requestTimeout !== undefined)
      throw new CastellanError('CAS_USAGE', '--as, --as-group and --request-timeout need a cluster: name it with --context');
    stdout.write(format === 'yaml' ? clusterRole(purpose, needed) : json({ needed }));
    stdout.end();
    return 0;
  }
  const connection = connect(flags);
  const missing = await missingPermissions(connection, { needed });
  stdout.write(format === 'yaml' ? tellMissing(connection.context, purpose, missing) : json({ needed, missing }));
  stdout.end();
  return 0;
}

async function neededFor(purpose: Purpose): Promise<readonly Permission[]> {
  if (purpose === 'configz') return [{ verb: 'get', group: '', resource: 'nodes/configz' }];
  if (purpose === 'net-verify') return (await import('../enforce/verify/index.ts')).allRights();
  return (await import('../collect/cluster/index.ts')).neededPermissions();
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

const VERIFY_HEADER = `# What net verify does, in namespaces that it makes and removes. It runs no command in pods and reads no Secret but the
# one that --image-pull-secret names: leave the lines of secrets out without that option, those of nodes where it need
# not know how many there are, and those of policy.networking.k8s.io where such policies are not in use.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: castellan-net-verify
`;

const CONFIGZ_HEADER = `# An account that may read the configuration of kubelets from their own ports, and nothing else: what castellan probe
# --configz-token shows to nodes. Kubernetes has this right from 1.33 on (KubeletFineGrainedAuthz; in 1.32 behind that
# gate). Kubelets before that ask for nodes/proxy, which runs commands in pods: do not give that.
#   kubectl apply -f THIS
#   kubectl -n castellan-configz create token castellan-configz --duration 10m > token
#   castellan probe --configz-token token
#   kubectl delete namespace/castellan-configz clusterrole/castellan-configz clusterrolebinding/castellan-configz
apiVersion: v1
kind: Namespace
metadata:
  name: castellan-configz
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: castellan-configz
  namespace: castellan-configz
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: castellan-configz
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: castellan-configz
subjects:
- kind: ServiceAccount
  name: castellan-configz
  namespace: castellan-configz
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: castellan-configz
`;

function clusterRole(purpose: Purpose, permissions: readonly Permission[]): string {
  if (purpose === 'configz') return `${CONFIGZ_HEADER}${rulesOf(permissions)}`;
  if (purpose === 'net-verify') return `${VERIFY_HEADER}${rulesOf(permissions)}`;
  // The one object that is read by its name: its UID is the identity of the cluster.
  const identity = '- apiGroups: [""]\n  resources: [namespaces]\n  resourceNames: [kube-system]\n  verbs: [get]\n';
  // Which feature gates are on; without it the rest goes on.
  const metrics = '- nonResourceURLs: [/metrics]\n  verbs: [get]\n';
  return `${HEADER}${rulesOf(permissions)}${identity}${metrics}`;
}

/** One rule for all resources of a group that have the same verbs. */
function rulesOf(permissions: readonly Permission[]): string {
  const verbs = new Map<string, { group: string; resource: string; verbs: string[] }>();
  for (const { verb, group, resource } of permissions) {
    const key = `${group}/${resource}`;
    const known = verbs.get(key);
    if (known === undefined) verbs.set(key, { group, resource, verbs: [verb] });
    else known.verbs.push(verb);
  }
  const rules = new Map<string, { group: string; verbs: string; resources: string[] }>();
  for (const { group, resource, verbs: some } of verbs.values()) {
    const key = `${group}/${some.join(', ')}`;
    const known = rules.get(key);
    if (known === undefined) rules.set(key, { group, verbs: some.join(', '), resources: [resource] });
    else known.resources.push(resource);
  }
  const texts = [...rules.values()].map(({ group, verbs: some, resources }) => {
    const lines = resources.map((resource) => `  - ${resource === '*' ? '"*"' : resource}\n`).join('');
    return `- apiGroups: [${group === '' ? '""' : group}]\n  resources:\n${lines}  verbs: [${some}]\n`;
  });
  return `rules:\n${texts.join('')}`;
}

const NAMES: Readonly<Record<Purpose, { work: string; role: string }>> = {
  scan: { work: 'a full scan', role: 'castellan-scan-rest' },
  'net-verify': { work: 'net verify', role: 'castellan-net-verify-rest' },
  configz: { work: 'probe --configz', role: 'castellan-configz-rest' },
};

function tellMissing(context: string, purpose: Purpose, missing: readonly Permission[]): string {
  const { work, role } = NAMES[purpose];
  if (missing.length === 0) return `# ${context}: every right that ${work} needs is there.\n`;
  const intro = `# ${context}: ${plural(missing.length, 'right')} of ${work} ${missing.length === 1 ? 'is' : 'are'} missing. This role has them:\n`;
  return `${intro}apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: ${role}\n${rulesOf(missing)}`;
}
