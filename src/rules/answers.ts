/** Controls of a framework and who answers them. */
import { crosswalkOf } from './crosswalk.ts';
import type { Framework } from './frameworks.ts';
import type { Rule } from './rule.ts';

/** The rules that answer each control of a framework. */
export function answersOf(rules: readonly Rule[], framework: Framework): ReadonlyMap<string, readonly Rule[]> {
  const controls = new Map<string, Rule[]>();
  for (const rule of rules) {
    visitControls(rule, framework, (control) => {
      const known = controls.get(control);
      if (known === undefined) controls.set(control, [rule]);
      else if (!known.includes(rule)) known.push(rule);
    });
  }
  return controls;
}

/** The controls of a framework that a rule answers: those it names, and those that ask the same as one it names. */
export function controlsIn(rule: Controlled, framework: Framework): string[] {
  const found: string[] = [];
  visitControls(rule, framework, (control) => found.push(control));
  return found;
}

type Controlled = Readonly<Pick<Rule, 'controls'>>;

/** Without lists in between: each scan asks this of all rules for six frameworks. */
function visitControls({ controls }: Controlled, { id, sameAs }: Framework, visit: (control: string) => void): void {
  const named = sameAs ?? id;
  const crosswalk = crosswalkOf(id);
  for (const control of controls) {
    if (control.framework === named) visit(control.id);
    else if (crosswalk.size > 0 && control.framework === 'cis-1.12') for (const own of crosswalk.get(control.id) ?? NONE) visit(own);
  }
}

const NONE: readonly string[] = [];
