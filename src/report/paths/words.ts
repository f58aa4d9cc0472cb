/** Paths in words: names as people say them, and steps as sentences. */
import { EDGE_KINDS } from '../../graph/index.ts';
import { plural } from '../../lib/terminal.ts';
import type { HopText, PathText } from './document.ts';

/** `ServiceAccount/shop/cart` is the account shop/cart; a right is what it lets do. */
export function nameText(name: string): string {
  const [, binding, rule] = /^(\S+) gives (rule \d+ of \S+)$/.exec(name) ?? [];
  if (binding !== undefined && rule !== undefined) return `${rule} by ${binding}`;
  const slash = name.indexOf('/');
  if (slash < 0) return name === 'ClusterAdmin' ? 'cluster-admin' : name === 'AllSecrets' ? 'every Secret' : name;
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
  if (kind === 'CloudIdentity') return `cloud identity ${rest}`;
  if (kind === 'User') return rest === '*' ? 'any user' : `user ${rest}`;
  if (kind === 'Group') return `group ${rest}`;
  return name;
}

/** `can read the token that is mounted in it → account shop/cart`. */
export function stepText({ edge, to, with: others = [] }: HopText): string {
  const does = EDGE_KINDS.get(edge)?.says ?? edge;
  const besides = others.length === 0 ? '' : `, with ${others.map((name) => nameText(name)).join(' and ')},`;
  return `can ${does}${besides} → ${nameText(to)}`;
}

/** Who begins: one name, or some and how many more. */
export function entriesText({ entries, count }: Pick<PathText, 'entries' | 'count'>, most = 3): string {
  const shown = entries.slice(0, most).map((name) => (name.startsWith('Container/') ? `a process in ${nameText(name)}` : nameText(name)));
  return count > most ? `${shown.join(', ')} and ${plural(count - most, 'more', 'more')}` : shown.join(', ');
}

/** A whole chain as one sentence. */
export function sentenceOf(path: PathText): string {
  return `${entriesText(path)} ${path.chain.map((hop) => stepText(hop)).join(' → ')}`;
}
