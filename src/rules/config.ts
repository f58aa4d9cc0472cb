/**
 * `.castellan.yaml`: options of rules, and exceptions with a reason and an end. It is data; nothing in it is run.
 * A mistake in it is an error and not a warning: a gate must not open because a word was misspelt.
 */
import { CastellanError } from '../lib/errors.ts';
import { type YamlResult, parseYaml } from '../lib/yaml.ts';
import { isRecord } from '../model/index.ts';
import { type Attestation, attestedIn } from './attestations.ts';
import type { ControlAttestation } from './control-attestations.ts';
import type { Exception, ExceptionSubject } from './exceptions.ts';
import { FRAMEWORKS } from './frameworks.ts';
import type { Rule } from './rule.ts';

export interface Config {
  exceptions: Exception[];
  /** Options by rule id. */
  ruleOptions: Record<string, unknown>;
  /** Rules that are not run, each with its reason. */
  disabled: { rule: string; reason: string }[];
  /** What people say of use that no record shows. */
  attestations: Attestation[];
  /** What people have looked at, of controls that only they can judge. */
  controlAttestations: ControlAttestation[];
}

export const EMPTY_CONFIG: Config = { exceptions: [], ruleOptions: {}, disabled: [], attestations: [], controlAttestations: [] };

type Known = Pick<Rule, 'id' | 'options'> & Partial<Pick<Rule, 'controls'>>;

/** `rules` are all there are: the name of another one is an error, and so is an option that a rule does not have. */
export function parseConfig(text: string, file: string, rules: readonly Known[]): Config {
  const known = new Set(rules.map(({ id }) => id));
  const root = new Reader(valueOf(parseYaml(text), file), file, '');
  root.only('exceptions', 'rules', 'disabled', 'attestations');
  const ids = new Set<string>();
  const exceptions = root.list('exceptions').map((entry, index) => {
    const exception = exceptionOf(entry, index, known);
    if (ids.has(exception.id)) throw entry.error(`the id "${exception.id}" is used twice`);
    ids.add(exception.id);
    return exception;
  });
  const ruleOptions = root.record('rules');
  for (const id of Object.keys(ruleOptions)) {
    const rule = rules.find((candidate) => candidate.id === id);
    if (rule === undefined) throw root.error(`rules: there is no rule "${id}"`);
    const fault = optionsFault(ruleOptions[id], rule.options);
    if (fault !== undefined) throw root.error(`rules.${id} ${fault}`);
  }
  const disabled = root.list('disabled').map((entry) => {
    entry.only('rule', 'reason');
    return { rule: entry.rule(known), reason: entry.required('reason') };
  });
  const controls = new Set(rules.flatMap((rule) => (rule.controls ?? []).map(({ framework, id }) => `${framework}/${id}`)));
  const attestations: Attestation[] = [];
  const controlAttestations: ControlAttestation[] = [];
  for (const [index, entry] of root.list('attestations').entries()) {
    if (entry.has('rule') || entry.has('control')) controlAttestations.push(controlAttestationOf(entry, index, { known, controls }));
    else attestations.push(attestationOf(entry, index));
  }
  return { exceptions, ruleOptions, disabled, attestations, controlAttestations };
}

/** What is wrong with the options that a user sets, measured by the values that the rule has where none are set. */
function optionsFault(set: unknown, own: unknown): string | undefined {
  if (set === undefined || set === null) return undefined;
  if (own === undefined) return 'has no options';
  if (!isRecord(own)) return typeFault(set, own);
  if (!isRecord(set)) return 'is no mapping';
  for (const key of Object.keys(set)) {
    if (!Object.hasOwn(own, key)) return `has no option "${key}" (known: ${Object.keys(own).join(', ')})`;
    const fault = typeFault(set[key], own[key]);
    if (fault !== undefined) return `${key} ${fault}`;
  }
  return undefined;
}

