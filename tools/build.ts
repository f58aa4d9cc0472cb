/** Bundles the command into dist/: one entry, and a chunk for each part that only some commands need. */
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { leanClient } from './bundle-plugins.ts';
import { writeRegistry } from './registry.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

writeRegistry();
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
const { metafile } = await build({
  entryPoints: { main: join(ROOT, 'src/cli/main.ts'), rules: join(ROOT, 'src/rules/api.ts') },
  outdir: DIST,
  bundle: true,
  splitting: true,
  minify: true,
  keepNames: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunk-[name]-[hash]',
  legalComments: 'none',
  metafile: true,
  plugins: [leanClient],
  define: { CASTELLAN_VERSION: JSON.stringify(version) },
  // Some dependencies are CommonJS and ask for Node's modules by require.
  banner: { js: "import{createRequire as castellanRequire}from'node:module';const require=castellanRequire(import.meta.url);" },
  logLevel: 'warning',
});
// The entry turns on the compile cache before anything large is loaded, where Node has one (22.1 and newer).
writeFileSync(
  join(DIST, 'castellan.js'),
  "#!/usr/bin/env node\nimport module from 'node:module';\nmodule.enableCompileCache?.();\nawait import('./main.js');\n",
);
chmodSync(join(DIST, 'castellan.js'), 0o755);

writeFileSync(join(DIST, 'licenses.txt'), licensesOf(Object.keys(metafile.inputs)));

// Loaded only now: the registry that it leads to may just have been written.
const { SCHEMAS } = await import('../src/report/index.ts');
mkdirSync(join(DIST, 'schemas'));
for (const [name, schema] of Object.entries(SCHEMAS)) {
  writeFileSync(join(DIST, 'schemas', `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
}

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
