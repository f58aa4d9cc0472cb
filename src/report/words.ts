/** Short texts that several writers share. */
import { plural } from '../lib/terminal.ts';
import { type Finding, type Rule, SEVERITIES, type Severity } from '../rules/index.ts';
import { oneLine } from './one-line.ts';
import type { ReportFrame, ReportTotals } from './report.ts';

/** A message as a sentence. */
export function sentenceOf(text: string): string {
  const line = oneLine(text);
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}${/[.!?\u2026]$/.test(line) ? '' : '.'}`;
}

/** What is wrong, and the add-on that cannot do without it. */
export function factOf({ message, addOn }: Pick<Finding, 'message' | 'addOn'>): string {
  return oneLine(addOn === undefined ? message : `${message}, needed by ${addOn.name} (${addOn.purpose})`);
}

/** `fail` needs no word; what could not be decided says so first. */
export function statusPrefix({ status }: Pick<Finding, 'status'>): string {
  return status === 'fail' ? '' : `${status}: `;
}

/** `cis-1.12 5.2.2`. */
export function controlsOf(rule: Rule): string[] {
  return rule.controls.map(({ framework, id }) => `${framework} ${id}`);
}

/** What was judged, for a title: the paths, or the context of a cluster. */
export function titleOf({ targets, source }: Pick<ReportFrame, 'targets' | 'source'>): string {
  // As it is typed: --context NAME, and the namespaces behind it.
  const [, context = '', ...rest] = targets;
  const words = source.kind === 'cluster' ? [context, ...rest.filter((word) => word !== '-n')] : targets;
  return oneLine(words.join(' '), 200);
}

type Counted = Pick<ReportTotals, 'bySeverity' | 'byStatus'>;

/** `7 critical`, `28 high`, `3 unknown`: only what there is. What fails carries its severity, to be painted in its colour. */
export function countList({ bySeverity, byStatus }: Counted): { text: string; severity?: Severity }[] {
  const failing = SEVERITIES.filter((severity) => bySeverity[severity] > 0).map((severity) => ({
    text: `${bySeverity[severity]} ${severity}`,
    severity,
  }));
  const undecided = (['unknown', 'manual'] as const)
    .filter((status) => byStatus[status] > 0)
    .map((status) => ({ text: `${byStatus[status]} ${status}` }));
  return [...failing, ...undecided];
}

/** `7 critical, 28 high, 3 unknown`. */
export function countsOf(totals: Counted): string {
  return countList(totals)
    .map(({ text }) => text)
    .join(', ');
}

/** `97.5 %`, rounded down: 100 % means everything. */
export function percentOf(ratio: number): string {
  return `${Math.floor(ratio * 1000) / 10} %`;
}

export function coverageOf({ coverage }: Pick<ReportTotals, 'coverage'>): string {
  const { ratio, judged, skipped, unit } = coverage;
  if (unit === 'documents') return `${percentOf(ratio)}: ${judged} of ${plural(judged + skipped, 'document')} judged`;
  // Of a cluster whole kinds are missing, with nobody knows how many objects.
  const missing = skipped === 0 ? '' : `, ${plural(skipped, 'kind')} could not be listed`;
  return `${percentOf(ratio)}: ${plural(judged, 'object')} judged${missing}`;
}

/** A value that was seen, as JSON, cut to a readable length; undefined where the field is absent. */
export function valueText(value: unknown, most = 500): string | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : oneLine(text, most);
}
