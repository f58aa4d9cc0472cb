/** Counts over the findings of a run: by status, severity, rule, and by control of each framework. */
import { answersOf } from './answers.ts';
import { FRAMEWORKS } from './frameworks.ts';
import { type Finding, SEVERITIES, STATUSES, type Status } from './finding.ts';
import type { Rule } from './rule.ts';

type Counts = Record<Status, number>;

/** The order in which one status of a rule outweighs another for the control that it answers. */
const WEIGHT: readonly Status[] = ['fail', 'unknown', 'manual', 'excepted', 'pass'];

export class Tally {
  readonly byStatus = zero(STATUSES);
  readonly bySeverity = zero(SEVERITIES);
  readonly byRule = new Map<string, number>();
  readonly #statuses = new Map<string, Set<Status>>();

  add(finding: Finding): void {
    this.byStatus[finding.status] += 1;
    this.#note(finding.rule.id, finding.status);
    // What the finding stands for too has failed for the frameworks all the same.
    for (const id of finding.also) this.#note(id, finding.status);
    if (finding.status !== 'fail') return;
    this.bySeverity[finding.severity] += 1;
    this.byRule.set(finding.rule.id, (this.byRule.get(finding.rule.id) ?? 0) + 1);
  }

  /** What rules said on nodes and no finding tells: that they passed, or had nothing to look at. */
  addOnNodes(said: ReadonlyMap<string, ReadonlySet<Status>>): void {
    for (const [rule, statuses] of said) for (const status of statuses) this.#note(rule, status);
  }

  /**
   * Over all rules, so that the controls of a framework do not change with what is switched off: `evaluated` holds
   * those that had at least one subject, `off` those that did not run, of whose controls nothing good is known.
   */
  byFramework(rules: readonly Rule[], evaluated: ReadonlySet<string>, off: ReadonlySet<string>): Record<string, Counts> {
    const result: Record<string, Counts> = {};
    for (const framework of FRAMEWORKS) {
      const controls = answersOf(rules, framework);
      const counts = zero(STATUSES);
      for (const answering of controls.values()) counts[this.#statusOf(answering, evaluated, off)] += 1;
      result[framework.id] = counts;
    }
    return result;
  }

  /** What was said by a rule, in findings or on nodes; undefined where nothing was. */
  statusesOf(rule: string): ReadonlySet<Status> | undefined {
    return this.#statuses.get(rule);
  }

  #note(rule: string, status: Status): void {
    const known = this.#statuses.get(rule);
    if (known === undefined) this.#statuses.set(rule, new Set([status]));
    else known.add(status);
  }

  #statusOf(rules: readonly Rule[], evaluated: ReadonlySet<string>, off: ReadonlySet<string>): Status {
    const seen = new Set<Status>();
    for (const rule of rules) {
      for (const status of this.#statuses.get(rule.id) ?? []) seen.add(status);
      if (off.has(rule.id)) seen.add('unknown');
      else if (evaluated.has(rule.id)) seen.add('pass');
    }
    return WEIGHT.find((status) => seen.has(status)) ?? 'not-applicable';
  }
}

function zero<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
