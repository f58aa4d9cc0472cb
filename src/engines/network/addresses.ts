/**
 * Addresses of both families on one line, as bigints: IPv4 first, IPv6 behind it. A range of one family never touches
 * the other, as `0.0.0.0/0` says nothing of IPv6.
 */
import { type Intervals, intersection, spans, union } from './intervals.ts';

const V4_END = 1n << 32n;
/** Where IPv6 begins on the line. */
const V6 = 1n << 64n;
const V6_END = V6 + (1n << 128n);

export type Family = 4 | 6;
export const WHOLE: Readonly<Record<Family, Intervals<bigint>>> = { 4: [0n, V4_END], 6: [V6, V6_END] };
export const ALL_ADDRESSES: readonly Intervals<bigint>[] = [WHOLE[4], WHOLE[6]];
export const EVERY_ADDRESS: Intervals<bigint> = [...WHOLE[4], ...WHOLE[6]];

export function familyOf(address: bigint): Family {
  return address < V4_END ? 4 : 6;
}

/** Undefined for what is no address. An IPv4 address in the clothes of IPv6 is the IPv4 address. */
export function parseAddress(text: string): bigint | undefined {
  if (!text.includes(':')) return parseV4(text);
  const value = parseV6(text);
  if (value === undefined) return undefined;
  return value >> 32n === 0xffffn ? value & 0xffff_ffffn : V6 + value;
}

/**
 * The addresses of `10.0.0.0/8`; undefined for what is no range. Reads all that Kubernetes ever took: bits behind the
 * prefix are ignored, and zeros before a number say nothing.
 */
export function parseCidr(text: string): Intervals<bigint> | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d+$/.test(length)) return undefined;
  const plain = parseAddress(address);
  if (plain === undefined) return undefined;
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8, and what is wider than all of IPv4 is a range of IPv6.
  const clothed = familyOf(plain) === 4 && address.includes(':');
  const start = clothed && Number(length) < 96 ? V6 + (0xffffn << 32n) + plain : plain;
  const family = familyOf(start);
  const prefix = Number(length) - (family === 4 && clothed ? 96 : 0);
  const bits = family === 4 ? 32 : 128;
  if (prefix < 0 || prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const base = family === 4 ? 0n : V6;
  const first = base + ((start - base) / size) * size;
  return [first, first + size];
}

/** The addresses of several ranges; what is none counts for nothing. */
export function addressesIn(cidrs: readonly string[]): Intervals<bigint> {
  return cidrs.reduce<Intervals<bigint>>((all, cidr) => union(all, parseCidr(cidr) ?? []), []);
}

/** Why releases of Kubernetes that are strict do not take a range that older ones read; undefined where they do. */
export function looseCidr(text: string): string | undefined {
  const [address = '', length = ''] = text.split('/');
  const start = parseAddress(address);
  const dotted = address.slice(address.lastIndexOf(':') + 1);
  const zeros = dotted.includes('.') && dotted.split('.').some((part) => /^0\d/.test(part));
  if (zeros || /^0\d/.test(length) || /[0-9a-f]{5}/i.test(address)) return 'has zeros before a number';
  if (start !== undefined && familyOf(start) === 4 && address.includes(':')) return 'is a range of IPv4 written as IPv6';
  return undefined;
}

/** Whether any bit behind the prefix is set, as in `10.0.0.1/8`. */
export function hasHostBits(text: string): boolean {
  return parseCidr(text)?.[0] !== parseAddress(text.split('/')[0] ?? '');
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = dotted === null ? undefined : parseV4(dotted[2] ?? '');
  if (dotted !== null && tail === undefined) return undefined;
  const whole = tail === undefined ? text : `${dotted?.[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const halves = whole.split('::');
  if (halves.length > 2) return undefined;
  const [front = [], back] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - front.length - (back?.length ?? 0);
  if (back === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...front, ...Array.from({ length: back === undefined ? 0 : missing }, () => '0'), ...(back ?? [])];
  if (!groups.every((group) => /^0*[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

export function addressText(address: bigint): string {
  if (familyOf(address) === 4) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
  const value = address - V6;
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16)).join(':');
  // The longest run of zeros is left out, as RFC 5952 writes it.
  const runs = groups.match(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups;
  const at = groups.search(new RegExp(`(?<![0-9a-f])${longest}(?![0-9a-f])`));
  return `${groups.slice(0, at).replace(/:$/, '')}::${groups.slice(at + longest.length).replace(/^:/, '')}`;
}

/** `ip:LOW-HIGH`, several with commas between; of IPv6 `ip6:`. */
export function rangesText(set: Intervals<bigint>): string {
  const parts = [...spans(set)].map(([start, end]) => `${addressText(start)}-${addressText(end - 1n)}`);
  return `${familyOf(set[0] ?? 0n) === 4 ? 'ip' : 'ip6'}:${parts.join(',')}`;
}

/** The same of both families: one text for each of which there is something. */
export function rangesTexts(set: Intervals<bigint>): string[] {
  return ALL_ADDRESSES.map((family) => intersection(set, family))
    .filter((part) => part.length > 0)
    .map(rangesText);
}

/** As few ranges such as `10.0.0.0/8` as hold exactly these addresses. */
export function cidrsOf(set: Intervals<bigint>): string[] {
  const cidrs: string[] = [];
  for (const [start, end] of ALL_ADDRESSES.flatMap((family) => [...spans(intersection(set, family))])) {
    const [base = 0n, last = 0n] = WHOLE[familyOf(start)];
    for (let at = start; at < end;) {
      let size = last - base;
      while ((at - base) % size !== 0n || size > end - at) size /= 2n;
      const bits = familyOf(start) === 4 ? 32 : 128;
      cidrs.push(`${addressText(at)}/${bits - (size.toString(2).length - 1)}`);
      at += size;
    }
  }
  return cidrs;
}
