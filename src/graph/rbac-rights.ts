/** Rights to write roles and bindings, and where somebody has several of them. */
import type { Binding } from '../engines/rbac/index.ts';
import { right } from './right.ts';
import type { Entry } from './right-entries.ts';
import type { Scene } from './scene.ts';

export const NEW_CLUSTER_BINDING = right('create clusterrolebindings');
export const OLD_CLUSTER_BINDING = right('update,patch clusterrolebindings');
export const NEW_BINDING = right('create rolebindings');
export const OLD_BINDING = right('update,patch rolebindings');
export const BIND_CLUSTER_ROLE = right('bind clusterroles');
export const BIND_ROLE = right('bind roles');
export const NEW_ROLE = right('create roles');
export const OLD_ROLE = right('update,patch roles');
export const ESCALATE_ROLE = right('escalate roles');
export const NEW_CLUSTER_ROLE = right('create clusterroles');
export const OLD_CLUSTER_ROLE = right('update,patch clusterroles');
export const ESCALATE_CLUSTER_ROLE = right('escalate clusterroles');

/** The namespaces in which all lists have something. */
export function placesOf(scene: Scene, ...lists: readonly (readonly Entry[])[]): readonly string[] {
  let places: readonly string[] = scene.namespaces;
  for (const list of lists) {
    const named = new Set(list.map(({ binding }) => binding.namespace));
    // One that counts everywhere leaves all of them.
    if (!named.has('')) places = places === scene.namespaces ? [...named] : places.filter((where) => named.has(where));
  }
  return places;
}

export function everythingWhere(scene: Scene, { namespace }: Pick<Binding, 'namespace'>): number {
  return scene.everything(namespace);
}
