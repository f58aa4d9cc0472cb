/**
 * What lowers every answer about the network: policies that are there, and that the network plug-in does not enforce; and
 * what of the input could not be read.
 */
import { type Enforcement, cniNames } from '../engines/cni/index.ts';
import { type Doubt, type World, doubtsOf, unplaced } from '../engines/network/index.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { type Gap, LOSSES, type Snapshot } from '../snapshot/index.ts';

/** Policies that do nothing, or something that is not known here. */
export interface EnforcementGap {
  /** Of the first two the rule of `scan` that tells the same. */
  code: 'cni-ignores-policies' | 'policy-kind-not-enforced' | 'policies-not-judged';
  message: string;
}

/** What an answer leaves out of what was read. */
export interface PlacesGap {
  /** Pods without a known address, which ranges may hold; addresses of IPv6 that nobody asked for; what only some pods of a workload may do. */
  code: 'pod-addresses-unknown' | 'ipv6-left-out' | 'pods-differ' | Doubt['code'];
  message: string;
}

/** What was lost is told as `scan` tells it. */
type NetGap = EnforcementGap | PlacesGap | Gap;

const GAPS = new WeakMap<World, readonly NetGap[]>();

/** Keeps what the plug-in leaves out, and what was lost, beside the world that the answers are worked out of. */
export function noteGaps(
  world: World,
  { cnis, of, others = [] }: Enforcement & { others?: readonly string[] },
  lost: readonly Gap[],
): readonly EnforcementGap[] {
  const kinds = [...new Set(world.policies.map(({ kind }) => kind))];
  const gaps = kinds.flatMap((kind): EnforcementGap[] => {
    if (!isKnown(kind, of) || of[kind] !== 'no') return [];
    const message = `${cniNames(cnis)} does not enforce policies of the kind ${kind}: the answers are what they say, not what happens`;
    return [{ code: kind === 'NetworkPolicy' ? 'cni-ignores-policies' : 'policy-kind-not-enforced', message }];
  });
  const [first, ...more] = others;
  if (first !== undefined)
    gaps.push({
      code: 'policies-not-judged',
      message: `${first}${more.length === 0 ? '' : ` and ${plural(more.length, 'more policy', 'more policies')}`} of a network plug-in's own kind: what they allow and deny is not in the answers`,
    });
  GAPS.set(world, [...gaps, ...lost]);
  return gaps;
}

/** Of answers that take what the input does not tell for what is not there. */
export function noteDoubts(world: World): readonly PlacesGap[] {
  const gaps: PlacesGap[] = [...doubtsOf(world).map(({ code, message }) => ({ code, message })), ...placesGaps(world)];
  GAPS.set(world, [...(GAPS.get(world) ?? []), ...gaps]);
  return gaps;
}

/** Pods without a known address are taken for such that no range holds. */
function placesGaps(world: World): PlacesGap[] {
  const found = unplaced(world);
  if (found === undefined) return [];
  const [first = '', ...more] = found.rules;
  const rules = more.length === 0 ? first : `${first} and ${plural(more.length, 'more rule')}`;
  const are = found.pods === 1 ? '1 pod has' : `${found.pods} pods have`;
  const message = `${are} no address in the input, and so are in no range: what ${rules} may say of them is not in the answers (--pod-addresses tells where pods are)`;
  return [{ code: 'pod-addresses-unknown', message }];
}

/** What an answer leaves out that is known after it only; told at once. */
export function noteLeftOut(world: World, { code, message }: Pick<PlacesGap, 'code' | 'message'>, { quiet }: { quiet?: boolean }): void {
  GAPS.set(world, [...(GAPS.get(world) ?? []), { code, message }]);
  if (quiet !== true) process.stderr.write(`${lineStart(printable(`castellan: ${message}`))}\n`);
}

export function noteIpv6(world: World, what: string, flags: { quiet?: boolean }): void {
  noteLeftOut(world, { code: 'ipv6-left-out', message: `left out: ${what} of IPv6 addresses outside (--ipv6 adds them)` }, flags);
}

/** As a field of a JSON document; left out where nothing is left out. */
export function gapsField(...worlds: readonly World[]): { gaps?: NetGap[] } {
  const all = worlds.flatMap((world) => GAPS.get(world) ?? []);
  const gaps = [...new Map(all.map((gap) => [JSON.stringify(gap), gap])).values()];
  return gapsOf(gaps);
}

/** The same of a snapshot, for those who need no world. */
export function lossesField(snapshot: Snapshot): { gaps?: NetGap[] } {
  return gapsOf(lossesOf(snapshot));
}

/** Gaps behind which something was not read that might have changed the answer. */
export function lossesOf({ gaps }: Snapshot): Gap[] {
  return gaps.filter(({ code }) => LOSSES.has(code));
}

/** 4 where `--strict` is given and an answer has gaps, as it is only of what was read and is enforced. */
export function strictExit({ strict }: { strict?: boolean }, { gaps }: { gaps?: readonly NetGap[] }): number {
  return strict === true && gaps !== undefined ? 4 : 0;
}

function gapsOf(gaps: NetGap[]): { gaps?: NetGap[] } {
  return gaps.length === 0 ? {} : { gaps };
}

function isKnown(kind: string, of: Enforcement['of']): kind is keyof Enforcement['of'] {
  return Object.hasOwn(of, kind);
}
