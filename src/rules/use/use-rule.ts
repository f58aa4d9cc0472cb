/** The form of a rule about what was really done, as a record of use shows it. */
import type { UseView } from '../../engines/controller-use/index.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';

interface UseRule extends Omit<RuleHeader, 'needs'> {
  /** A hit names neither file nor record: the judge does. */
  check: (view: UseView) => readonly Hit[];
  examples: () => Examples;
}

export function useRule(rule: UseRule): Rule {
  return defineRule({ ...rule, scope: 'use', needs: ['record'] });
}
