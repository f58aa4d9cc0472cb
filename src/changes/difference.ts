/** What lies between two states of a cluster: ways that opened or closed, connections, Pod Security levels, lost use. */
import { type ConnectionChange, networkDiff } from '../engines/network/index.ts';
import { COUNTED, type Chain, waysOf } from '../graph/index.ts';
import { changeBetween } from './between.ts';
import { type LevelChange, levelChanges } from './level-changes.ts';
import { type Evidence, type Proof, prove } from './prove.ts';
import { type State, TARGET } from './state.ts';
import { type Undo, undoOf } from './undo.ts';

export type Foothold = 'exposed' | 'workloads';

/** A connected pair, as docs/paths.md counts them. */
export interface Way {
  readonly entry: string;
  readonly target: string;
  readonly foothold: Foothold;
  /** Undefined where too many others were searched before. */
  readonly chain: Chain | undefined;
}

export interface Difference {
  /** In the state after; their chains are of its graph. */
  readonly newPaths: readonly Way[];
  /** In the state before. */
  readonly closedPaths: readonly Way[];
  readonly connections: readonly ConnectionChange[];
  readonly levels: readonly LevelChange[];
  /** Undefined where nothing opened. */
  readonly undo: Undo | undefined;
  /** How many objects differ. */
  readonly objects: number;
  readonly proof: Proof;
}

/** Kinds that have no part in who may talk to whom: to compare all pairs of a large cluster takes longer than all the rest. */
const APART: ReadonlySet<string> = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'HorizontalPodAutoscaler',
  'LimitRange',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'PodDisruptionBudget',
  'PriorityClass',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'Secret',
  'ServiceAccount',
  'StorageClass',
]);

export function differenceOf({ before, after }: { before: State; after: State }, evidence: Evidence): Difference {
  const change = changeBetween(before, after);
  const newPaths = waysOnlyIn(after, before);
  return {
    newPaths,
    closedPaths: waysOnlyIn(before, after),
    connections: change.patches.every(({ target }) => APART.has(target.split('/', 1)[0] ?? ''))
      ? []
      : networkDiff(before.world, after.world),
    levels: levelChanges(before.cluster, after.cluster),
    undo: undoOf(
      { before, after },
      change,
      newPaths.map(({ entry }) => entry),
    ),
    objects: change.patches.length,
    proof: prove({ before, after }, change, evidence),
  };
}

/** What leads to cluster control in the one state, and not in the other. */
export function waysOnlyIn(state: State, other: State): Way[] {
  return (['exposed', 'workloads'] as const).flatMap((foothold) => {
    const known = new Set(other.paths[foothold]);
    const entries = state.paths[foothold].filter((entry) => !known.has(entry));
    const chains = waysOf(state.graph, { entries, target: TARGET }, COUNTED);
    return entries.map((entry, index): Way => ({ entry, target: TARGET, foothold, chain: chains[index] }));
  });
}
