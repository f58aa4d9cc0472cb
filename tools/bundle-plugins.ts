/** What of the dependencies does not go into the bundle, or not as it is. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * The Kubernetes client brings the classes of the whole API and a fetch of its own. Only its kubeconfig and sign-in
 * are used: they need `Headers`, which Node has, and name two functions of those classes that are never called. Of the
 * ways to sign in only OIDC is used (src/collect/cluster/user.ts); the others would bring a parser that runs code.
 */
export const leanClient: Plugin = {
  name: 'lean-client',
  setup(build) {
    build.onResolve({ filter: /^node-fetch$/ }, () => ({ path: 'node-fetch', namespace: 'lean-client' }));
    build.onResolve({ filter: /^\.\/gen\/index\.js$/ }, ({ importer, path }) =>
      importer.includes('@kubernetes/client-node') ? { path, namespace: 'lean-client' } : undefined,
    );
    build.onResolve({ filter: /^\.\/(azure|gcp|exec|file)_auth\.js$/ }, ({ importer, path }) =>
      importer.includes('@kubernetes/client-node') ? { path, namespace: 'lean-client' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'lean-client' }, ({ path }) => ({ contents: contentsOf(path) }));
  },
};

/** A program of its own for the client: it is more than half of all text, and no scan of manifests reads it. */
export const clientApart: Plugin = {
  name: 'client-apart',
  setup(build) {
    build.onResolve({ filter: CLIENT }, () => ({ path: './client.cjs', external: true }));
  },
};
const CLIENT = /^@kubernetes\/client-node\/dist\/config\.js$/;

/** Leaves out what other commands are made of: each is imported by one file when it runs. The launcher asks for no other. */
export function onlyCommand(name: string): Plugin {
  return {
    name: 'only-command',
    setup(build) {
      build.onResolve({ filter: /^\.\/[a-z-]+\.ts$/ }, ({ kind, importer, path }) =>
        kind === 'dynamic-import' && /[\\/]cli[\\/](?:program|[a-z]+-commands)\.ts$/.test(importer) && path !== `./${name}.ts`
          ? { path, external: true }
          : undefined,
      );
    },
  };
}

/** Examples of rules and of edges are for who reads or tests them: an eighth of the text that a scan would load. */
export function withoutExamples(text: string): string {
  return text.replaceAll(EXAMPLES, '$1examples: undefined as never,\n');
}
export const EXAMPLES = /^( *)examples: \(\) => (?:\(\{\n[^]*?^\1\}\)|\[\n[^]*?^\1\]),\n/gm;

/** A unit of time of CEL has a letter that is not ASCII, also in a regular expression, where the bundler leaves it. */
export const asciiUnits: Plugin = {
  name: 'ascii-units',
  setup(build) {
    build.onLoad({ filter: /[\\/]cel-js[\\/]lib[\\/]functions\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('\u00b5', String.raw`\u00b5`),
    }));
  },
};

function contentsOf(path: string): string {
  if (path === 'node-fetch') return FETCH;
  return path.endsWith('_auth.js') ? NO_SIGN_IN : CLASSES;
}

const FETCH = 'export const Headers = globalThis.Headers; export default globalThis.fetch;';
const CLASSES = `
  export class ServerConfiguration {}
  export function createConfiguration() { throw new Error('the classes of the API are not in this bundle'); }
`;
const NO_SIGN_IN = `
  class None { isAuthProvider() { return false; } }
  export { None as AzureAuth, None as GoogleCloudPlatformAuth, None as ExecAuth, None as FileAuth };
`;
