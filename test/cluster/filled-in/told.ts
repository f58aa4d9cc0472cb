/** What rules tell of objects in one form and in another. */
import { redact } from '../../../src/collect/cluster/redact.ts';
import { steady } from '../../../src/collect/cluster/steady.ts';
import { type Finding, type Rule, judge } from '../../../src/rules/index.ts';
import { clusterOf } from '../../rule-tester.ts';
import type { Fields } from './served.ts';

/** Findings without their words, which may tell that a value is a default. */
export function told(rules: readonly Rule[], objects: readonly Fields[], ruleOptions: Readonly<Record<string, unknown>> = {}): string[] {
  const lines: string[] = [];
  const { gaps } = judge(clusterOf(objects), { rules, ruleOptions, everyRule: true }, (finding) => lines.push(lineOf(finding)));
  if (gaps.length > 0) throw new Error(gaps[0]?.reason);
  return lines.toSorted();
}

function lineOf({ rule, status, severity, subject, evidence, key }: Finding): string {
  const { kind, namespace, name, container } = subject;
  const paths = evidence.map(({ path }) => path).join(' ');
  return `${rule.id}: ${status} ${severity} ${kind} ${namespace}/${name} ${container ?? ''} ${paths} ${key ?? ''}`.trimEnd();
}

/** What is told of the one only, and of the other only. */
export function differences(before: readonly string[], after: readonly string[]): string[] {
  const [one, other] = [new Set(before), new Set(after)];
  const lost = before.filter((line) => !other.has(line)).map((line) => `- ${line}`);
  return [...lost, ...after.filter((line) => !one.has(line)).map((line) => `+ ${line}`)];
}

/** As the collector hands an object on; of a Secret it reads a table without values. */
export function asRead(object: Fields): Fields {
  const copy = structuredClone(object);
  if (copy.kind === 'Secret') copy.numberOfKeys = Object.keys((copy.data ?? {}) as Fields).length;
  redact(copy);
  steady(copy);
  return copy;
}
