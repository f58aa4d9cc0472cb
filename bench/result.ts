/** What a benchmark says at its end: figures of each tool, and which budgets hold. */
import type { Measured } from './measure.ts';

/** One figure with the most that it may be. */
export interface Budget {
  figure: string;
  value: number;
  limit: number;
  unit: string;
  holds: boolean;
}

export interface CaseResult {
  name: string;
  title: string;
  measured: readonly Measured[];
  budgets: readonly Budget[];
  /** What a reader must know to understand the figures, such as a peer that is missing. */
  notes: readonly string[];
}

export function budget(figure: string, value: number, { limit, unit = '' }: { limit: number; unit?: string }): Budget {
  return { figure, value, limit, unit, holds: value <= limit };
}

/** For people at a terminal. */
export function asText(result: CaseResult): string {
  const lines = [`\n${result.name}: ${result.title}`];
  if (result.measured.length > 0) lines.push(table(result.measured));
  for (const { figure, value, limit, unit, holds } of result.budgets) {
    lines.push(`  ${holds ? 'ok  ' : 'OVER'} ${figure.padEnd(44)} ${withUnit(value, unit)} (at most ${withUnit(limit, unit)})`);
  }
  for (const note of result.notes) lines.push(`  note ${note}`);
  return `${lines.join('\n')}\n`;
}

function table(measured: readonly Measured[]): string {
  const width = Math.max(20, ...measured.map((one) => one.name.length));
  const head = `  ${'median of the runs'.padEnd(width + 6)}   wall s    cpu s  peak MB  runs`;
  const rows = measured.map(({ name, wall, cpu, peak, runs }) => {
    const figures = [seconds(wall), seconds(cpu), peak.toFixed(0)].map((text) => text.padStart(9)).join('');
    return `  ${name.padEnd(width + 6)}${figures}${String(runs.length).padStart(6)}`;
  });
  return [head, ...rows].join('\n');
}

/** For docs/benchmarks.md. */
export function asMarkdown(result: CaseResult): string {
  const lines = [`### ${result.name}`, '', `${result.title}.`, ''];
  if (result.measured.length > 0) {
    lines.push('| | wall s | cpu s | peak MB | runs |', '| --- | ---: | ---: | ---: | ---: |');
    for (const { name, wall, cpu, peak, runs } of result.measured) {
      lines.push(`| ${name} | ${seconds(wall)} | ${seconds(cpu)} | ${peak.toFixed(0)} | ${runs.length} |`);
    }
    lines.push('');
  }
  if (result.budgets.length > 0) {
    lines.push('| budget | measured | at most | |', '| --- | ---: | ---: | --- |');
    for (const { figure, value, limit, unit, holds } of result.budgets) {
      lines.push(`| ${figure} | ${withUnit(value, unit)} | ${withUnit(limit, unit)} | ${holds ? 'ok' : '**over**'} |`);
    }
    lines.push('');
  }
  for (const note of result.notes) lines.push(`- ${note}`);
  if (result.notes.length > 0) lines.push('');
  return lines.join('\n');
}

function seconds(value: number): string {
  return value.toFixed(value < 0.1 ? 4 : 3);
}

function withUnit(value: number, unit: string): string {
  const digits = value >= 100 ? 0 : 2;
  return unit === '' ? value.toFixed(digits) : `${value.toFixed(digits)} ${unit}`;
}
