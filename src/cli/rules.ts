/** `castellan rules`: what is judged, and which controls it answers. */
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { fit } from '../lib/terminal.ts';
import { BENCHMARKS, FRAMEWORKS, type Rule, SEVERITIES, answersOf } from '../rules/index.ts';
import { benchmarkNamed, frameworkNamed, inFramework } from './benchmarks.ts';
import { loadRules } from './inputs.ts';

interface RulesFlags {
  format?: string;
  framework?: string;
  benchmark?: string;
  rules?: string[];
}

export async function runRules(flags: RulesFlags): Promise<number> {
  const all = await loadRules(flags.rules ?? []);
  if (flags.benchmark === 'list') return listBenchmarks(all, flags.format ?? 'table');
  const framework = flags.framework === undefined ? undefined : frameworkNamed(flags.framework);
  const benchmark = flags.benchmark === undefined ? undefined : benchmarkNamed(flags.benchmark);
  const rules = [framework, benchmark].reduce((left, view) => (view === undefined ? left : inFramework(left, view)), all);
  switch (flags.format ?? 'table') {
    case 'json':
      stdout.write(`${JSON.stringify({ schema: 'castellan/rules/v1', frameworks: FRAMEWORKS, rules: rules.map(entryOf) })}\n`);
      break;
    case 'table':
      stdout.write(tableOf(rules));
      break;
    default:
      throw noFormat(flags.format ?? '');
  }
  stdout.end();
  return 0;
}

function entryOf(rule: Rule): Record<string, unknown> {
  const { id, title, severity, area, rationale, remedy, controls, aliases = {}, covers = [], scope, kinds, reads } = rule;
  return {
    id,
    title,
    severity,
    area,
    rationale,
    remedy,
    controls,
    aliases,
    covers,
    needs: rule.needs ?? ['objects'],
    scope,
    kinds,
    reads,
    options: rule.options ?? null,
  };
}

function tableOf(rules: readonly Rule[]): string {
  const ordered = [...rules].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1));
  const width = Math.max(...ordered.map((rule) => rule.id.length), 4);
  const lines = ordered.map((rule) => {
    const controls = rule.controls
      .filter(({ framework }) => framework.startsWith('cis') || framework.startsWith('pss'))
      .map(({ framework, id }) => `${framework} ${id}`);
    return `${fit(rule.severity, 8)}  ${fit(rule.id, width)}  ${fit(rule.title, 52)}  ${controls.join(', ')}`.trimEnd();
  });
  return `${lines.join('\n')}\n\n${rules.length} rules. castellan explain RULE says why and what to do.\n`;
}

/** Each with how many controls it has, all of which get a status in a scan. */
function listBenchmarks(rules: readonly Rule[], format: string): number {
  const benchmarks = BENCHMARKS.map((each) => ({ ...each, controls: answersOf(rules, each).size }));
  const width = Math.max(...benchmarks.map(({ id }) => id.length));
  if (format === 'json') stdout.write(`${JSON.stringify({ schema: 'castellan/benchmarks/v1', benchmarks })}\n`);
  else if (format === 'table')
    stdout.write(
      benchmarks.map(({ id, title, controls }) => `${fit(id, width)}  ${String(controls).padStart(4)} controls  ${title}\n`).join(''),
    );
  else throw noFormat(format);
  stdout.end();
  return 0;
}

function noFormat(format: string): CastellanError {
  return new CastellanError('CAS_UNKNOWN_FORMAT', `rules has no format "${format}"`, { remedy: 'The formats are: table, json.' });
}
