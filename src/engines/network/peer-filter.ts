/** The ends that a text names in either of two states of a cluster, to ask only for what concerns them. */
import { EVERY_ADDRESS } from './addresses.ts';
import { type Intervals, union } from './intervals.ts';
import { parsePeer } from './peer-text.ts';
import { Peers } from './peers.ts';
import { Relation } from './relation.ts';
import type { World } from './world.ts';

export interface PeerFilter {
  /** Of workloads; undefined is any. */
  readonly names: ReadonlySet<string> | undefined;
  readonly addresses: Intervals<bigint>;
}

const ANY: PeerFilter = { names: undefined, addresses: EVERY_ADDRESS };

/** @throws CAS_PEER where no state has anything of the name */
export function peerFilter(worlds: readonly World[], text: string | undefined, side: 'source' | 'destination'): PeerFilter {
  if (text === undefined) return ANY;
  const names = new Set<string>();
  let addresses: Intervals<bigint> = [];
  let fault: unknown;
  let found = false;
  for (const world of worlds) {
    try {
      for (const peer of new Peers(new Relation(world)).find(text, side)) {
        found = true;
        if (!peer.outside) names.add(peer.name);
        const name = parsePeer(text);
        if (peer.outside && name.kind === 'addresses') addresses = union(addresses, name.set);
      }
    } catch (error) {
      fault = error;
    }
  }
  if (!found) throw fault;
  return { names, addresses };
}
