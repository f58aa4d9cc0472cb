/**
 * The programs that clusters are made of, and where they stand once built: in a cache outside of the checkout, one
 * folder a part, named by what it was built from. It may be deleted at any time.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const RELEASES = ['1.36.3', '1.31.0'] as const;
export type Release = (typeof RELEASES)[number];

/** Kubernetes itself (with etcd), what plays simulated nodes, and what runs containers on real ones. */
export const PARTS = ['control-1.36.3', 'control-1.31.0', 'kwok', 'node'] as const;
export type Part = (typeof PARTS)[number];

const BUILD = fileURLToPath(new URL('build/', import.meta.url));

/** What a part is built from; the flags stand in recipes.ts. */
const INPUTS: Record<Part, readonly string[]> = {
  'control-1.36.3': ['main.go', 'go.mod', 'go.sum'],
  'control-1.31.0': ['main.go', 'go.1.31.0.mod', 'go.1.31.0.sum'],
  kwok: ['kwok/go.mod', 'kwok/go.sum'],
  node: ['node/go.mod', 'node/go.sum'],
};

export function cacheRoot(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'castellan-cluster');
}

/** Where a build with the Go that is here puts the part. */
export function folderToBuild(part: Part, go: string): string {
  return join(cacheRoot(), `${prefix(part)}${go}`);
}

/** The folder of a part that is built; where there is no Go, any Go will have done. */
export function builtFolder(part: Part): string | undefined {
  const go = goVersion();
  if (go !== undefined) {
    const folder = folderToBuild(part, go);
    return existsSync(folder) ? folder : undefined;
  }
  const root = cacheRoot();
  const name = existsSync(root) ? readdirSync(root).find((entry) => entry.startsWith(prefix(part))) : undefined;
  return name === undefined ? undefined : join(root, name);
}

/** The same, for whoever cannot do without. */
export function builtPart(part: Part): string {
  const folder = builtFolder(part);
  if (folder === undefined) throw new Error(`${part} is not built; run: node test/cluster/build/build.ts ${part}`);
  return folder;
}

let known: { go: string | undefined } | undefined;

/** Version and processor, such as `go1.26.8-amd64`. */
export function goVersion(): string | undefined {
  known ??= { go: askGo() };
  return known.go;
}

function askGo(): string | undefined {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION', 'GOARCH'], { encoding: 'utf8', cwd: BUILD });
  return status === 0 ? stdout.trim().split('\n').join('-') : undefined;
}

function prefix(part: Part): string {
  const hash = createHash('sha256');
  for (const file of [...INPUTS[part], 'recipes.ts']) hash.update(readFileSync(join(BUILD, file)));
  return `${part}-${hash.digest('hex').slice(0, 16)}-`;
}
