import { cpus } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './test/skipped-reporter.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 60_000,
    // One more than cores: many tests wait for what they started.
    maxWorkers: cpus().length + 1,
    // Tests run the command many times from its source: what was compiled once is taken from here.
    env: { NODE_COMPILE_CACHE: new URL('node_modules/.cache/compiled', import.meta.url).pathname },
    reporters: ['default', new SkippedReporter()],
  },
});
