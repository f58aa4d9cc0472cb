/** The form of a rule about one component's command line. */
import type { CommandLine, ComponentName } from '../../engines/command-line/index.ts';
import type { Container, TableName, Tables } from '../../model/index.ts';
import { type Examples, type Rule, type RuleHeader, defineRule } from '../rule.ts';
import { type Fault, toHit } from './faults.ts';
import { type FlagUse, processOf, settingOf } from '../../engines/command-line/index.ts';

export interface FlagRule<R extends TableName> extends Omit<RuleHeader, 'area'> {
  component: ComponentName;
  reads?: readonly R[];
  /** What is wrong with the command line. */
  expect: (line: CommandLine, tables: Pick<Tables, R>) => Fault | undefined;
  examples: () => Examples;
}

export function flagRule<const R extends TableName = never>({ component, expect, ...header }: FlagRule<R>): Rule {
  return defineRule<'container', never, R>({
    ...header,
    component,
    area: 'control-plane',
    scope: 'container',
    applies: runs(component),
    check(container, tables) {
      const line = processOf(container);
      if (line?.component !== component) return undefined;
      const fault = expect(line, tables);
      return fault === undefined ? undefined : toHit(container, line, fault);
    },
    shown(container, tables) {
      const line = processOf(container);
      if (line === undefined) return undefined;
      const asked = new AskedFlags(line.uses);
      const recorded = { ...line, uses: asked };
      expect(recorded, tables);
      const flag = asked.last;
      if (flag === undefined) return undefined;
      const use = settingOf(line, flag);
      const words =
        use === undefined
          ? `runs without ${flag}`
          : use.opaque
            ? `takes the value of ${flag} from elsewhere`
            : `runs with ${flag}=${use.value}`;
      return toHit(container, line, { words, use });
    },
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

const asked = new Map<ComponentName, (container: Container) => boolean>();

/** One function for all rules about a component: the judge asks it once for all of them. */
function runs(component: ComponentName): (container: Container) => boolean {
  let ask = asked.get(component);
  if (ask === undefined) asked.set(component, (ask = (container) => processOf(container)?.component === component));
  return ask;
}
