import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './test/skipped-reporter.ts';

/** Tests against a real Kubernetes cluster; docs/testing-cluster.md tells what they need. */
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.cluster.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    // A cluster keeps a core busy while it starts, and takes most of a gigabyte.
    maxWorkers: 2,
    reporters: ['default', new SkippedReporter()],
  },
});
