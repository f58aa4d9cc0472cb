/** Which network plug-in the cluster has and what it enforces, worked out once for all rules. */
import { CniReader, type Enforcement } from '../../engines/cni/index.ts';
import type { ApiObject, Tables } from '../../model/index.ts';

export const CNI_TABLES = ['DaemonSet', 'ConfigMap', 'Node'] as const;
type Reads = Pick<Tables, (typeof CNI_TABLES)[number]>;

interface Found extends Enforcement {
  /** By the number under which a plug-in names the object that tells of it. */
  readonly objects: readonly ApiObject[];
}

const FOUND = new WeakMap<Reads['DaemonSet'], Found>();

export function enforcementIn(tables: Reads): Found {
  let found = FOUND.get(tables.DaemonSet);
  if (found === undefined) FOUND.set(tables.DaemonSet, (found = read(tables)));
  return found;
}

function read({ DaemonSet, ConfigMap, Node }: Reads): Found {
  const objects: readonly ApiObject[] = [...DaemonSet.all, ...Node.all, ...ConfigMap.all];
  const reader = new CniReader();
  for (const [index, { body }] of objects.entries()) reader.add(body, index);
  return { ...reader.enforcement(), objects };
}
