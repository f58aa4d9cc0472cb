/** The form of a rule about one component's command line. */
import type { CommandLine, ComponentName } from '../../engines/command-line/index.ts';
import type { Container, TableName, Tables } from '../../model/index.ts';
import { type Examples, type Rule, type RuleHeader, defineRule } from '../rule.ts';
import { type Fault, toHit } from './faults.ts';
import { processOf } from '../../engines/command-line/index.ts';
import { shownFlag } from './shown-flag.ts';

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
      return shownFlag(container, line, (asked) => expect(asked, tables));
    },
  });
}

const asked = new Map<ComponentName, (container: Container) => boolean>();

/** One function for all rules about a component: the judge asks it once for all of them. */
function runs(component: ComponentName): (container: Container) => boolean {
  let ask = asked.get(component);
  if (ask === undefined) asked.set(component, (ask = (container) => processOf(container)?.component === component));
  return ask;
}
