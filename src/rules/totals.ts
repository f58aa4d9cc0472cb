/** Counts over the findings of a run: by status, severity, component, and by control of each framework. */
import { groupBy } from '../lib/groups.ts';
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

/** What one rule said. */
interface Said {
  /** What the rule is about, where it said something itself. */
  component: string | undefined;
  /** Findings, by the place of their status in STATUSES. */
  readonly counts: number[];
  /** Statuses that were said by it, or of it by a sharper rule: a bit each. */
  seen: number;
}

export class Tally {
  readonly bySeverity = zero(SEVERITIES);
  readonly #said = new Map<string, Said>();

  add(finding: Finding): void {
    const { rule, status, also } = finding;
    this.#count(rule, status, 1);
    // What the finding stands for too has failed for the frameworks all the same.
    for (const id of also) this.#of(id).seen |= bitOf(status);
    if (status === 'fail') this.bySeverity[finding.severity] += 1;
  }

  /** What rules said and no finding tells: the counts are the same whatever is shown. */
  addUntold(untold: readonly Untold[]): void {
    for (const { rule, status, count } of untold) this.#count(rule, status, count);
  }

  get byStatus(): Counts {
    return sumOf([...this.#said.values()]);
  }

  /** Over all rules, so that the controls of a framework do not change with what is switched off. */
  byFramework(rules: readonly Rule[], frameworks: readonly Framework[], ran: Ran): Record<string, Counts> {
    const result: Record<string, Counts> = {};
    for (const framework of frameworks) {
      const counts = zero(STATUSES);
      for (const answering of answersOf(rules, framework).values()) counts[this.#statusOf(answering, ran)] += 1;
      result[framework.id] = counts;
    }
    return result;
  }

  /** Those of nodes and of objects together, in the order of a report. */
  get byComponent(): Record<string, Counts> {
    const components = groupBy(this.#said.values(), ({ component }) => component);
    const named = [...components].flatMap(([name, said]) => (name === undefined ? [] : [[name, sumOf(said)] as const]));
    return Object.fromEntries(named.toSorted(([a], [b]) => compareComponents(a, b)));
  }

  /** Whether anything was said by a rule, or of it by a sharper one, in findings or untold. */
  hasSaid(rule: string): boolean {
    return this.#said.has(rule);
  }

  #count(rule: Rule, status: Status, times: number): void {
    const said = this.#of(rule.id);
    const at = STATUSES.indexOf(status);
    said.component ??= componentOf(rule);
    said.counts[at] = (said.counts[at] ?? 0) + times;
    said.seen |= 1 << at;
  }

  #of(rule: string): Said {
    let said = this.#said.get(rule);
    if (said === undefined) this.#said.set(rule, (said = { component: undefined, counts: STATUSES.map(() => 0), seen: 0 }));
    return said;
  }

  #statusOf(rules: readonly Rule[], { evaluated, off, unanswered }: Ran): Status {
    let seen = 0;
    for (const { id } of rules) {
      seen |= this.#said.get(id)?.seen ?? 0;
      if (off.has(id)) seen |= bitOf('unknown');
      else if (evaluated.has(id)) seen |= bitOf('pass');
    }
    return WEIGHT.find((status) => (seen & bitOf(status)) !== 0) ?? unanswered(rules);
  }
}

function bitOf(status: Status): number {
  return 1 << STATUSES.indexOf(status);
}

function sumOf(said: readonly Said[]): Counts {
  const sum = zero(STATUSES);
  for (const { counts } of said) for (const [at, status] of STATUSES.entries()) sum[status] += counts[at] ?? 0;
  return sum;
}

function zero<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