/** An empty list or mapping shows no type of what is in it: that is text. */
function typeFault(set: unknown, own: unknown): string | undefined {
  if (Array.isArray(own)) {
    const [first = ''] = own as unknown[];
    if (!Array.isArray(set)) return 'is no list';
    const at = (set as unknown[]).findIndex((item) => typeof item !== typeof first);
    return at < 0 ? undefined : `[${at}] is no ${nameOfType(first)}`;
  }
  if (isRecord(own)) {
    const [first = ''] = Object.values(own);
    if (!isRecord(set)) return 'is no mapping';
    const key = Object.keys(set).find((each) => typeof set[each] !== typeof first);
    return key === undefined ? undefined : `"${key}" is no ${nameOfType(first)}`;
  }
  return typeof set === typeof own && !Number.isNaN(set) ? undefined : `is no ${nameOfType(own)}`;
}

function nameOfType(value: unknown): string {
  if (typeof value === 'string') return 'text';
  return typeof value;
}

function exceptionOf(entry: Reader, index: number, known: ReadonlySet<string>): Exception {
  entry.only('id', 'rule', 'rules', 'subject', 'fingerprint', 'reason', 'expires');
  const fingerprint = entry.optional('fingerprint');
  const one = entry.has('rule') ? [entry.rule(known)] : [];
  const rules = [...one, ...entry.list('rules').map((rule) => rule.ruleValue(known))];
  const subject = entry.has('subject') ? subjectOf(entry.child('subject')) : undefined;
  if (fingerprint === undefined && rules.length === 0) throw entry.error('names neither a rule nor a fingerprint');
  if (fingerprint === undefined && subject === undefined) {
    throw entry.error('has no subject; to switch a rule off everywhere, list it under "disabled"');
  }
  const expires = entry.optional('expires');
  if (expires !== undefined && !isDate(expires)) throw entry.error(`expires "${expires}" is no date like 2027-01-31`);
  const exception: Exception = { id: entry.optional('id') ?? `exception-${index + 1}`, rules, reason: entry.required('reason') };
  if (subject !== undefined) exception.subject = subject;
  if (fingerprint !== undefined) exception.fingerprint = fingerprint;
  if (expires !== undefined) exception.expires = expires;
  return exception;
}

function attestationOf(entry: Reader, index: number): Attestation {
  entry.only('id', 'needed', 'not-needed', 'of', 'who', 'why', 'until');
  if (entry.has('needed') === entry.has('not-needed')) throw entry.error('says neither needed nor not-needed, or both');
  const needed = entry.has('needed');
  const text = entry.required(needed ? 'needed' : 'not-needed');
  const what = attestedIn(text);
  if (what === undefined)
    throw entry.error(
      `"${text}" is no right such as "get secrets in shop", no "token", no "identity" and no "connection to shop/db[StatefulSet]"`,
    );
  const until = entry.required('until');
  if (!isDate(until)) throw entry.error(`until "${until}" is no date like 2027-01-31`);
  const id = entry.optional('id') ?? `attestation-${index + 1}`;
  return { id, needed, text, what, of: entry.required('of'), who: entry.required('who'), why: entry.required('why'), until };
}

function subjectOf(entry: Reader): ExceptionSubject {
  entry.only('kind', 'namespace', 'name', 'container', 'labels');
  const subject: ExceptionSubject = {};
  for (const field of ['kind', 'namespace', 'name', 'container'] as const) {
    const value = entry.optional(field);
    if (value !== undefined) subject[field] = value;
  }
  if (entry.has('labels')) {
    subject.labels = Object.fromEntries(Object.entries(entry.record('labels')).map(([key, value]) => [key, String(value)]));
  }
  if (Object.keys(subject).length === 0) throw entry.error('is empty and would match everything');
  return subject;
}

interface Names {
  known: ReadonlySet<string>;
  /** `FRAMEWORK/CONTROL` */
  controls: ReadonlySet<string>;
}

