/** Our own verdict on the objects of a case: the ids of the rules that fail somewhere in them. */
import { evalRules } from '../../src/cli/eval-rules.ts';

interface Told {
  rule: string;
  status: string;
  message: string;
}

export type RuleOptions = Readonly<Record<string, unknown>>;

/** Throws when a rule breaks: in a table of agreement that would pass for silence. */
export function failingRules(objects: readonly unknown[], options: RuleOptions = {}): ReadonlySet<string> {
  const findings = evalRules({ objects, options }).findings as Told[];
  const broken = findings.find(({ status, message }) => status === 'unknown' && message.startsWith('the rule failed'));
  if (broken !== undefined) throw new Error(`${broken.rule}: ${broken.message}`);
  return new Set(findings.filter(({ status }) => status === 'fail').map(({ rule }) => rule));
}
