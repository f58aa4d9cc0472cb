/** Counts over the findings of a run: by status, severity, rule, component, and by control of each framework. */
import { answersOf } from './answers.ts';
import { compareComponents, componentOf } from './component.ts';
import type { Framework } from './frameworks.ts';
import { type Finding, SEVERITIES, STATUSES, type Status } from './finding.ts';
import type { Untold } from './judge-all.ts';
import type { Rule } from './rule.ts';

type Counts = Record<Status, number>;

/** The order in which one status of a rule outweighs another for the control that it answers. */
const WEIGHT: readonly Status[] = ['fail', 'unknown', 'manual', 'excepted', 'pass', 'not-applicable'];

export interface Ran {
  /** Rules that had at least one subject. */
  evaluated: ReadonlySet<string>;
  /** Those that did not run, of whose controls nothing good is known. */
  off: ReadonlySet<string>;
  /** What is to be said of a control of which no rule said anything: that nothing is there, or that nobody looked. */
  unanswered: (rules: readonly Rule[]) => Status;
}

export class Tally {
  readonly byStatus = zero(STATUSES);
  readonly bySeverity = zero(SEVERITIES);
  readonly byRule = new Map<string, number>();
  readonly #byComponent = new Map<string, Counts>();
  readonly #statuses = new Map<string, Set<Status>>();

  add(finding: Finding): void {
    this.#count(finding.rule, finding.status, 1);
    // What the finding stands for too has failed for the frameworks all the same.
    for (const id of finding.also) this.#note(id, finding.status);
    if (finding.status !== 'fail') return;
    this.bySeverity[finding.severity] += 1;
    this.byRule.set(finding.rule.id, (this.byRule.get(finding.rule.id) ?? 0) + 1);
  }

  /** What rules said and no finding tells: the counts are the same whatever is shown. */
  addUntold(untold: readonly Untold[]): void {
    for (const { rule, status, count } of untold) this.#count(rule, status, count);
  }

  /** Over all rules, so that the controls of a framework do not change with what is switched off. */
  byFramework(rules: readonly Rule[], frameworks: readonly Framework[], ran: Ran): Record<string, Counts> {
    const result: Record<string, Counts> = {};
    for (const framework of frameworks) {
      const controls = answersOf(rules, framework);
      const counts = zero(STATUSES);
      for (const answering of controls.values()) counts[this.#statusOf(answering, ran)] += 1;
      result[framework.id] = counts;
    }
    return result;
  }

  /** Those of nodes and of objects together, in the order of a report. */
  get byComponent(): Record<string, Counts> {
    return Object.fromEntries([...this.#byComponent].toSorted(([a], [b]) => compareComponents(a, b)));
  }

  /** What was said by a rule, in findings or untold; undefined where nothing was. */
  statusesOf(rule: string): ReadonlySet<Status> | undefined {
    return this.#statuses.get(rule);
  }

  #count(rule: Rule, status: Status, times: number): void {
    this.byStatus[status] += times;
    const component = componentOf(rule);
    let counts = this.#byComponent.get(component);
    if (counts === undefined) this.#byComponent.set(component, (counts = zero(STATUSES)));
    counts[status] += times;
    this.#note(rule.id, status);
  }

  #note(rule: string, status: Status): void {
    const known = this.#statuses.get(rule);
    if (known === undefined) this.#statuses.set(rule, new Set([status]));
    else known.add(status);
  }

  #statusOf(rules: readonly Rule[], { evaluated, off, unanswered }: Ran): Status {
    const seen = new Set<Status>();
    for (const rule of rules) {
      for (const status of this.#statuses.get(rule.id) ?? []) seen.add(status);
      if (off.has(rule.id)) seen.add('unknown');
      else if (evaluated.has(rule.id)) seen.add('pass');
    }
    return WEIGHT.find((status) => seen.has(status)) ?? unanswered(rules);
  }
}

function zero<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
