/**
 * The kernel's table of connections as `conntrack -L` and `-E` print it, and as /proc/net/nf_conntrack shows it. The second
 * pair of addresses is the answer's: it names the real destination where a Service was asked.
 */
import { type FlowFormat, type Read, portOf, protocolOf, timeOf } from './flow.ts';

export const CONNTRACK: FlowFormat = {
  name: 'conntrack',
  begin: (line) => (/\bsrc=\S+ dst=\S+ .*\bsrc=\S+ dst=\S+/.test(line) ? read : undefined),
};

const TIME = /^\s*\[(\d+\.\d+)\s*\]/;
const EVENT = /\[(NEW|UPDATE|DESTROY)\]/;
const PROTOCOL = /(?:^|\s)(tcp|udp|sctp|icmp|icmpv6|dccp|gre|udplite|unknown)\s+\d+\s/;

function read(line: string, at: number): Read {
  if (/^conntrack v|^\s*$/.test(line)) return 'other';
  const name = PROTOCOL.exec(line)?.[1];
  const values = (key: string): string[] => [...line.matchAll(new RegExp(`\\b${key}=(\\S+)`, 'g'))].map((match) => match[1] ?? '');
  const [source, answeredTo] = values('src');
  const [asked] = values('dst');
  if (name === undefined || source === undefined || asked === undefined) return undefined;
  const protocol = protocolOf(name);
  if (protocol === undefined) return 'other';
  const [port, realPort] = [portOf(values('dport')[0]), portOf(values('sport')[1])];
  const stamped = TIME.exec(line)?.[1];
  const time = stamped === undefined ? at : timeOf(stamped);
  if (port === undefined || time === undefined) return undefined;
  return {
    time,
    source: { address: source },
    destination: { address: answeredTo ?? asked },
    protocol,
    port: realPort ?? port,
    // Without an answer nobody knows whether it was let through.
    outcome: line.includes('[UNREPLIED]') ? 'unclear' : 'allowed',
    ...(EVENT.exec(line)?.[1] === 'DESTROY' && { late: true }),
  };
}
