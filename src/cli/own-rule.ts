/** A rule of the user's own: a plain object does, since a file of one's own need not import anything. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../model/index.ts';
import { AREAS, type Rule, SEVERITIES, defineRule } from '../rules/index.ts';

const SCOPES = ['container', 'workload', 'namespace', 'object', 'cluster'];
const EMPTY = { controls: [], examples: () => ({ good: [], bad: [] }) };

/** The rule with what it may leave out, or an error that names the field that is missing or wrong. */
export function ownRule(value: Record<string, unknown>, file: string): Rule {
  const rule: Record<string, unknown> = { ...EMPTY, ...value };
  const wrong = (what: string): CastellanError => new CastellanError('CAS_RULES_FILE', `${file}: the rule "${String(rule.id)}" ${what}`);
  if (typeof rule.id !== 'string' || !/^[A-Za-z0-9][\w.-]*$/.test(rule.id)) throw wrong('needs an id of letters, digits and "-"');
  for (const field of ['title', 'rationale', 'remedy']) {
    if (typeof rule[field] !== 'string' || rule[field] === '') throw wrong(`has no ${field}`);
  }
  oneOf(rule.severity, SEVERITIES, (known) => wrong(`has no severity of ${known}`));
  oneOf(rule.area, AREAS, (known) => wrong(`has no area of ${known}`));
  oneOf(rule.scope, SCOPES, (known) => wrong(`has no scope of ${known}`));
  for (const field of ['controls', 'kinds', 'reads', 'covers', 'coversSameField']) {
    if (rule[field] !== undefined && !Array.isArray(rule[field])) throw wrong(`has ${field} that are no list`);
  }
  if (rule.aliases !== undefined && !(isRecord(rule.aliases) && Object.values(rule.aliases).every(Array.isArray)))
    throw wrong('has aliases that are no lists by tool');
  if (typeof rule.examples !== 'function') throw wrong('has examples that are no function');
  return defineRule(rule as unknown as Parameters<typeof defineRule>[0]);
}

function oneOf(value: unknown, known: readonly string[], error: (known: string) => CastellanError): void {
  if (typeof value !== 'string' || !known.includes(value)) throw error(known.join(', '));
}
