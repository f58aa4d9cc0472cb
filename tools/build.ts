/** Bundles the command into dist/, or the folder that is named: a small launcher, the programs, and what the engine compiles of each when it runs. */
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { asciiUnits, clientApart, leanClient, onlyCommand, withoutExamples } from './bundle-plugins.ts';
import { AROUND, PROGRAMS, type ProgramName } from '../src/cli/compiled.ts';
import { shortHash } from '../src/lib/hash.ts';
import { writeRegistry } from './registry.ts';
import { keepCompiled } from './compile.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { plainNames } from './plain-names.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = resolve(process.argv[2] ?? join(ROOT, 'dist'));

// That no module but an entry does anything by being loaded, package.json says: what a file only hands on is then left out too.
writeRegistry();
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST, { recursive: true });
const SETTINGS = {
  outdir: DIST,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} as const;
const define = { CASTELLAN_VERSION: JSON.stringify(version) };
const COMMON_JS = { ...SETTINGS, format: 'cjs', outExtension: { '.js': '.cjs' } } as const;
const inputs: string[] = [];
const hashes: [ProgramName, string][] = [];
for (const name of PROGRAMS) {
  const { metafile } = await build({
    ...COMMON_JS,
    entryPoints: { [name]: join(ROOT, 'src/cli/main.ts') },
    banner: { js: AROUND.before },
    footer: { js: AROUND.after },
    define,
    plugins:
      name === 'program'
        ? [asciiUnits, clientApart, lazyBuiltins, plainNames()]
        : [onlyCommand(name), asciiUnits, clientApart, lazyBuiltins, plainNames(withoutExamples)],
  });
  inputs.push(...Object.keys(metafile.inputs));
  const text = readFileSync(join(DIST, `${name}.cjs`), 'utf8');
  // The launcher reads it so: in regular expressions and tagged templates the bundler leaves other characters as they are.
  if (/[^\0-\x7f]/.test(text)) throw new Error(`${name}.cjs is not ASCII`);
  hashes.push([name, shortHash(text)]);
}
const programs = Object.fromEntries(hashes) as Record<ProgramName, string>;
const client = await build({
  ...COMMON_JS,
  stdin: { contents: "export { KubeConfig } from '@kubernetes/client-node/dist/config.js';", resolveDir: ROOT, sourcefile: 'client.js' },
  entryNames: 'client',
  plugins: [leanClient, lazyBuiltins],
});
await build({
  ...COMMON_JS,
  entryPoints: { launch: join(ROOT, 'src/cli/launch.ts') },
  define: { ...define, CASTELLAN_PROGRAMS: JSON.stringify(programs), CASTELLAN_FOLDER: '__dirname' },
  plugins: [lazyBuiltins],
});
await build({ ...SETTINGS, format: 'esm', entryPoints: { rules: join(ROOT, 'src/rules/api.ts') }, define });
// A module that imports Node's own by name waits until all that they export is loaded: this one asks for nothing else.
writeFileSync(
  join(DIST, 'castellan.js'),
  "#!/usr/bin/env node\nimport module from 'node:module';\nmodule.createRequire(import.meta.url)('./launch.cjs');\n",
);
chmodSync(join(DIST, 'castellan.js'), 0o755);

writeFileSync(join(DIST, 'licenses.txt'), licensesOf([...inputs, ...Object.keys(client.metafile.inputs)]));

// Loaded only now: the registry that it leads to may just have been written.
const { SCHEMAS } = await import('../src/report/schemas/index.ts');
mkdirSync(join(DIST, 'schemas'));
for (const [name, schema] of Object.entries(SCHEMAS)) {
  writeFileSync(join(DIST, 'schemas', `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
}

await keepCompiled(DIST, (name) => `${name}-${programs[name]}-${process.version}.cache`);

/** The licences of the packages that went into the bundle: they ask to travel with it. */
function licensesOf(inputs: readonly string[]): string {
  const names = inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter((name) => name !== undefined);
  const texts = [...new Set(names)].toSorted().map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name}\n${'='.repeat(name.length)}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return `Packages in the bundle of Castellan, and their licences\n\n${texts.join('\n\n')}`;
}
