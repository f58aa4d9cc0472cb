/** What a pass about a command line rests on: the flag that a rule asked for, as it stands. */
import { type CommandLine, type FlagUse, settingOf } from '../../engines/command-line/index.ts';
import type { Container } from '../../model/index.ts';
import type { Hit } from '../rule.ts';
import { toHit } from './faults.ts';

/** `ask` is the rule, which is let look once more. Undefined where it asks for no flag. */
export function shownFlag(container: Container, line: CommandLine, ask: (line: CommandLine) => unknown): Hit | undefined {
  const asked = new AskedFlags(line.uses);
  ask({ ...line, uses: asked });
  const flag = asked.last;
  if (flag === undefined) return undefined;
  const use = settingOf(line, flag);
  if (use === undefined) return toHit(container, line, { words: `runs without ${flag}` });
  return toHit(container, line, {
    words: use.opaque ? `takes the value of ${flag} from elsewhere` : `runs with ${flag}=${use.value}`,
    use,
  });
}

/** Remembers which flag a rule asked for last: of those that are set, else of all. */
class AskedFlags extends Map<string, readonly FlagUse[]> {
  #set: string | undefined;
  #missing: string | undefined;

  get last(): string | undefined {
    return this.#set ?? this.#missing;
  }

  override get(flag: string): readonly FlagUse[] | undefined {
    const uses = super.get(flag);
    if (uses === undefined) this.#missing = flag;
    else this.#set = flag;
    return uses;
  }
}
