/** Faults of nodes and controllers that their versions tell. */
import type { TriedFamily } from '../way.ts';

const MENDED = 'what the tests run is mended';

export const family: TriedFamily = {
  ways: [],
  untried: {
    ESC_RUNTIME_CVE: MENDED,
    ESC_KERNEL_CVE: MENDED,
    ESC_SUBPATH_CVE: MENDED,
    INGRESS_INJECTION: 'the test cluster has no ingress controller',
  },
};
