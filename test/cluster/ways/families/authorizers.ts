/** An API server that asks nobody. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { pod } from '../../../../src/graph/example-objects.ts';
import { type Place, type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'ALWAYS_ALLOW',
      allowsAll: true,
      to: () => 'ClusterAdmin',
      world: (place) => [apiServer(place, 'AlwaysAllow')],
      take: async (attack) => attack.controlsCluster(),
      nearest: { because: 'roles decide', world: (place) => [apiServer(place, 'Node,RBAC')], refusal: /403/ },
    }),
  ],
};

/** As its static pod is seen through the API; the one that answers has the flag for true. */
function apiServer({ ns }: Place, modes: string): PlainObject {
  return pod(`${ns}/kube-apiserver`, {}, { command: ['kube-apiserver', `--authorization-mode=${modes}`] });
}
