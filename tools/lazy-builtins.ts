/**
 * A plugin of the bundler: modules of Node that few commands need are loaded when something of them is first used.
 * Loading them costs 15 ms, and a library asks for one of them whatever it is going to do.
 */
import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const LAZY = /^node:(?:child_process|crypto)$/;

export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: LAZY }, ({ path, namespace }) =>
      namespace === 'lazy' ? { path, external: true } : { path, namespace: 'lazy' },
    );
    build.onLoad({ filter: LAZY, namespace: 'lazy' }, ({ path }) => ({ contents: gettersOf(path) }));
  },
};

function gettersOf(path: string): string {
  const names = Object.keys(createRequire(import.meta.url)(path) as object);
  return `module.exports = {${names.map((name) => `get ${name}() { return require('${path}').${name}; }`).join(',')}};`;
}
