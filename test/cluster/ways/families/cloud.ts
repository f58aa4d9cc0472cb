/** Ways on into the cloud that the cluster runs in. */
import type { TriedFamily } from '../way.ts';

const NO_CLOUD = 'there is no cloud around the test cluster';

export const family: TriedFamily = {
  ways: [],
  untried: { WORKLOAD_IDENTITY: NO_CLOUD, IMDS_NODE_ROLE: NO_CLOUD, EKS_AWS_AUTH_WRITE: NO_CLOUD },
};
