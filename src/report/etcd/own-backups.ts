/** Snapshots that servers of k3s and RKE2 save by themselves, as facts of their nodes tell them. */
import { type Setting, ownSnapshotsOf } from '../../engines/component-config/index.ts';
import type { GraphContext } from '../../graph/index.ts';
import type { NodeFacts } from '../../snapshot/index.ts';

export interface OwnBackup {
  readonly node: string;
  readonly by: string;
  readonly schedule: string;
  /** The folder, and where each is copied to. */
  readonly target: string;
  /** They are told to save none. */
  readonly suspended: boolean;
  /** Files and fields that say so; of what nobody set, whose default it is. */
  readonly told: readonly string[];
  /** For the graph, where any are saved. */
  readonly place: NonNullable<GraphContext['etcdBackups']>[number] | undefined;
}

export interface OwnBackups {
  readonly found: readonly OwnBackup[];
  /** Nodes of which the settings were not seen. */
  readonly unseen: readonly string[];
}

export function ownBackupsOn(nodes: readonly NodeFacts[]): OwnBackups {
  const answers = nodes.map((facts) => ({ node: facts.node, own: ownSnapshotsOf(facts) }));
  const found = answers.flatMap(({ node, own }): OwnBackup[] => {
    if (own === undefined || own === 'unseen') return [];
    const { product, off, schedule, folder, copies, secret } = own;
    const told = off === undefined ? [schedule, folder, ...(copies === undefined ? [] : [copies])] : [off];
    return [
      {
        node,
        by: product,
        schedule: schedule.value,
        target: copies === undefined ? folder.value : `${folder.value}, then ${copies.value}`,
        suspended: off !== undefined,
        told: told.map(placeOf),
        place: off === undefined ? { node, folder: folder.value, secret } : undefined,
      },
    ];
  });
  return { found, unseen: answers.flatMap(({ node, own }) => (own === 'unseen' ? [node] : [])) };
}

function placeOf({ source, path }: Setting<string>): string {
  return `${source} ${path}`;
}
