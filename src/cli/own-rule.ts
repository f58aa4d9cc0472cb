/** A rule of the user's own: a plain object does, since a file of one's own need not import anything. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../model/index.ts';
import { AREAS, type Rule, SEVERITIES, STATUSES, defineRule } from '../rules/index.ts';

const SCOPES = ['container', 'workload', 'namespace', 'object', 'cluster'];
const EMPTY = { controls: [], examples: () => ({ good: [], bad: [] }) };

type Check = (...subject: unknown[]) => unknown;

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
  if (rule.aliases !== undefined && !(isRecord(rule.aliases) && Object.values(rule.aliases).every(Array.isArray))) {
    throw wrong('has aliases that are no lists by tool');
  }
  if (typeof rule.examples !== 'function') throw wrong('has examples that are no function');
  const check = rule.check as Check;
  const checked: Check = (...subject) => soundHits(check(...subject));
  // A rule keeps what it has a place for; what the file wrote beside that is still there for its own methods.
  const methods: Record<string, unknown> = { check: checked };
  for (const name of ['shown', 'examples']) {
    const method = rule[name];
    if (typeof method === 'function') methods[name] = method.bind(rule) as unknown;
  }
  return defineRule({ ...rule, ...methods } as unknown as Parameters<typeof defineRule>[0]);
}

function oneOf(value: unknown, known: readonly string[], error: (known: string) => CastellanError): void {
  if (typeof value !== 'string' || !known.includes(value)) throw error(known.join(', '));
}

/** What a check returned, when it is what a check may return; the judge turns an error into an unknown finding. */
function soundHits(hits: unknown): unknown {
  if (hits === undefined || hits === null) return undefined;
  for (const hit of Array.isArray(hits) ? (hits as unknown[]) : [hits]) {
    const fault = faultOf(hit);
    if (fault !== undefined) throw new Error(`its check returned ${fault}`);
  }
  return hits;
}

function faultOf(hit: unknown): string | undefined {
  if (!isRecord(hit)) return 'what is no hit';
  if (typeof hit.then === 'function') return 'a promise: checks are synchronous';
  if (typeof hit.message !== 'string' || hit.message === '') return 'a hit without a message';
  if (typeof hit.path !== 'string') return 'a hit without a path';
  if (hit.key !== undefined && typeof hit.key !== 'string') return 'a hit whose key is no text';
  if (hit.severity !== undefined && !(SEVERITIES as readonly unknown[]).includes(hit.severity)) return 'a hit of an unknown severity';
  if (hit.status !== undefined && !(STATUSES as readonly unknown[]).includes(hit.status)) return 'a hit of an unknown status';
  if (hit.also !== undefined && !listOf(hit.also, isPlace)) return 'a hit whose "also" is no list of places';
  if (hit.fix !== undefined && !listOf(hit.fix, isEdit)) return 'a hit whose "fix" is no list of edits';
  return undefined;
}

function listOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

function isPlace(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.path === 'string' &&
    (value.object === undefined || (isRecord(value.object) && isRecord(value.object.origin)))
  );
}

function isEdit(value: unknown): boolean {
  return isRecord(value) && (typeof value.remove === 'string' || (typeof value.set === 'string' && 'value' in value));
}
