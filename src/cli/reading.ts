/** What commands read: paths, or the cluster of the current context. Apart from judging, as few of them need rules. */
import { collectManifests } from '../collect/manifests/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { plural, printable } from '../lib/terminal.ts';
import { type Snapshot, looksLikeSnapshot, mixed, readSnapshotFile, toSnapshot } from '../snapshot/index.ts';
import { type ClusterFlags, readCluster, refuseClusterFlags } from './live.ts';
import { descriptionAmong } from './node-facts.ts';

/** The cluster of the current context, unless paths are named; of a cluster only the resources that `only` picks. */
export async function readInput(
  paths: readonly string[],
  flags: ClusterFlags,
  only?: (group: string, resource: string) => boolean,
): Promise<Snapshot> {
  if (paths.length === 0) return toSnapshot(await readCluster(flags, only));
  refuseClusterFlags(flags);
  return readPaths(paths);
}

/** Manifests, a snapshot file, or both: then what the cluster would be with these manifests applied. */
async function readPaths(paths: readonly string[]): Promise<Snapshot> {
  const files = new Set(paths.filter(looksLikeSnapshot));
  const [file, second] = files;
  if (file === undefined) return collectManifests(paths);
  if (second !== undefined)
    throw new CastellanError('CAS_USAGE', `${file} and ${second} are both snapshots`, { remedy: 'Judge one cluster at a time.' });
  const cluster = toSnapshot(readSnapshotFile(file));
  const others = paths.filter((path) => !files.has(path));
  return others.length === 0 ? cluster : mixed(cluster, await collectManifests(others));
}

/** Why there is nothing to judge, with the first of what could not be read. */
export function nothingIn(paths: readonly string[], { counts, gaps }: Snapshot): CastellanError {
  if (paths.length === 0) return new CastellanError('CAS_NO_INPUT', printable(`nothing of the cluster could be read${unreadOf(gaps)}`));
  const seen =
    counts.files === 0
      ? 'no YAML or JSON file'
      : `${plural(counts.documents, 'document')} in ${plural(counts.files, 'file')}, ${counts.foreign} of them something else`;
  const description = descriptionAmong(paths);
  return new CastellanError('CAS_NO_INPUT', printable(`no Kubernetes objects in ${paths.join(', ')} (${seen}${unreadOf(gaps)})`), {
    ...(description !== undefined && {
      remedy: printable(`castellan scan --cloud ${description} judges what a provider says of a cluster.`),
    }),
  });
}

function unreadOf(gaps: Snapshot['gaps']): string {
  const [first] = gaps;
  return first === undefined ? '' : `; ${plural(gaps.length, 'gap')}, first ${first.scope}: ${first.reason}`;
}
