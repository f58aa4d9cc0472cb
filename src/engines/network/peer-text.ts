// How people name the ends of a connection, in every question and assertion:
//
//     shop/web[Deployment]     a workload, by its controller; [Pod] is a pod that nobody controls
//     shop/web                 a pod, or the only workload of that name
//     shop/*                   all pods of a namespace
//     shop/[app=web]           those with the labels, as kubectl selects them; */[app=web] in every namespace
//     [team=a]/*               all pods of the namespaces with the labels; */* is every pod
//     svc:shop/web:80          the pods behind a Service, on the ports behind its port (number or name; all without)
//     10.1.2.3, 10.0.0.0/8     addresses: the pods that have them, and what is outside. Also ip:10.1.2.3 and ip:LOW-HIGH
//     ingress-controller       a pod of which nothing is known, as an ingress controller elsewhere is

import { CastellanError } from '../../lib/errors.ts';
import { familyOf, parseAddress, parseCidr } from './addresses.ts';
import { type Intervals, union } from './intervals.ts';
import { EVERYTHING, type Selector } from './selector.ts';
import { parseSelectorText } from './selector-text.ts';

/** What a text names, before anybody knows whether it is there. */
export type PeerName =
  | { readonly kind: 'workload'; readonly namespace: string; readonly name: string; readonly workload: string | undefined }
  | { readonly kind: 'pods'; readonly namespaces: Selector | string; readonly pods: Selector }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string; readonly port: number | string | undefined }
  | { readonly kind: 'addresses'; readonly set: Intervals<bigint> }
  | { readonly kind: 'anybody' };

const WORKLOAD = /^([^/[\]*]+)\/([^/[\]*]+)(?:\[(\w+)\])?$/;
const PODS = /^(\*|[^/[\]*]+|\[[^\]]*\])\/(\*|\[[^\]]*\])$/;
const SERVICE = /^svc:([^/:[\]*]+)\/([^/:[\]*]+)(?::([\w-]+))?$/;
const ANYBODY = new Set(['ingress-controller', 'entire-cluster']);

/** @throws CAS_PEER with what is wrong with the text */
export function parsePeer(text: string): PeerName {
  if (ANYBODY.has(text)) return { kind: 'anybody' };
  const [, of = '', service = '', port] = SERVICE.exec(text) ?? [];
  if (service !== '') return { kind: 'service', namespace: of, name: service, port: portOf(port) };
  if (text.startsWith('svc:')) throw wrong(text, 'names no Service: svc:ns/name, or svc:ns/name:port');
  const addresses = addressesOf(text);
  if (addresses !== undefined) return addresses;
  const [, namespaces, pods] = PODS.exec(text) ?? [];
  if (namespaces !== undefined && pods !== undefined) {
    return {
      kind: 'pods',
      namespaces: namespaces === '*' ? EVERYTHING : namespaces.startsWith('[') ? selectorIn(text, namespaces) : namespaces,
      pods: pods === '*' ? EVERYTHING : selectorIn(text, pods),
    };
  }
  const [, namespace = '', name = '', workload] = WORKLOAD.exec(text) ?? [];
  if (name !== '') return { kind: 'workload', namespace, name, workload };
  throw wrong(text, 'names no end of a connection');
}

function selectorIn(text: string, bracketed: string): Selector {
  const selector = parseSelectorText(bracketed.slice(1, -1));
  if (selector !== undefined) return selector;
  throw wrong(text, `has ${bracketed}, which is no selector of labels such as [app=web,tier in (a,b),!old]`);
}

/** Undefined for what does not look like addresses; with `ip:` in front it has to be some. */
function addressesOf(text: string): PeerName | undefined {
  const [, prefix = '', rest = ''] = /^(ip6?:)?(.*)$/s.exec(text) ?? [];
  let set: Intervals<bigint> = [];
  for (const part of rest.split(',')) {
    const range = rangeOf(part);
    if (range === undefined) {
      if (prefix === '' && !/^[\d.]+\/\d+$|::/.test(text)) return undefined;
      throw wrong(text, 'is no address, and no range such as 10.0.0.0/8 or ip:10.0.0.0-10.0.0.255');
    }
    set = union(set, range);
  }
  return { kind: 'addresses', set };
}

function rangeOf(text: string): Intervals<bigint> | undefined {
  if (text.includes('/')) return parseCidr(text);
  const [low, high, ...more] = text.split('-').map(parseAddress);
  if (low === undefined || more.length > 0) return undefined;
  if (!text.includes('-')) return [low, low + 1n];
  return high === undefined || high < low || familyOf(low) !== familyOf(high) ? undefined : [low, high + 1n];
}

function portOf(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

function wrong(text: string, what: string): CastellanError {
  return new CastellanError('CAS_PEER', `"${text}" ${what}`);
}
