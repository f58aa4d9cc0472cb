/** The release of a cluster by the versions that were seen on its nodes. */
import type { NodeFacts } from './node-facts.ts';

/**
 * Of several API servers the oldest, which has what all of them have; where none was seen the newest of the kubelets,
 * which is never newer than these. Undefined where no node tells.
 */
export function versionOfNodes(nodes: readonly NodeFacts[]): string | undefined {
  const of = (component: string): string[] =>
    nodes.flatMap(({ versions }) => versions[component] ?? []).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return of('kube-apiserver').at(0) ?? of('kubelet').at(-1);
}
