/**
 * A plugin of the bundler: private names (`#at`) become plain ones. A class cannot be looked into from outside of the
 * bundle anyway, and most of a short scan runs before the engine has optimised anything: until then a private name costs
 * two loads where a plain one costs one, which is a twentieth of a scan.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** Changes the text of a file of the source. */
export type Edit = (text: string) => string;

/** Behind a point, or at the beginning of a line as the name of what a class declares. */
const PRIVATE_NAME = /(?<=\.|^ +(?:(?:readonly|static|get|set|async) |\*)*)#([a-z]\w*)(?! *\{)/gm;
const MARK = /_plain\d+$/;

/** A file is loaded by one plugin only, so what else changes its text comes along. */
export function plainNames(edit: Edit = (text) => text): Plugin {
  return {
    name: 'plain-names',
    setup(build) {
      // They may be as short as the bundler likes.
      build.initialOptions.mangleProps = MARK;
      let files = 0;
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        // Of each file other ones: what a class inherits may have the same private names.
        files += 1;
        return { loader: 'ts', contents: withPlainNames(edit(readFileSync(path, 'utf8')), files) };
      });
    },
  };
}

function withPlainNames(text: string, file: number): string {
  if (!/^(?:export )?(?:abstract )?class /m.test(text)) return text;
  return text.replaceAll(PRIVATE_NAME, (_, name: string) => `${name}_plain${file}`);
}