function controlAttestationOf(entry: Reader, index: number, { known, controls }: Names): ControlAttestation {
  entry.only('id', 'rule', 'control', 'who', 'why', 'date', 'until');
  if (entry.has('rule') === entry.has('control')) throw entry.error('names either a rule or a control');
  const dates = { date: entry.required('date'), until: entry.required('until') };
  for (const [field, date] of Object.entries(dates)) if (!isDate(date)) throw entry.error(`${field} "${date}" is no date like 2027-01-31`);
  return {
    id: entry.optional('id') ?? `attestation-${index + 1}`,
    about: entry.has('rule') ? { rule: entry.rule(known) } : controlOf(entry, controls),
    who: entry.required('who'),
    ...dates,
    why: entry.required('why'),
  };
}

/** `cis-1.12/5.6.1`; an edition with the same controls under the same numbers is taken for the other. */
function controlOf(entry: Reader, controls: ReadonlySet<string>): { framework: string; control: string } {
  const text = entry.required('control');
  const [id = '', control = ''] = text.split('/', 2);
  const framework = FRAMEWORKS.find((each) => each.id === id)?.sameAs ?? id;
  if (!controls.has(`${framework}/${control}`)) throw entry.error(`names the control "${text}", which no rule answers`);
  return { framework, control };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // The 31st of February is taken for a day in March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function valueOf(result: YamlResult, file: string): unknown {
  if ('error' in result) {
    const { line, reason } = result.error;
    throw new CastellanError('CAS_CONFIG', `${file}${line === undefined ? '' : `:${line}`}: ${reason}`);
  }
  return result.value ?? {};
}

/** One mapping of the file, with errors that say where they are. */
class Reader {
  readonly #value: unknown;
  readonly #file: string;
  readonly #path: string;

  constructor(value: unknown, file: string, path: string) {
    this.#value = value;
    this.#file = file;
    this.#path = path;
  }

  error(message: string): CastellanError {
    return new CastellanError('CAS_CONFIG', `${this.#file}: ${this.#path === '' ? '' : `${this.#path} `}${message}`);
  }

  only(...fields: readonly string[]): void {
    for (const field of Object.keys(this.#fields())) {
      if (!fields.includes(field)) throw this.error(`has an unknown field "${field}" (known: ${fields.join(', ')})`);
    }
  }

  has(field: string): boolean {
    return this.#fields()[field] !== undefined;
  }

  optional(field: string): string | undefined {
    const value = this.#fields()[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number') throw this.error(`${field} is no text`);
    return String(value);
  }

  required(field: string): string {
    const value = this.optional(field)?.trim();
    if (!value) throw this.error(`has no ${field}`);
    return value;
  }

  rule(known: ReadonlySet<string>): string {
    return this.#known(this.required('rule'), known);
  }

  /** The entry itself, as the id of a rule. */
  ruleValue(known: ReadonlySet<string>): string {
    return this.#known(String(this.#value), known);
  }

  child(field: string): Reader {
    return new Reader(this.#fields()[field], this.#file, this.#path === '' ? field : `${this.#path}.${field}`);
  }

  record(field: string): Record<string, unknown> {
    const value = this.#fields()[field] ?? {};
    if (!isRecord(value)) throw this.error(`${field} is no mapping`);
    return value;
  }

  list(field: string): Reader[] {
    const value = this.#fields()[field] ?? [];
    if (!Array.isArray(value)) throw this.error(`${field} is no list`);
    return value.map(
      (item: unknown, index) => new Reader(item, this.#file, `${this.#path === '' ? '' : `${this.#path}.`}${field}[${index}]`),
    );
  }

  #fields(): Record<string, unknown> {
    if (!isRecord(this.#value)) throw this.error('is no mapping');
    return this.#value;
  }

  #known(id: string, known: ReadonlySet<string>): string {
    if (!known.has(id)) throw this.error(`names the rule "${id}", which does not exist`);
    return id;
  }
}
