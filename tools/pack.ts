/**
 * Around `npm pack` and `npm publish`: the published package is a bundle and needs nothing, so the dependencies of
 * development, among them the pinned runtime, are taken out of package.json while it is packed.
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

const ROOT = join(import.meta.dirname, '..');
const PACKAGE = join(ROOT, 'package.json');
const KEPT = join(ROOT, '.package.json.packing');

if (process.argv[2] === 'restore') restore();
else prepare();

function prepare(): void {
  restore();
  const built = spawnSync(process.execPath, [join(ROOT, 'tools/build.ts')], { stdio: ['ignore', 2, 2] });
  if (built.status !== 0) process.exit(built.status ?? 1);
  copyFileSync(PACKAGE, KEPT);
  const {
    devDependencies: _,
    optionalDependencies: __,
    scripts: ___,
    ...published
  } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as Record<string, unknown>;
  writeFileSync(PACKAGE, `${JSON.stringify(published, null, 2)}\n`);
}

/** Also mends what a packing that was interrupted left behind. */
function restore(): void {
  if (existsSync(KEPT)) renameSync(KEPT, PACKAGE);
}
