/** `castellan net why`: who decides what may flow between two ends, for each direction and port. */
import { ANYBODY, type Conns, type Part, type Peer, Peers, Relation, isProtocol, why } from '../engines/network/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { connsText } from './net-list.ts';
import { type NetFlags, netFormat, readNet, writeTable } from './net-input.ts';

export interface NetWhyFlags extends NetFlags {
  from?: string;
  to?: string;
  port?: string;
}

export async function runNetWhy(paths: readonly string[], flags: NetWhyFlags): Promise<number> {
  const format = netFormat('why', flags);
  const { from, to } = flags;
  if (from === undefined || to === undefined) throw new CastellanError('CAS_USAGE', 'net why needs --from and --to');
  const port = flags.port === undefined ? undefined : portOf(flags.port);
  const relation = new Relation(await readNet(paths, flags), [ANYBODY]);
  const peers = new Peers(relation);
  const found = why(relation, { from: idsOf(peers.find(from)), to: idsOf(peers.find(to)) }, port);
  if (format === 'json') {
    stdout.write(`${JSON.stringify({ schema: 'castellan/net-why/v1', from, to, ...found })}\n`);
    stdout.end();
  } else writeAnswer(found);
  return 0;
}

function writeAnswer({ allowed, parts }: { allowed: Conns; parts: readonly Part[] }): void {
  stdout.write(`allowed: ${connsText(allowed)}\n\n`);
  writeTable(
    ['PORTS', 'VERDICT', 'EGRESS', 'INGRESS'],
    parts.map(({ conns, verdict, egress, ingress }) => [connsText(conns), verdict, sideText(egress), sideText(ingress)]),
  );
}

/** Who decides on one side. */
export function sideText({ verdict, by, default: nobody, missed = [] }: Part['ingress']): string {
  if (nobody) return 'allow: no policy';
  const near = missed.slice(0, 3).map(({ rule, on }) => `${rule} is for ${on === 'peer' ? 'other peers' : 'other ports'}`);
  return `${verdict}: ${by.join(', ')}${near.length > 0 ? ` (${near.join('; ')})` : ''}`;
}

function idsOf(peers: readonly Peer[]): number[] {
  return [...new Set(peers.flatMap(({ ids }) => ids))];
}

function portOf(text: string): { protocol: 'TCP' | 'UDP' | 'SCTP'; port: number } {
  const [number = '', protocol = 'TCP'] = text.split('/');
  const port = /^\d{1,5}$/.test(number) ? Number(number) : 0;
  if (port < 1 || port > 65535 || !isProtocol(protocol))
    throw new CastellanError('CAS_USAGE', `--port takes a port such as 80/TCP or 53/UDP, not "${text}"`);
  return { protocol, port };
}
