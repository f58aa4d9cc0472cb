/** Controls of a framework and who answers them. */
import { crosswalkOf } from './crosswalk.ts';
import type { Framework } from './frameworks.ts';
import type { Control, Rule } from './rule.ts';

/** The rules that answer each control of a framework. */
export function answersOf(rules: readonly Rule[], framework: Framework): ReadonlyMap<string, readonly Rule[]> {
  const controls = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const control of controlsIn(rule, framework)) {
      const known = controls.get(control);
      if (known === undefined) controls.set(control, [rule]);
      else if (!known.includes(rule)) known.push(rule);
    }
  }
  return controls;
}

/** The controls of a framework that a rule answers: those it names, and those that ask the same as one it names. */
export function controlsIn({ controls }: { controls: readonly Control[] }, { id, sameAs }: Framework): string[] {
  const crosswalk = crosswalkOf(id);
  return controls.flatMap((control) => {
    if (control.framework === (sameAs ?? id)) return [control.id];
    return control.framework === 'cis-1.12' ? (crosswalk.get(control.id) ?? []) : [];
  });
}
