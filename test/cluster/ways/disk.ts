/** A disk of a node: a file behind a loop device, with the word on it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attack } from './attack.ts';

export interface Disk {
  /** `/dev/loopN`. */
  device: string;
  number: number;
}

/** Attaches it, has it read, and takes it away again; throws `Refused` unless what is read holds the word. */
export async function onDisk(attack: Attack, read: (disk: Disk) => Promise<string>): Promise<void> {
  const { cluster, place } = attack;
  const file = join(cluster.dir, `${place.ns}.disk`);
  writeFileSync(file, Buffer.concat([Buffer.from(place.word), Buffer.alloc(65_536)]));
  const device = (await cluster.onNode('node1', ['losetup', '-f', '--show', file])).trim();
  try {
    attack.finds(await read({ device, number: Number(device.replace('/dev/loop', '')) }));
  } finally {
    await cluster.onNode('node1', ['losetup', '-d', device]);
  }
}
