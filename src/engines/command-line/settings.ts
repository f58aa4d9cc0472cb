/** What a command line sets, with repeated flags, variables and lists resolved as the component does. */
import type { CommandLine } from './components.ts';
import type { FlagUse } from './flags.ts';
import { parseFeatureGates, parseList } from './values.ts';

/** The use of a flag that holds: the last one, else the environment's. */
export function settingOf(line: CommandLine, flag: string): FlagUse | undefined {
  return line.uses.get(flag)?.at(-1) ?? line.environment.get(flag);
}

export interface ListSetting {
  readonly items: readonly string[];
  /** The last use, where the list ends. */
  readonly use: FlagUse;
  readonly opaque: boolean;
  /** The use that names an item. */
  readonly useOf: (item: string) => FlagUse;
}

/** A flag that takes a list: repeated uses add to it. */
export function listOf(line: CommandLine, flag: string): ListSetting | undefined {
  const uses = line.uses.get(flag);
  const use = uses?.at(-1);
  if (uses === undefined || use === undefined) return undefined;
  return {
    items: uses.flatMap(({ value }) => parseList(value)),
    use,
    opaque: uses.some(({ opaque }) => opaque),
    useOf: (item) => uses.findLast(({ value }) => parseList(value).includes(item)) ?? use,
  };
}

/** Whether a feature gate is switched by the flags, and where; a gate also follows the one for all of its stage. */
export function gateOf(
  line: CommandLine,
  gate: string,
  stage: 'AllAlpha' | 'AllBeta' = 'AllBeta',
): { on: boolean; use: FlagUse } | undefined {
  let group: { on: boolean; use: FlagUse } | undefined;
  let own: { on: boolean; use: FlagUse } | undefined;
  for (const use of line.uses.get('--feature-gates') ?? []) {
    const gates = parseFeatureGates(use.value);
    const all = gates.get(stage);
    const on = gates.get(gate);
    if (all !== undefined) group = { on: all, use };
    if (on !== undefined) own = { on, use };
  }
  return own ?? group;
}
