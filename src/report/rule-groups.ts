/** Findings counted by rule, severity and status: the rows of every summary. */
import type { Finding, Rule, Severity, Status } from '../rules/index.ts';
import { weightOf } from './order.ts';
import { displaySubject } from './subject.ts';

export interface RuleGroup<Kept = string> {
  rule: Rule;
  severity: Severity;
  status: Status;
  count: number;
  /** The first subjects, each once. */
  subjects: Set<string>;
  /** What the writer keeps of the first findings. */
  kept: Kept[];
}

export class RuleGroups<Kept = string> {
  readonly #groups = new Map<string, RuleGroup<Kept>>();
  readonly #mostSubjects: number;
  readonly #mostKept: number;

  constructor(mostSubjects: number, mostKept = 0) {
    this.#mostSubjects = mostSubjects;
    this.#mostKept = mostKept;
  }

  add(finding: Finding, keep?: (finding: Finding) => Kept): void {
    const { rule, severity, status } = finding;
    const key = `${status}/${severity}/${rule.id}`;
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = { rule, severity, status, count: 0, subjects: new Set(), kept: [] }));
    group.count += 1;
    if (group.subjects.size < this.#mostSubjects) group.subjects.add(displaySubject(finding.subject));
    if (keep !== undefined && group.kept.length < this.#mostKept) group.kept.push(keep(finding));
  }

  /** What fails before what does not, the most severe first, then the one with the most findings. */
  ordered(): RuleGroup<Kept>[] {
    return [...this.#groups.values()].sort((a, b) => weightOf(a) - weightOf(b) || b.count - a.count || (a.rule.id < b.rule.id ? -1 : 1));
  }
}
