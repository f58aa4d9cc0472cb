/** `castellan rules`: what is judged, and which controls it answers. */
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { fit } from '../lib/terminal.ts';
import { FRAMEWORKS, type Rule, SEVERITIES } from '../rules/index.ts';
import { loadRules } from './inputs.ts';

interface RulesFlags {
  format?: string;
  framework?: string;
  rules?: string[];
}

export async function runRules(flags: RulesFlags): Promise<number> {
  const rules = inFramework(await loadRules(flags.rules ?? []), flags.framework);
  switch (flags.format ?? 'table') {
    case 'json':
      stdout.write(`${JSON.stringify({ schema: 'castellan/rules/v1', frameworks: FRAMEWORKS, rules: rules.map(entryOf) })}\n`);
      break;
    case 'table':
      stdout.write(tableOf(rules));
      break;
    default:
      throw new CastellanError('CAS_UNKNOWN_FORMAT', `rules has no format "${flags.format}"`, { remedy: 'The formats are: table, json.' });
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

function inFramework(rules: readonly Rule[], framework: string | undefined): readonly Rule[] {
  if (framework === undefined) return rules;
  const known = FRAMEWORKS.find(({ id }) => id === framework);
  if (known === undefined) {
    throw new CastellanError('CAS_USAGE', `there is no framework "${framework}"`, {
      remedy: `The frameworks are: ${FRAMEWORKS.map(({ id }) => id).join(', ')}.`,
    });
  }
  return rules.filter((rule) => rule.controls.some((control) => control.framework === (known.sameAs ?? known.id)));
}
