/** The way through kubelets that do whatever they are asked. */
import type { TriedFamily } from '../way.ts';

export const family: TriedFamily = {
  ways: [],
  untried: {
    KUBELET_ANONYMOUS: 'the kubelets of the test cluster ask who comes; the probe is tried on one that does not',
  },
};
