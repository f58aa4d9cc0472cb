import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './test/skipped-reporter.ts';

/** Runs the built command; `npm test` does without, so that it needs no build. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    testTimeout: 120_000,
    reporters: ['default', new SkippedReporter()],
  },
});
