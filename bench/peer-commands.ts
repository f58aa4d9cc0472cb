/** The tools that Castellan is measured against, as commands over an input. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import type { Input } from './inputs.ts';
import type { Command } from './measure.ts';
import { isMissing, type Peer, peer, type PeerName } from './peers.ts';
import type { Settings } from './settings.ts';

/** Those that are there, and a note for each that is not. */
export function findPeers(settings: Settings, names: readonly PeerName[]): { peers: Peer[]; notes: string[] } {
  const peers: Peer[] = [];
  const notes: string[] = [];
  for (const name of names) {
    const found = peer(name, settings.install);
    if (isMissing(found)) notes.push(`${name} skipped: ${found.why}`);
    else peers.push(found);
  }
  return { peers, notes };
}

export function peerCommand(found: Peer, input: Input): Command {
  const result = output(found.name);
  const argv = {
    'kube-score': [found.binary, 'score', '-o', 'json', ...input.files],
    checkov: [found.binary, '-d', '.', '--framework', 'kubernetes', '-o', 'json', '--compact', '--skip-download', '--quiet'],
  };
  return {
    name: found.name,
    argv: argv[found.name],
    cwd: input.folder,
    stdout: result,
    answers: [0, 1],
    ...(found.name === 'checkov' && { most: 2 }),
    verify: () => (/^\s*[[{]/.test(beginning(result)) ? undefined : 'gave no answer'),
  };
}

/** What a command wrote first. */
export function beginning(file: string): string {
  if (!existsSync(file)) return '';
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(4096);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** Where a command writes. */
export function output(name: string): string {
  return join(cacheFolder('results'), `${name}.out`);
}
