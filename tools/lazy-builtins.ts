/**
 * A plugin of the bundler: modules that few commands need are loaded when something of them is first used. Node's own
 * take up to 15 ms, and a library asks for one of them whatever it is going to do; `picocolors` asks for standard
 * output as soon as it is loaded, which brings all of Node's streams; few clusters have an expression of CEL.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

const LAZY = /^(?:node:(?:child_process|crypto|v8|zlib)|picocolors|@marcbachmann\/cel-js)$/;
const resolver = createRequire(import.meta.url);

export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: LAZY }, ({ path, namespace }) => {
      if (namespace !== 'lazy') return { path, namespace: 'lazy' };
      return path.startsWith('node:') ? { path, external: true } : { path: resolver.resolve(path) };
    });
    build.onLoad({ filter: LAZY, namespace: 'lazy' }, ({ path }) => ({
      contents: gettersOf(path),
      resolveDir: dirname(import.meta.dirname),
    }));
  },
};

function gettersOf(path: string): string {
  const names = Object.keys(resolver(path) as object);
  return `module.exports = {${names.map((name) => `get ${name}() { return require('${path}').${name}; }`).join(',')}};`;
}
