/** Lists of connections as the corpus writes them, made comparable: ranges of addresses are cut at all boundaries. */
import { parseAddress } from '../../src/engines/network/addresses.ts';

export type Conns = 'all' | Record<string, string[]>;
export interface Row {
  src: string;
  dst: string;
  conns: Conns;
}

/** By source and destination what may flow, as a text that is equal for what is equal. */
export function comparable(rows: readonly Row[], cuts: readonly bigint[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { src, dst, conns } of rows) {
    for (const from of pieces(src, cuts)) for (const to of pieces(dst, cuts)) found.set(`${from} -> ${to}`, normal(conns));
  }
  return found;
}

export function cutsOf(...lists: readonly (readonly Row[])[]): bigint[] {
  const ends = lists.flat().flatMap(({ src, dst }) => [src, dst].filter((end) => end.startsWith('ip:')));
  return [...new Set(ends.flatMap((end) => rangesOf(end).flatMap(([low, high]) => [low, high + 1n])))].toSorted((a, b) => (a < b ? -1 : 1));
}

export function differences(want: ReadonlyMap<string, string>, got: ReadonlyMap<string, string>): string[] {
  const keys = new Set([...want.keys(), ...got.keys()]);
  return [...keys]
    .filter((key) => want.get(key) !== got.get(key))
    .map((key) => `${key}: ${got.get(key) ?? 'none'}, expected ${want.get(key) ?? 'none'}`);
}

function pieces(end: string, cuts: readonly bigint[]): string[] {
  if (!end.startsWith('ip:')) return [peerName(end)];
  return rangesOf(end).flatMap(([low, high]) => cuts.filter((cut) => cut >= low && cut <= high).map((cut) => `ip#${cut}`));
}

function rangesOf(end: string): [bigint, bigint][] {
  return end
    .slice(3)
    .split(',')
    .map((part) => {
      const [low = '', high = low] = part.split('-');
      return [parseAddress(low) ?? 0n, parseAddress(high) ?? 0n];
    });
}

export function normal(conns: Conns): string {
  if (conns === 'all') return 'all';
  const parts = Object.entries(conns).map(([protocol, ports]) => `${protocol} ${ports.toSorted().join(',')}`);
  const whole = parts.toSorted().join(';');
  return whole === 'SCTP 1-65535;TCP 1-65535;UDP 1-65535' ? 'all' : whole;
}

/** The corpus prints expressions as Go does, we as kubectl does. */
function peerName(peer: string): string {
  return peer.replaceAll(/with \{(.*?)\}\](?=\/|$)/g, (_, text: string) => {
    const terms: string[] = [];
    const labels = text.replaceAll(
      /\{Key:([^,]+),Operator:(\w+),Values:\[([^\]]*)\],\}/g,
      (_whole, key: string, operator: string, values: string) => {
        terms.push(term(key, operator, values.split(' ')));
        return '';
      },
    );
    const ours = labels.replaceAll(/([^\s,!]+) (in|notin) \(([^)]*)\)/g, (_whole, key: string, operator: string, values: string) => {
      terms.push(term(key, operator === 'in' ? 'In' : 'NotIn', values.split(',')));
      return '';
    });
    for (const part of ours.split(',').filter((part) => part !== '')) {
      const [key = '', value] = part.split('=');
      terms.push(
        value === undefined
          ? key.startsWith('!')
            ? term(key.slice(1), 'DoesNotExist', [])
            : term(key, 'Exists', [])
          : term(key, 'In', [value]),
      );
    }
    return `with {${terms.toSorted().join(' ')}}]`;
  });
}

function term(key: string, operator: string, values: readonly string[]): string {
  return `${key}:${operator}:${values
    .filter((value) => value !== '')
    .toSorted()
    .join('|')}`;
}
