/**
 * What lowers every answer about the network: policies that are there, and that the network plug-in does not enforce; and
 * what of the input could not be read.
 */
import { type Enforcement, cniNames } from '../engines/cni/index.ts';
import type { World } from '../engines/network/index.ts';
import { type Gap, LOSSES, type Snapshot } from '../snapshot/index.ts';

/** Policies that do nothing. */
export interface EnforcementGap {
  /** The rule of `scan` that tells the same. */
  code: 'cni-ignores-policies' | 'policy-kind-not-enforced';
  message: string;
}

/** What was lost is told as `scan` tells it. */
type NetGap = EnforcementGap | Gap;

const GAPS = new WeakMap<World, readonly NetGap[]>();

/** Keeps what the plug-in leaves out, and what was lost, beside the world that the answers are worked out of. */
export function noteGaps(world: World, { cnis, of }: Enforcement, lost: readonly Gap[]): readonly EnforcementGap[] {
  const kinds = [...new Set(world.policies.map(({ kind }) => kind))];
  const gaps = kinds.flatMap((kind): EnforcementGap[] => {
    if (!isKnown(kind, of) || of[kind] !== 'no') return [];
    const message = `${cniNames(cnis)} does not enforce policies of the kind ${kind}: the answers are what they say, not what happens`;
    return [{ code: kind === 'NetworkPolicy' ? 'cni-ignores-policies' : 'policy-kind-not-enforced', message }];
  });
  GAPS.set(world, [...gaps, ...lost]);
  return gaps;
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
