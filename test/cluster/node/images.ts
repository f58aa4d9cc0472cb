/**
 * The images that nodes have, packed without a builder. From Debian's static busybox `castellan.test/box:1` with all its
 * commands, and `castellan.test/pause:1`, which holds the namespaces of a pod open and does nothing; where it is asked
 * for also `castellan.test/node:1`, the Node that runs the tests with the libraries that it needs.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../find-program.ts';
import { runProgram } from '../run-program.ts';
import { type Entry, tar } from './tar.ts';

export const PAUSE = 'castellan.test/pause:1';
export const BOX = 'castellan.test/box:1';
export const NODE = 'castellan.test/node:1';
export const CASTELLAN = 'castellan.test/castellan:1';
const FOREVER = '2147483647';

/** Writes the archives; the answer are their paths. */
export async function packImages(folder: string, { node = false } = {}): Promise<string[]> {
  const path = findProgram('busybox');
  if (path === undefined) throw new Error('busybox is not installed (Debian: busybox-static)');
  const applets = (await runProgram([path, '--list'])).trim().split('\n');
  const busybox = readFileSync(path);
  const archives = {
    pause: image(PAUSE, pauseFiles(busybox), ['/bin/sleep', FOREVER]),
    box: image(BOX, boxFiles(busybox, applets), []),
    ...(node && { node: image(NODE, await nodeFiles(), []) }),
  };
  return Object.entries(archives).map(([name, archive]) => {
    const file = join(folder, `${name}.tar`);
    writeFileSync(file, archive);
    return file;
  });
}

/** The command as it is built into `dist`, with the Node that runs the tests. The answer is the path of the archive. */
export async function packCastellan(folder: string, dist: string): Promise<string> {
  const programs = readdirSync(dist).filter((name) => name.endsWith('.cjs'));
  const files = [
    ...(await nodeFiles()),
    { path: 'bin/castellan', content: "#!/bin/node\nrequire('/castellan/launch.cjs');\n", mode: 0o755 },
    { path: 'castellan', folder: true } as const,
    ...programs.map((name) => ({ path: `castellan/${name}`, content: readFileSync(join(dist, name)) })),
  ];
  const file = join(folder, 'castellan.tar');
  writeFileSync(file, image(CASTELLAN, files, []));
  return file;
}

function pauseFiles(busybox: Buffer): Entry[] {
  return [
    { path: 'bin', folder: true },
    { path: 'bin/busybox', content: busybox, mode: 0o755 },
    { path: 'bin/sleep', target: 'busybox' },
  ];
}

function boxFiles(busybox: Buffer, applets: readonly string[]): Entry[] {
  return [
    ...['bin', 'etc', 'proc', 'sys', 'dev', 'root', 'var', 'var/www'].map((path) => ({ path, folder: true })),
    { path: 'tmp', folder: true, mode: 0o1777 },
    { path: 'bin/busybox', content: busybox, mode: 0o755 },
    ...applets.filter((name) => name !== 'busybox').map((name) => ({ path: `bin/${name}`, target: 'busybox' })),
    { path: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' },
    { path: 'etc/group', content: 'root:x:0:\nnobody:x:65534:\n' },
    // A static C library finds names in files only; other ways need libraries that are not here.
    {
      path: 'etc/nsswitch.conf',
      content: ['passwd', 'group', 'hosts', 'services', 'protocols'].map((name) => `${name}: files\n`).join(''),
    },
    { path: 'var/www/index.html', content: 'castellan test box\n' },
  ];
}

/** Nothing but the program, the loader and the libraries, where they are here as well. */
async function nodeFiles(): Promise<Entry[]> {
  const told = await runProgram(['ldd', process.execPath]);
  const libraries = [...new Set([...told.matchAll(/(?:^\s*|=> )(\/\S+) \(0x/gm)].map(([, path = '']) => path))];
  const folders = ['bin', 'tmp', 'proc', 'sys', 'dev', 'etc', ...libraries.flatMap(parentsOf)];
  return [
    ...[...new Set(folders)].map((path) => ({ path, folder: true })),
    { path: 'bin/node', content: readFileSync(realpathSync(process.execPath)), mode: 0o755 },
    ...libraries.map((path) => ({ path: path.slice(1), content: readFileSync(realpathSync(path)), mode: 0o755 })),
  ];
}

/** `/lib/x/y.so` has `lib` and `lib/x`. */
function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** One layer, in the form that `docker save` writes. */
function image(tag: string, files: readonly Entry[], entrypoint: readonly string[]): Buffer {
  const layer = tar(files);
  const config = JSON.stringify({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: entrypoint, Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
  });
  const name = `${sha256(config)}.json`;
  const manifest = JSON.stringify([{ Config: name, RepoTags: [tag], Layers: ['layer.tar'] }]);
  return tar([
    { path: name, content: config },
    { path: 'layer.tar', content: layer },
    { path: 'manifest.json', content: manifest },
  ]);
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
