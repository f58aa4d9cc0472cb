/**
 * Whether some rules say all that another one says, of pods that exist and of any that may come: proved from how they
 * are written, so that what is not found here may still hold by chance of the pods that are there.
 */
import type { Labels } from '../../../model/index.ts';
import { type Intervals, difference, intersection } from '../intervals.ts';
import type { NamedPort, Peer, PodPeer, PortMatch, Rule } from '../policy.ts';
import { ALL_PORTS } from '../ports.ts';
import { named } from '../selection.ts';
import { type Selector, covers, isEverything, matches } from '../selector.ts';
import { NAME_LABEL } from '../world.ts';

export type Namespaces = ReadonlyMap<string, Labels>;

/** Whether every pod that `inner` may ever mean is meant by `outer`. A namespace that is named has the labels that it has. */
export function coversPods(outer: PodPeer, inner: PodPeer, namespaces: Namespaces): boolean {
  return covers(outer.pods, inner.pods) && coversNamespaces(outer.namespaces, inner.namespaces, namespaces);
}

function coversNamespaces(outer: Selector | string, inner: Selector | string, namespaces: Namespaces): boolean {
  if (outer === inner) return true;
  if (typeof inner !== 'string') return covers(typeof outer === 'string' ? named(outer) : outer, inner);
  return typeof outer !== 'string' && matches(outer, namespaces.get(inner) ?? { [NAME_LABEL]: inner });
}

/** Those of `others` that together say all that `rule` says; undefined where something is left. */
export function coveredBy<T extends { readonly rule: Rule }>(rule: Rule, others: readonly T[], namespaces: Namespaces): T[] | undefined {
  const used = new Set<T>();
  for (const peer of rule.peers ?? [undefined]) {
    let left = boxesOf(peer, rule.ports);
    if (left === undefined) return undefined;
    for (const other of others) {
      if (left.length === 0) break;
      const rest: Box[] = left.flatMap((box) => without(box, other.rule, { peer, namespaces }));
      if (!isSame(rest, left)) used.add(other);
      left = rest;
    }
    if (left.length > 0) return undefined;
  }
  return [...used];
}

interface Box {
  /** Undefined where the peer is no range. */
  readonly addresses: Intervals<bigint> | undefined;
  readonly numbers: Intervals<number>;
  readonly names: readonly NamedPort[];
}

/** Undefined for names in DNS, of which nothing can be proved. */
function boxesOf(peer: Peer | undefined, ports: PortMatch | undefined): Box[] | undefined {
  if (peer?.kind === 'names') return undefined;
  const addresses = peer?.kind === 'addresses' ? peer.set : undefined;
  return [{ addresses, numbers: ports?.numbers ?? ALL_PORTS, names: ports?.names ?? [] }];
}

function without(box: Box, rule: Rule, { peer, namespaces }: { peer: Peer | undefined; namespaces: Namespaces }): Box[] {
  if (rule.peers === undefined) return sound([lessPorts(box, rule.ports)]);
  if (peer === undefined) return [box];
  if (peer.kind !== 'addresses')
    return rule.peers.some((other) => coversPeer(other, peer, namespaces)) ? sound([lessPorts(box, rule.ports)]) : [box];
  let boxes = [box];
  for (const other of rule.peers) {
    if (other.kind !== 'addresses') continue;
    boxes = boxes.flatMap((one) => {
      const addresses = one.addresses ?? [];
      const inside = { ...one, addresses: intersection(addresses, other.set) };
      if (inside.addresses.length === 0) return [one];
      return sound([{ ...one, addresses: difference(addresses, other.set) }, lessPorts(inside, rule.ports)]);
    });
  }
  return boxes;
}

function coversPeer(outer: Peer, inner: Peer, namespaces: Namespaces): boolean {
  if (outer.kind === 'pods' && inner.kind === 'pods') return coversPods(outer, inner, namespaces);
  return outer.kind === 'nodes' && inner.kind === 'nodes' && (isEverything(outer.nodes) || covers(outer.nodes, inner.nodes));
}

function lessPorts(box: Box, ports: PortMatch | undefined): Box {
  if (ports === undefined) return { ...box, numbers: [], names: [] };
  const isNamed = ({ name, protocol }: NamedPort): boolean =>
    ports.names.some((other) => other.name === name && (other.protocol === undefined || other.protocol === protocol));
  return { ...box, numbers: difference(box.numbers, ports.numbers), names: box.names.filter((one) => !isNamed(one)) };
}

function sound(boxes: Box[]): Box[] {
  return boxes.filter(({ addresses, numbers, names }) => addresses?.length !== 0 && (numbers.length > 0 || names.length > 0));
}

function isSame(one: readonly Box[], other: readonly Box[]): boolean {
  return one.length === other.length && one.every((box, index) => box === other[index]);
}
