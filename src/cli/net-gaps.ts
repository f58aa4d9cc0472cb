/** What lowers every answer about the network: policies that are there, and that the network plug-in does not enforce. */
import { type Enforcement, cniNames } from '../engines/cni/index.ts';
import type { World } from '../engines/network/index.ts';

export interface NetGap {
  /** The rule of `scan` that tells the same. */
  code: 'cni-ignores-policies' | 'policy-kind-not-enforced';
  message: string;
}

const GAPS = new WeakMap<World, readonly NetGap[]>();

/** Keeps what the plug-in leaves out beside the world that the answers are worked out of. */
export function noteGaps(world: World, { cnis, of }: Enforcement): readonly NetGap[] {
  const kinds = [...new Set(world.policies.map(({ kind }) => kind))];
  const gaps = kinds.flatMap((kind): NetGap[] => {
    if (!isKnown(kind, of) || of[kind] !== 'no') return [];
    const message = `${cniNames(cnis)} does not enforce policies of the kind ${kind}: the answers are what they say, not what happens`;
    return [{ code: kind === 'NetworkPolicy' ? 'cni-ignores-policies' : 'policy-kind-not-enforced', message }];
  });
  GAPS.set(world, gaps);
  return gaps;
}

/** As a field of a JSON document; left out where nothing is left out. */
export function gapsField(...worlds: readonly World[]): { gaps?: NetGap[] } {
  const all = worlds.flatMap((world) => GAPS.get(world) ?? []);
  const gaps = [...new Map(all.map((gap) => [gap.message, gap])).values()];
  return gaps.length === 0 ? {} : { gaps };
}

function isKnown(kind: string, of: Enforcement['of']): kind is keyof Enforcement['of'] {
  return Object.hasOwn(of, kind);
}
