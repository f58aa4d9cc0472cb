/** Runs the suites of other scanners and says, case by case, what they expect and what our rules find. */
import { RULES } from '../../src/rules/index.ts';
import { leftOutBy } from './conventions.ts';
import type { Judged } from './differences.ts';
import { policyQuestion } from './gatekeeper.ts';
import { SUITES, type ScannerCase, type Tool, scannerCases } from './scanner-cases.ts';
import { type RuleOptions, failingRules } from './verdict.ts';

/** A case in our terms: which rules answer it, under which options, in the presence of what. */
export interface Question {
  rules: readonly string[];
  options?: RuleOptions;
  objects: readonly unknown[];
}

export interface LeftOut {
  check: string;
  case: string;
  reason: string;
}

export interface Agreement {
  tool: string;
  judged: Judged[];
  leftOut: LeftOut[];
}

const NO_RULE = 'no rule names the check among its aliases';

/** Checks that are one of our rules under options: off by default, or without a value of their own. */
const UNDER_OPTIONS: Readonly<Partial<Record<Tool, Readonly<Record<string, RuleOptions>>>>> = {
  'kube-linter': {
    'sorted-keys': { 'sorted-keys': { enabled: true } },
    'required-annotation-email': { 'required-annotations': { required: { email: '.+@.+' } } },
  },
};

export function compareSuite(tool: Tool): Agreement {
  const agreement: Agreement = { tool, judged: [], leftOut: [] };
  for (const item of scannerCases(SUITES[tool])) {
    const { check, case: name, result } = item;
    const question = questionOf(tool, item);
    if (typeof question === 'string') {
      agreement.leftOut.push({ check, case: name, reason: question });
      continue;
    }
    const failing = failingRules(question.objects, question.options);
    const ours = question.rules.some((id) => failing.has(id)) ? 'fail' : 'pass';
    agreement.judged.push({ tool, check, case: name, theirs: result, ours, rules: question.rules });
  }
  return agreement;
}

/** The case in our terms, or why it has none. */
function questionOf(tool: Tool, item: ScannerCase): Question | string {
  const convention = leftOutBy(tool, item);
  if (convention !== undefined) return convention;
  if (tool === 'gatekeeper-library') return policyQuestion(item);
  const options = UNDER_OPTIONS[tool]?.[item.check];
  const rules = options === undefined ? rulesFor(tool, item.check) : Object.keys(options);
  return rules.length === 0 ? NO_RULE : { rules, objects: item.inputs, ...(options !== undefined && { options }) };
}

/** Flags of the control plane's own components are a world of their own, and counted apart. */
export function partOf({ rules }: Judged): 'workloads' | 'control plane' {
  return rules.every((id) => CONTROL_PLANE.has(id)) ? 'control plane' : 'workloads';
}

const CONTROL_PLANE = new Set(RULES.filter(({ area }) => area === 'control-plane').map(({ id }) => id));

/** The rules that name a check of the tool as the same check; kube-score's names are titles, its ids are their slugs. */
export function rulesFor(tool: string, check: string): readonly string[] {
  const id = tool === 'kube-score' ? check.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') : check;
  return aliasesOf(tool).get(id) ?? [];
}

const ALIASES = new Map<string, Map<string, string[]>>();

function aliasesOf(tool: string): Map<string, string[]> {
  let byCheck = ALIASES.get(tool);
  if (byCheck !== undefined) return byCheck;
  byCheck = new Map<string, string[]>();
  for (const { id, aliases } of RULES) {
    for (const check of aliases?.[tool] ?? []) byCheck.set(check, [...(byCheck.get(check) ?? []), id]);
  }
  ALIASES.set(tool, byCheck);
  return byCheck;
}
