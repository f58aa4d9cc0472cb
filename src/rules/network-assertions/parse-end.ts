/**
 * The ends of an assertion, and the ports behind the second one:
 *
 *     *                        every pod
 *     web                      the workload, the namespace or the Service of that name
 *     env=prod,tier in (a,b)   pods with these labels, their own or those of their namespace
 *     tenant(a), tenant(*)     a tenant, or each of them
 *     internet                 all public addresses
 *     shop/web, shop/[app=web], svc:shop/web:80, 10.0.0.0/8   as in every question about the network
 *     … or …                   several of them
 *
 * Ports stand behind a colon: `:8443`, `:8443/TCP,53/UDP,8000-8010`, `:http`, `:UDP` for a whole protocol, `:any` for
 * one of them, whichever; behind addresses of IPv6 `[fd00::/8]:443`.
 */
import {
  type Intervals,
  type NamedPort,
  type Protocol,
  PROTOCOLS,
  isProtocol,
  parsePeer,
  parseSelectorText,
  portRange,
  union,
  wholeProtocol,
} from '../../engines/network/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import type { End, EndName, PortsAsked } from './assertion.ts';

/** What is wrong with a part of a text, and where in it the part begins, from 0. */
export class EndFault extends Error {
  readonly at: number;
  readonly length: number;

  constructor(what: string, at: number, length: number) {
    super(what);
    this.at = at;
    this.length = length;
  }
}

const BARE = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const TENANT = /^tenant\(\s*([^()\s]+)\s*\)$/;

/** @throws EndFault */
export function parseEnd(text: string): End {
  const names: EndName[] = [];
  let at = 0;
  for (const part of text.split(/(\sor\s)/)) {
    if (!/^\sor\s$/.test(part)) names.push(nameIn(part, at));
    at += part.length;
  }
  return { text: text.trim(), names };
}

/** With the ports that stand behind it. */
export function parseTarget(text: string): { to: End; ports: PortsAsked | undefined } {
  const [end, ports] = withoutPorts(text);
  return { to: parseEnd(end), ports: ports === undefined ? undefined : parsePorts(ports, end.length + 1) };
}

function nameIn(part: string, from: number): EndName {
  const text = part.trim();
  const at = from + part.indexOf(text);
  if (text === '') throw new EndFault('an end of the connection is missing', from, part.length);
  if (text === '*') return { kind: 'peer', text: '*/*' };
  if (text === 'internet') return { kind: 'internet' };
  const [, tenant] = TENANT.exec(text) ?? [];
  if (tenant !== undefined) return { kind: 'tenant', text: tenant };
  if (BARE.test(text) && !/^[\d.]+$/.test(text)) return { kind: 'name', text };
  const bracketed = /^\[([\da-fA-F:.]+(?:\/\d+)?)\]$/.exec(text)?.[1];
  if (bracketed?.includes(':') === true) return peerOf(bracketed, at, text.length);
  if (!text.includes('[') && /[=!]|\s(in|notin)\s*\(/.test(text)) {
    if (parseSelectorText(text) !== undefined) return { kind: 'labels', text };
    throw new EndFault(`"${text}" is no selector of labels such as app=web,tier in (a,b),!old`, at, text.length);
  }
  return peerOf(text, at, text.length);
}

function peerOf(text: string, at: number, length: number): EndName {
  try {
    parsePeer(text);
  } catch (error) {
    if (error instanceof CastellanError) throw new EndFault(error.message, at, length);
    throw error;
  }
  return { kind: 'peer', text };
}

/** What stands before the last colon that is in no brackets, and what behind; a Service keeps its port. */
function withoutPorts(text: string): [end: string, ports: string | undefined] {
  const colon = text.lastIndexOf(':');
  const [end, ports] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  if (colon < 0 || text.trim().startsWith('svc:') || /[\])]/.test(ports)) return [text, undefined];
  const address = end.trim().replace(/^ip6?:/, '');
  const isPartOfAddress = /^ip6?$/.test(address) || (address.includes(':') && /^[\da-fA-F:.]+$/.test(address));
  return isPartOfAddress ? [text, undefined] : [end, ports];
}

const PORT = /^(?:(\d{1,5})(?:-(\d{1,5}))?|([a-z0-9](?:[-a-z0-9]*[a-z0-9])?))(?:\/([A-Za-z]+))?$/;

function parsePorts(text: string, from: number): PortsAsked {
  let numbers: Intervals<number> = [];
  const names: NamedPort[] = [];
  let at = from;
  if (text.trim() === 'any') return { numbers, names, any: true };
  for (const piece of text.split(',')) {
    const item = piece.trim();
    const wrong = (what: string): EndFault => new EndFault(what, at + Math.max(0, piece.indexOf(item)), item.length);
    const whole = PROTOCOLS.find((one) => one === item);
    const [, low = '', high = low, name, protocol = 'TCP'] = PORT.exec(item) ?? [];
    if (whole !== undefined) numbers = union(numbers, wholeProtocol(whole));
    else if (low === '' && name === undefined) throw wrong(`"${item}" is no port such as 8443, 8443/TCP, 8000-8010 or http`);
    else if (!isProtocol(protocol)) throw wrong(`"${protocol}" is none of ${PROTOCOLS.join(', ')}`);
    else if (name !== undefined) names.push({ name, protocol: item.includes('/') ? protocol : undefined });
    else numbers = union(numbers, rangeOf({ low: Number(low), high: Number(high), protocol }, item, wrong));
    at += piece.length + 1;
  }
  return { numbers, names, any: false };
}

function rangeOf(
  { low, high, protocol }: { low: number; high: number; protocol: Protocol },
  item: string,
  wrong: (what: string) => EndFault,
): Intervals<number> {
  if (low < 1 || high > 65535) throw wrong(`"${item}" is not between 1 and 65535`);
  if (high < low) throw wrong(`"${item}" ends before it begins`);
  return portRange(protocol, low, high);
}
