/**
 * `npm start` and `npm test` on a fresh machine: installs what is missing, then runs the command with the pinned
 * runtime. Plain JavaScript that runs on Node 18, since it runs before anything is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');
const BUNDLE = join(ROOT, 'dist', 'castellan.js');
const EMBEDDED_EXAMPLE = 'examples/shop';
/** Three weeks of its use, from both of its API servers. */
const RECORDED = [
  '--record',
  'examples/shop.record',
  '--audit-policy',
  'examples/shop.audit-policy.yaml',
  '--servers',
  '2',
  '--on',
  '2026-11-03',
];

const [task = '', ...args] = process.argv.slice(2);

function main() {
  switch (task) {
    case 'install':
      return install();
    case 'build':
      install();
      return build();
    case 'start':
      install();
      build();
      if (args.length > 0) return node([BUNDLE, 'scan', ...args]);
      node([BUNDLE, 'scan', EMBEDDED_EXAMPLE]);
      process.stdout.write('\n');
      return node([BUNDLE, 'fixes', EMBEDDED_EXAMPLE, ...RECORDED]);
    case 'test':
      install();
      node(['tools/registry.ts']);
      return tool('vitest', ['run', ...args], { CASTELLAN_SEEDS: process.env.CASTELLAN_SEEDS ?? '200' });
    case 'test:deep':
      install();
      node(['tools/registry.ts']);
      return tool('vitest', ['run', ...args], { CASTELLAN_SEEDS: '10000', CASTELLAN_DEEP: '1' });
    case 'test:cluster':
      install();
      node(['test/cluster/build/build.ts']);
      return tool('vitest', ['run', '--config', 'vitest.cluster.config.ts', ...args], {});
    default:
      fail(`bootstrap: there is no task "${task}"`);
  }
}

/** Installs when the lock file is newer than what npm last installed. */
function install() {
  // Linked from another checkout: npm would empty the folder behind the link, and what is there is not ours to change.
  if (lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const stamp = join(ROOT, 'node_modules', '.package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs) return;
  process.stderr.write('castellan: installing dependencies (once)\n');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {}, ['ignore', 2, 2]);
}

/** Builds when a source is newer than the bundle. */
function build() {
  if (existsSync(BUNDLE) && newest(join(ROOT, 'src')) <= statSync(BUNDLE).mtimeMs) return;
  node(['tools/build.ts']);
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

function node(argv) {
  run('node', argv, {}, 'inherit');
}

function tool(name, argv, env) {
  run(join(BIN, name), argv, env, 'inherit');
}

/** The pinned runtime is found first, whatever the machine has. */
function run(command, argv, env, stdio) {
  const path = existsSync(BIN) ? BIN + delimiter + process.env.PATH : process.env.PATH;
  const cwd = task === 'start' && process.env.INIT_CWD && argv[0] === BUNDLE ? startFolder() : ROOT;
  const { status, error } = spawnSync(command, argv, { cwd, stdio, env: { ...process.env, ...env, PATH: path } });
  if (error) fail(`bootstrap: ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** Paths that the user gives are relative to where npm was called; the embedded example is not. */
function startFolder() {
  return args.length > 0 ? process.env.INIT_CWD : ROOT;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

main();
