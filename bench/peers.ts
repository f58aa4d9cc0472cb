/**
 * The tools that Castellan is measured against, installed into the cache folder at fixed versions.
 *
 *   node bench/peers.ts [--with-checkov]
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';

export const PEER_NAMES = ['kube-score', 'checkov'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

export interface Peer {
  name: PeerName;
  version: string;
  binary: string;
}

/** A peer that is not there, and why: printed by name, so that a missing comparison is never mistaken for a won one. */
export interface MissingPeer {
  name: PeerName;
  why: string;
}

interface Recipe {
  version: string;
  binary(): string;
  install(): string | undefined;
}

const RECIPES: Record<PeerName, Recipe> = {
  'kube-score': { version: 'v1.20.0', binary: kubeScoreBinary, install: installKubeScore },
  checkov: { version: '3.3.30', binary: checkovBinary, install: installCheckov },
};

/** The peer, installed first when `install` says so. */
export function peer(name: PeerName, install: boolean): Peer | MissingPeer {
  const recipe = RECIPES[name];
  const found = { name, version: recipe.version, binary: recipe.binary() };
  if (existsSync(found.binary)) return found;
  if (!install) return { name, why: 'not installed; run: node bench/peers.ts' + (name === 'checkov' ? ' --with-checkov' : '') };
  const why = recipe.install();
  if (why !== undefined) return { name, why };
  return existsSync(found.binary) ? found : { name, why: `installed, but ${found.binary} is not there` };
}

export function isMissing(found: Peer | MissingPeer): found is MissingPeer {
  return 'why' in found;
}

function kubeScoreBinary(): string {
  return join(cacheFolder(`kube-score-${RECIPES['kube-score'].version}`), exe('kube-score'));
}

function installKubeScore(): string | undefined {
  if (!works('go', ['version'])) return 'Go is not installed, and kube-score is built from its module';
  const module = `github.com/zegl/kube-score/cmd/kube-score@${RECIPES['kube-score'].version}`;
  const folder = cacheFolder(`kube-score-${RECIPES['kube-score'].version}`);
  return attempt('go', ['install', module], { ...process.env, GOBIN: folder });
}

function checkovBinary(): string {
  return join(checkovFolder(), process.platform === 'win32' ? 'Scripts' : 'bin', exe('checkov'));
}

function installCheckov(): string | undefined {
  if (!works('python3', ['-m', 'venv', '--help'])) return 'Python with its venv module is not installed, and checkov needs it';
  const folder = checkovFolder();
  const python = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', exe('python'));
  return (
    attempt('python3', ['-m', 'venv', folder], process.env) ??
    attempt(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `checkov==${RECIPES.checkov.version}`], process.env)
  );
}

function checkovFolder(): string {
  return cacheFolder(`checkov-${RECIPES.checkov.version}`);
}

function exe(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Runs a command in a folder that is no project, and says what went wrong, if anything. */
function attempt(command: string, args: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const done = spawnSync(command, args, { cwd: cacheFolder(), env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status === 0) return undefined;
  const last = (done.stderr ?? '').trim().split('\n').at(-1);
  return `${command} ${args.join(' ')} failed: ${last || (done.error?.message ?? `exit ${done.status}`)}`;
}

function main(args: readonly string[]): void {
  const wanted = PEER_NAMES.filter((name) => name !== 'checkov' || args.includes('--with-checkov'));
  for (const name of wanted) {
    const found = peer(name, true);
    if (isMissing(found)) process.exitCode = 1;
    console.log(isMissing(found) ? `${name}: missing: ${found.why}` : `${name} ${found.version}: ${found.binary}`);
  }
}

if (process.argv[1] === import.meta.filename) main(process.argv.slice(2));
