/** What is opened, connection by connection, as people read it. */
import { type Conns, type Intervals, connsOf, union } from '../../engines/network/index.ts';
import { type Evidence, uniqueEvidence } from './evidence.ts';
import { type Link, type LinkPeer } from './links.ts';
import type { Unit } from './units.ts';

export interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly conns: Conns;
  readonly evidence: readonly Evidence[];
}

/** By source and destination. */
export function connectionsOf(links: readonly Link[]): Connection[] {
  const found = new Map<string, { src: string; dst: string; ports: Intervals<number>; evidence: Evidence[] }>();
  for (const { unit, direction, peer, ports, evidence } of links) {
    const [src, dst] = direction === 'egress' ? [unitText(unit), peerText(peer)] : [peerText(peer), unitText(unit)];
    const known = found.get(`${src}\0${dst}`) ?? { src, dst, ports: [], evidence: [] };
    found.set(`${src}\0${dst}`, { ...known, ports: union(known.ports, ports), evidence: [...known.evidence, ...evidence] });
  }
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { src, dst, ports, evidence }]) => ({ src, dst, conns: connsOf(ports), evidence: uniqueEvidence(evidence) }));
}

function unitText({ apps }: Unit): string {
  return apps.map(({ key }) => key).join(' or ');
}

export function peerText(peer: LinkPeer): string {
  switch (peer.kind) {
    case 'unit':
      return unitText(peer.unit);
    case 'addresses':
      return peer.except === undefined ? peer.cidr : `${peer.cidr} except ${peer.except.join(', ')}`;
    case 'anybody':
      return 'the whole cluster';
    default: {
      const labels = Object.entries(peer.labels).map(([key, value]) => `${key}=${value}`);
      return `${peer.namespace}/${labels.length === 0 ? '*' : `[${labels.join(',')}]`}`;
    }
  }
}
