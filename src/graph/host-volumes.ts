/** PersistentVolumes that are folders of nodes, by which a pod that claims them comes to have its node. */
import { normalizeHostPath, runtimeSocketAt } from '../engines/host-paths/index.ts';
import { groupBy } from '../lib/groups.ts';
import type { ApiObject } from '../model/index.ts';
import { runsAsRoot } from './edges/host-folders.ts';
import type { Scene } from './scene.ts';

interface FolderOfNodes {
  readonly object: ApiObject<'PersistentVolume'>;
  readonly needsRoot: boolean;
  /** No claim has it, so that any new one may. */
  readonly free: boolean;
  /** The namespaces of the claims that have it. */
  readonly claims: ReadonlySet<string>;
}

const FOLDERS = new WeakMap<Scene, readonly FolderOfNodes[]>();

/** Volumes that are there by which a pod comes to have its node. */
export function foldersOfNodes(scene: Scene): readonly FolderOfNodes[] {
  let known = FOLDERS.get(scene);
  if (known === undefined) FOLDERS.set(scene, (known = readFolders(scene)));
  return known;
}

function readFolders({ tables: { PersistentVolume, PersistentVolumeClaim: claims } }: Scene): FolderOfNodes[] {
  const found = PersistentVolume.all.flatMap((object) => {
    const path = normalizeHostPath(object.body.spec?.hostPath?.path ?? '');
    if (path === '') return [];
    const isSocket = path === '/' || runtimeSocketAt(path) !== undefined;
    return isSocket || runsAsRoot(path) ? [{ object, needsRoot: !isSocket }] : [];
  });
  if (found.length === 0) return [];
  const byVolume = groupBy(claims.all, ({ body }) => body.spec?.volumeName ?? '');
  return found.map(({ object, needsRoot }) => {
    const { namespace = '', name = '' } = object.body.spec?.claimRef ?? {};
    const bound = [...(byVolume.get(object.name) ?? []), claims.get(namespace, name)].filter((claim) => claim !== undefined);
    const free = name === '' && bound.length === 0;
    return { object, needsRoot, free, claims: new Set(bound.map((claim) => claim.namespace)) };
  });
}
