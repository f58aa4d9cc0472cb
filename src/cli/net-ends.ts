/** The ends and ports that `net query` and `net why` are asked about; what no answer could be true of is told instead. */
import {
  type Intervals,
  type Peer,
  Peers,
  type Relation,
  askedOn,
  connsOf,
  connsText,
  pairsOf,
  parsePeer,
  portRange,
  union,
} from '../engines/network/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { portOf } from './net-input.ts';

export interface NetQuestion {
  readonly ends: { readonly from: readonly Peer[]; readonly to: readonly Peer[] };
  /** Undefined is every port. */
  readonly only: Intervals<number> | undefined;
}

/**
 * @throws CAS_USAGE for a port that the pods behind a Service are not asked for
 * @throws CAS_PEER where an end names nothing, or both are outside
 */
export function netQuestion(relation: Relation, { from, to, port }: { from: string; to: string; port: string | undefined }): NetQuestion {
  const asked = port === undefined ? undefined : portOf(port);
  const only = asked === undefined ? undefined : portRange(asked.protocol, asked.port, asked.port);
  const peers = new Peers(relation);
  const ends = { from: peers.find(from), to: peers.find(to, 'destination') };
  if (only !== undefined && parsePeer(to).kind === 'service' && ends.to.every((peer) => askedOn(peer, only).length === 0)) {
    const ports = ends.to.reduce<Intervals<number>>((all, peer) => union(all, peer.ports ?? []), []);
    throw new CastellanError(
      'CAS_USAGE',
      `--port is a port of the pods, and of those behind "${to}" it leads to ${connsText(connsOf(ports))}`,
      {
        remedy: 'Name the port of the Service behind its name, as in svc:shop/web:80, and leave --port out.',
      },
    );
  }
  if (pairsOf(ends).next().done === true)
    throw new CastellanError('CAS_PEER', `"${from}" and "${to}" are both outside of the pods: no policy has a say there`, {
      remedy: ends.to.some(({ outside }) => !outside)
        ? 'From outside nothing leads to the address of a Service; name the Service as svc:ns/name.'
        : 'Name a workload at one end.',
    });
  return { ends, only };
}
