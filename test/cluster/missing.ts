/** What a test needs that is not here. */
import { spawnSync } from 'node:child_process';
import { findProgram, isStatic } from './find-program.ts';
import { DEFAULT_RELEASE } from './options.ts';
import { builtFolder, goVersion, type Part, type Release } from './parts.ts';

export interface Needs {
  /** 1.36.3. */
  release?: Release;
  /** Will `simulate` be called? */
  simulated?: boolean;
  /** How many real nodes. */
  nodes?: number;
  /** Does it look at processes in /proc? */
  linux?: boolean;
}

/** Called for on a node from outside or inside of it, and the Debian package that has it. */
const NODE_PROGRAMS = {
  bash: 'bash',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  ip: 'iproute2',
  nft: 'nftables',
  busybox: 'busybox-static',
};

/** In words, or undefined when all is here. Throws instead where the environment says that it must be here. */
export function missingFor(needs: Needs): string | undefined {
  if (needs.linux === true && process.platform !== 'linux') return 'needs Linux';
  const control = missingPart(`control-${needs.release ?? DEFAULT_RELEASE}`);
  if (control !== undefined) return unlessRequired('CASTELLAN_REQUIRE_CLUSTER', control);
  const simulated = needs.simulated === true ? missingPart('kwok') : undefined;
  const more = simulated ?? ((needs.nodes ?? 0) > 0 ? missingForNodes() : undefined);
  return more === undefined ? undefined : unlessRequired('CASTELLAN_REQUIRE_NODES', more);
}

function missingForNodes(): string | undefined {
  if (process.platform !== 'linux') return 'real nodes need Linux';
  if (process.getuid?.() !== 0) return 'real nodes need root';
  const absent = Object.entries(NODE_PROGRAMS).filter(([program]) => findProgram(program) === undefined);
  if (absent.length > 0) return `not installed: ${absent.map(([program, debian]) => `${program} (Debian: ${debian})`).join(', ')}`;
  if (!isStatic(findProgram('busybox') ?? '')) return 'busybox needs libraries, which an image of it has not (Debian: busybox-static)';
  if (spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true']).status !== 0) return 'root may make no namespaces here';
  return missingPart('node');
}

function missingPart(part: Part): string | undefined {
  if (builtFolder(part) !== undefined) return undefined;
  if (goVersion() === undefined) return `${part} is not built, and Go is not installed`;
  return `${part} is not built; run: node test/cluster/build/build.ts ${part}`;
}

function unlessRequired(variable: string, missing: string): string {
  if ((process.env[variable] ?? '') !== '') throw new Error(`${missing}, but ${variable} is set`);
  return missing;
}
