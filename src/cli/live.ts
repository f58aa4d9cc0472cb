/** Reading a live cluster: the flags that kubectl has for it, and word of how far it is. */
import { CastellanError } from '../lib/errors.ts';
import { standardError } from '../lib/standard-error.ts';
import { printable } from '../lib/terminal.ts';
import type { Connection } from '../collect/cluster/index.ts';
import type { SnapshotParts } from '../snapshot/index.ts';
import { interruptible } from './interruption.ts';
import { VERSION } from './version.ts';

export interface ClusterFlags {
  kubeconfig?: string;
  context?: string;
  namespace?: string[];
  allNamespaces?: boolean;
  as?: string;
  asGroup?: string[];
  requestTimeout?: string;
  quiet?: boolean;
}

/** Flags that mean nothing where files are read: whoever gives both would wait for what does not happen. */
const ONLY_LIVE: readonly (readonly [keyof ClusterFlags, string])[] = [
  ['kubeconfig', '--kubeconfig'],
  ['context', '--context'],
  ['namespace', '-n'],
  ['allNamespaces', '-A'],
  ['as', '--as'],
  ['asGroup', '--as-group'],
  ['requestTimeout', '--request-timeout'],
];

export function refuseClusterFlags(flags: ClusterFlags): void {
  const [, given] = ONLY_LIVE.find(([flag]) => flags[flag] !== undefined) ?? [];
  if (given === undefined) return;
  throw new CastellanError('CAS_USAGE', `${given} is for a cluster, but files were named to read`, {
    remedy: 'Leave out the paths to read the cluster, or the flag to read the files.',
  });
}

export function namespacesOf(flags: ClusterFlags): string[] | undefined {
  // An empty one is a variable that was not set, and would mean the whole cluster.
  if (flags.namespace?.some((names) => names.trim() === '')) throw new CastellanError('CAS_USAGE', '-n names no namespace');
  const named = [...new Set((flags.namespace ?? []).flatMap((names) => names.split(',')).map((name) => name.trim()))].filter(
    (name) => name !== '',
  );
  if (named.length === 0) return undefined;
  if (flags.allNamespaces === true) throw new CastellanError('CAS_USAGE', '-n and -A are both given');
  for (const name of named) {
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
      throw new CastellanError('CAS_USAGE', `"${printable(name)}" is no name of a namespace`);
  }
  return named;
}

/** The cluster that the flags mean. Loads the code for it only now: it is as large as all the rest. */
export async function connected(flags: ClusterFlags): Promise<Connection> {
  const { connect } = await import('../collect/cluster/index.ts');
  return connect(flags);
}

/** Everything that the flags let a scan see, or what `only` picks of it. */
export async function readCluster(flags: ClusterFlags, only?: (group: string, resource: string) => boolean): Promise<SnapshotParts> {
  const namespaces = namespacesOf(flags);
  const connection = await connected(flags);
  const { collectCluster } = await import('../collect/cluster/index.ts');
  const progress = progressOf(flags);
  progress?.(`reading ${connection.context} (${connection.server})`);
  let total = 0;
  const read = (signal: AbortSignal): Promise<SnapshotParts> =>
    collectCluster(connection, {
      version: VERSION,
      signal,
      ...(namespaces !== undefined && { namespaces }),
      ...(only !== undefined && { only }),
      ...(progress !== undefined && {
        progress(resource: string) {
          total += 1;
          if (total % 100 === 0) progress(`reading ${connection.context}: ${total} objects, now ${resource}`);
        },
        onRetry: (reason: string) => progress(`reading ${connection.context}: waiting, ${printable(reason)}`),
      }),
    });
  try {
    return await interruptible({ message: 'reading the cluster was interrupted; nothing was written' }, read);
  } finally {
    progress?.('');
  }
}

/** One line that is written over, on a terminal only. */
export function progressOf({ quiet }: ClusterFlags): ((text: string) => void) | undefined {
  if (quiet === true || !process.stderr.isTTY) return undefined;
  return (text) => standardError.write(`\r\u001b[K${text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1))}`);
}
