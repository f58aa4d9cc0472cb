/** What a rule asks for, in the words in which ends are named on the command line (peer-text.ts). */
import { rangesTexts } from './addresses.ts';
import type { Peer, Rule } from './policy.ts';
import { connsOf } from './ports.ts';
import { type Selector, isEverything } from './selector.ts';

export function peersText({ peers }: Rule): string {
  return peers === undefined ? 'anybody' : peers.map(peerText).join(', ');
}

function peerText(peer: Peer): string {
  switch (peer.kind) {
    case 'pods': {
      const where = typeof peer.namespaces === 'string' ? peer.namespaces : selectorText(peer.namespaces);
      return `${where}/${selectorText(peer.pods)}`;
    }
    case 'addresses':
      return rangesTexts(peer.set).join(' ');
    case 'nodes':
      return `nodes ${selectorText(peer.nodes)}`;
    default:
      return 'DNS names';
  }
}

function selectorText(selector: Selector): string {
  return isEverything(selector) ? '*' : `[${selector.key}]`;
}

/** Named ports by their names, whatever they mean on a pod. */
export function portsText({ ports }: Rule): string {
  if (ports === undefined) return 'all ports';
  const conns = connsOf(ports.numbers);
  const numbers = conns === 'all' ? ['all ports'] : Object.entries(conns).map(([protocol, list]) => `${protocol} ${list?.join(',')}`);
  const names = ports.names.map(({ name, protocol }) => `${protocol ?? 'port'} "${name}"`);
  return [...numbers, ...names].join('; ');
}
