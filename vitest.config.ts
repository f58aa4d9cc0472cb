import { globSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './test/skipped-reporter.ts';

const FILES = ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'];
/** They put something in the place of a module, which those who have loaded it already would not notice. */
const APART = globSync(FILES, { cwd: import.meta.dirname }).filter((file) =>
  /\bvi\.(?:mock|doMock|resetModules)\(/.test(readFileSync(new URL(file, import.meta.url), 'utf8')),
);

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than cores: many tests wait for what they started.
    maxWorkers: cpus().length + 1,
    // Tests run the command many times from its source: what was compiled once is taken from here.
    env: { NODE_COMPILE_CACHE: new URL('node_modules/.cache/compiled', import.meta.url).pathname },
    reporters: ['default', new SkippedReporter()],
    projects: [
      // To start three hundred processes and load most of the program in each takes longer than many of the tests.
      {
        extends: true,
        test: { name: 'together', include: FILES, exclude: APART, isolate: false, setupFiles: ['test/left-as-found.ts'] },
      },
      { extends: true, test: { name: 'apart', include: APART } },
    ],
  },
});
