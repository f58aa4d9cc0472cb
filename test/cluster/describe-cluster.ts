/**
 * Tests against a cluster of their own: started before them, stopped after them, and skipped by name where something
 * that it needs is not there. CASTELLAN_REQUIRE_CLUSTER and CASTELLAN_REQUIRE_NODES make a failure of such a skip.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { startCluster } from './cluster.ts';
import { missingFor, type Needs } from './missing.ts';
import type { ClusterOptions } from './options.ts';
import type { TestCluster } from './test-cluster.ts';

/** `cluster()` is the cluster once tests and hooks run. */
export function describeCluster(name: string, options: ClusterOptions & Needs, tests: (cluster: () => TestCluster) => void): void {
  let started: TestCluster | undefined;
  function cluster(): TestCluster {
    if (started === undefined) throw new Error('the cluster runs only while tests and hooks do');
    return started;
  }

  describeWith(name, options, () => {
    beforeAll(async () => {
      started = await startCluster(options);
    });
    afterAll(() => started?.stop());
    tests(cluster);
  });
}

/** The same for tests that start their clusters themselves. */
export function describeWith(name: string, needs: Needs, tests: () => void): void {
  const missing = missingFor(needs);
  const title = missing === undefined ? name : `${name} (${missing})`;
  describe.skipIf(missing !== undefined)(title, () => {
    tests();
  });
}
