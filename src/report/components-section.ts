/** Nodes and objects in one list: what was said of each component, where nodes were judged. */
import { STATUSES, type Status } from '../rules/index.ts';
import type { ControlCounts, ReportFrame, ReportTotals } from './report.ts';

export interface ComponentRow {
  name: string;
  counts: ControlCounts;
}

/** Empty where neither nodes nor a provider's description were given: then the list by rule says it all. */
export function componentRows({ cluster }: ReportFrame, { byComponent }: ReportTotals): ComponentRow[] {
  if (cluster.nodes.length + cluster.clouds.length === 0) return [];
  return Object.entries(byComponent).map(([name, counts]) => ({ name, counts }));
}

/** Those that any of the components has. */
export function statusesIn(rows: readonly ComponentRow[]): Status[] {
  return STATUSES.filter((status) => rows.some(({ counts }) => counts[status] > 0));
}
