/** Names and steps as people say them. */
import type { Hop } from './chain.ts';
import { EDGE_KINDS } from './edges/index.ts';

/** `ServiceAccount/shop/cart` is the account shop/cart; a right is what it lets do. */
export function nameText(name: string): string {
  const slash = name.indexOf('/');
  if (slash < 0) return name === 'ClusterAdmin' ? 'cluster-admin' : name === 'AllSecrets' ? 'every Secret' : (OF_ETCD[name] ?? name);
  const [kind, rest] = [name.slice(0, slash), name.slice(slash + 1)];
  if (kind === 'Permission') return `may ${rest}`;
  if (kind === 'ServiceAccount') return rest.endsWith('/*') ? `every account of ${rest.slice(0, -2)}` : `account ${rest}`;
  if (kind === 'Secret' && rest.endsWith('/*')) return `every Secret of ${rest.slice(0, -2)}`;
  if (kind === 'Container') {
    const [namespace = '', workload = '', container = ''] = rest.split('/');
    return container === '*' || workload === '*' ? `every container of ${namespace}` : `${namespace}/${workload} (${container})`;
  }
  if (kind === 'NamespaceAdmin') return `everything in ${rest}`;
  if (kind === 'Node') return rest === '*' ? 'a node' : `node ${rest}`;
  if (kind === 'NodeFiles') return rest === '*' ? 'files of a node' : `files of node ${rest}`;
  if (kind === 'NodeIdentity') return `kubelet of ${rest}`;
  if (kind === 'CloudIdentity') return rest === '*' ? 'a cloud identity' : `cloud identity ${rest}`;
  if (kind === 'User') return rest === '*' ? 'any user' : `user ${rest}`;
  if (kind === 'Group') return `group ${rest}`;
  return name;
}

const OF_ETCD: Readonly<Record<string, string>> = { Etcd: 'what etcd holds', EtcdPort: 'the port of etcd' };

/** What somebody does who takes a step, to be read after "can". */
export function doingOf(edge: string): string {
  return EDGE_KINDS.get(edge)?.says ?? edge;
}

/** Steps of which only the end is told: whoever holds an account uses what is bound to it. */
const UNSAID: ReadonlySet<string> = new Set(['SUBJECT_GRANT', 'RBAC_WILDCARD', 'SA_IMPLICIT_GROUPS', 'APISERVER_REACH']);
/** Steps that a sentence holds. */
const MOST_STEPS = 3;

/** A chain in a few words: `run a pod as any account of the namespace → account ops/argo`, `get Secrets by name → …`. */
export function stepsInShort(chain: readonly Pick<Hop, 'edge' | 'to'>[]): string[] {
  const steps = chain.flatMap(({ edge, to }, index) => {
    if (UNSAID.has(edge)) return index > 0 && index === chain.length - 1 ? [nameText(to)] : [];
    return [`${doingOf(edge)} → ${nameText(to)}`];
  });
  return steps.length <= MOST_STEPS ? steps : [...steps.slice(0, MOST_STEPS - 1), '…', ...steps.slice(-1)];
}
