/** Who the ends of recorded connections were: by name, by whoever had the address when, or by nothing but an address. */
import { type World, addressText, parseAddress } from '../../engines/network/index.ts';
import type { FlowEnd, FlowUse, UseRecord } from '../../record/index.ts';

export type RecordedEnd =
  /** `NAMESPACE/NAME` of a pod, or of what makes pods; neither need be there any more. */
  | { readonly kind: 'pod'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
  /** `reused` where whoever has it now came later than that. */
  | { readonly kind: 'address'; readonly address: string; readonly reused: boolean }
  /** Somebody of whom no address is told, and why. */
  | { readonly kind: 'anybody'; readonly why: string };

export class RecordedEnds {
  /** Whose addresses were, as the record tells it. */
  readonly #owners = new Map<string, Set<string>>();
  /** And whose they are now. */
  readonly #now = new Map<string, string>();

  readonly #since: ReadonlyMap<string, number>;

  /** `since` tells when the pods of today got their addresses. */
  constructor({ addresses }: UseRecord, { pods }: World, since: ReadonlyMap<string, number> = new Map()) {
    this.#since = since;
    for (const { address: written, end } of addresses) {
      const address = plainAddress(written);
      const owners = this.#owners.get(address);
      if (owners === undefined) this.#owners.set(address, new Set([end]));
      else owners.add(end);
    }
    for (const { host, finished, namespace, name, addresses: own } of pods)
      if (!host && !finished) for (const address of own) this.#now.set(addressText(address), `pod:${namespace}/${name}`);
  }

  /** All that it may have been; several where an address was that of several. */
  of(end: FlowEnd, { first, last }: Pick<FlowUse, 'first' | 'last'>): readonly RecordedEnd[] {
    if (end === undefined) return [{ kind: 'anybody', why: 'the record has more addresses than it keeps' }];
    if (!end.startsWith('ip:')) return [ended(end)];
    const address = end.slice('ip:'.length);
    const owners = [...(this.#owners.get(address) ?? [])].filter((owner) => !owner.startsWith('ip:'));
    const since = this.#since.get(address) ?? 0;
    if (owners.length === 0) return [{ kind: 'address', address, reused: since > first }];
    // Whoever has it now may have had it then, also where the log names only others.
    const now = this.#now.get(address);
    if (now !== undefined && since <= last && !owners.includes(now)) owners.push(now);
    return owners.map(ended);
  }
}

/** As all others are written: one of IPv4 may stand as one of IPv6 (`::ffff:10.0.0.1`), which has many ways to be written. */
function plainAddress(written: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(written) ?? [];
  const address = parseAddress(mapped ?? written);
  return address === undefined ? written : addressText(address);
}

export function plainEnd(end: FlowEnd): FlowEnd {
  return end?.startsWith('ip:') === true ? `ip:${plainAddress(end.slice('ip:'.length))}` : end;
}

function ended(end: string): RecordedEnd {
  const colon = end.indexOf(':');
  const [kind, name] = [end.slice(0, colon), end.slice(colon + 1)];
  if (kind === 'host') return { kind: 'node', name };
  if (kind === 'pod' || kind === 'workload') return { kind: 'pod', name };
  return { kind: 'anybody', why: `the record calls an end "${name}", without an address` };
}

/** A pod that is gone is what made it, by the way in which names are generated. */
export function makersOf(name: string): string[] {
  const ofSet = name.replace(/-[a-z0-9]{5}$/, '');
  return [...new Set([name, name.replace(/-\d+$/, ''), ofSet, ofSet.replace(/-[a-z0-9]{6,10}$/, '')])];
}
