/** Controls of a framework and who answers them. */
import type { Framework } from './frameworks.ts';
import type { Rule } from './rule.ts';

/** The rules that answer each control of a framework. */
export function answersOf(rules: readonly Rule[], { id, sameAs }: Framework): ReadonlyMap<string, readonly Rule[]> {
  const controls = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const control of rule.controls) {
      if (control.framework !== (sameAs ?? id)) continue;
      const known = controls.get(control.id);
      if (known === undefined) controls.set(control.id, [rule]);
      else known.push(rule);
    }
  }
  return controls;
}
