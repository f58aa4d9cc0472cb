/** The way through kubelets that do whatever they are asked. */
import type { TriedFamily } from '../way.ts';

export const family: TriedFamily = {
  ways: [],
  untried: {
    KUBELET_ANONYMOUS: 'the kubelets of these tests ask who comes; the tests of facts of nodes take it on one that does not',
  },
};
