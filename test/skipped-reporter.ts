import type { Reporter, TestModule } from 'vitest/node';

/** Names every test that did not run, one line each beginning with `skipped: `; `.ci/run` counts these lines. */
export class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules)
      for (const test of module.children.allTests('skipped')) console.log(`skipped: ${module.relativeModuleId}: ${test.fullName}`);
  }
}
