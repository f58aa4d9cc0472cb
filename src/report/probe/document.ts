/** The document of `castellan probe`: what was answered, and what is wrong with it. */
import type { Finding, Rule } from '../../rules/index.ts';
import type { ProbeFacts } from '../../snapshot/index.ts';
import { RepeatedTexts, findingJson, ruleEntry } from '../json.ts';

export interface ProbeReport {
  facts: ProbeFacts;
  findings: readonly Finding[];
  /** How many were opened. */
  connections: number;
}

export function probeDocument({ facts, findings, connections }: ProbeReport): string {
  const texts = new RepeatedTexts();
  const rules: Record<string, unknown> = {};
  for (const rule of rulesOf(findings)) rules[rule.id] = ruleEntry(rule);
  const { schema, probedAt, probedBy, endpoints, gaps } = facts;
  const head = JSON.stringify({ schema, probedAt, probedBy, connections, endpoints }).slice(0, -1);
  const told = findings.map((finding) => findingJson(finding, texts));
  return `${head},"findings":[${told.join(',\n')}],"rules":${JSON.stringify(rules)},"gaps":${JSON.stringify(gaps)}}\n`;
}

function rulesOf(findings: readonly Finding[]): Rule[] {
  return [...new Set(findings.map(({ rule }) => rule))].sort((a, b) => (a.id < b.id ? -1 : 1));
}
