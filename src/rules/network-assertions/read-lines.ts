/**
 * The file of assertions that people write, a line each:
 *
 *     # Comments, and empty lines.
 *     deny  env=dev -> env=prod                  "developers stay out"
 *     allow shop/frontend -> payments/api:8443/TCP
 *     deny  tenant(*) -> tenant(*)
 *     tenants by team
 *     tenant guests = lab/* or trial/*
 *     deny  env=dev -> env=prod if any
 *     except shop/legacy -> prod/db:5432 until 2027-01-31 "moves in January, ann"
 */
import type { Assertion, AssertionException, Assertions, End, PortsAsked } from './assertion.ts';
import { fault } from './fault.ts';
import { EndFault, parseEnd, parseTarget } from './parse-end.ts';

/** @throws CAS_ASSERTIONS at the first mistake */
export function readLines(text: string, file: string): Assertions {
  const assertions: Assertion[] = [];
  const exceptions: AssertionException[] = [];
  const tenants = new Map<string, End>();
  let tenantLabel: string | undefined;
  for (const [index, source] of text.split(/\r?\n/).entries()) {
    const line = new Line(source, { file, line: index + 1 });
    if (line.verb === '') continue;
    if (line.verb === 'deny' || line.verb === 'allow') assertions.push(line.assertion(line.verb));
    else if (line.verb === 'except') exceptions.push(line.exception());
    else if (line.verb === 'tenants') tenantLabel = line.label(tenantLabel);
    else if (line.verb === 'tenant') tenants.set(...line.tenant(tenants));
    else
      throw line.fault(`a line begins with deny, allow, except, tenant or tenants, not with "${line.verb}"`, line.verbAt, line.verb.length);
  }
  return { assertions, exceptions, tenants, tenantLabel };
}

/** Either is meant: -> or the character for it. */
const ARROW = /\s(->|\u2192)\s/;

/** A part of a line and where it begins, from 0. */
interface Part {
  text: string;
  at: number;
}

class Line {
  readonly verb: string;
  readonly verbAt: number;
  readonly #source: string;
  readonly #place: { file: string; line: number };
  /** Behind the verb, without the comment. */
  #rest: Part;

  constructor(source: string, place: { file: string; line: number }) {
    this.#source = source;
    this.#place = place;
    const code = withoutComment(source);
    const [, blanks = '', verb = ''] = /^(\s*)(\S*)/.exec(code) ?? [];
    this.verb = verb;
    this.verbAt = blanks.length;
    this.#rest = { text: code.slice(blanks.length + verb.length), at: blanks.length + verb.length };
  }

  /** `at` counts from 0. */
  fault(what: string, at: number, length: number): Error {
    return fault({ ...this.#place, column: at + 1, length }, what, this.#source);
  }

  assertion(verb: Assertion['verb']): Assertion {
    const title = this.#quoted() ?? '';
    const mayBeEmpty = this.#tail(/\sif\s+any\s*$/) !== undefined;
    const connection = this.#connection(verb);
    if (verb === 'deny' && connection.ports?.any === true)
      throw this.fault('"any" is for what is allowed; a deny is of all ports that are named', this.#end(), 1);
    return { verb, title, mayBeEmpty, ...connection, text: mayBeEmpty ? `${connection.text} if any` : connection.text };
  }

  exception(): AssertionException {
    const end = this.#end();
    const reason = this.#quoted();
    if (reason === undefined || reason.trim() === '')
      throw this.fault('an exception needs its reason in quotes: "who asked, and why"', end, 1);
    const until = this.#tail(/\suntil\s+(\S+)\s*$/);
    if (until === undefined) throw this.fault('an exception needs the last day on which it holds: until 2027-01-31', this.#end(), 1);
    if (!isDay(until.text)) throw this.fault(`"${until.text}" is no day such as 2027-01-31`, until.at, until.text.length);
    return { until: until.text, reason, ...this.#connection('except') };
  }

  /** `tenants by LABEL` */
  label(before: string | undefined): string {
    const [whole = '', blanks = '', label = ''] = /^(\s+by\s+)(\S+)\s*$/.exec(this.#rest.text) ?? [];
    if (whole === '') throw this.fault('tenants are told apart by a label of namespaces: tenants by team', this.#end(), 1);
    if (before !== undefined) throw this.fault('tenants are told apart by one label', this.#rest.at + blanks.length, label.length);
    return label;
  }

  /** `tenant NAME = END` */
  tenant(known: ReadonlyMap<string, End>): [string, End] {
    const [whole = '', blanks = '', name = '', equals = '', text = ''] = /^(\s+)([^\s=()*]+)(\s*=)(.*)$/.exec(this.#rest.text) ?? [];
    if (whole === '') throw this.fault('a tenant has a name and an end: tenant guests = lab/* or trial/*', this.#end(), 1);
    const at = this.#rest.at + blanks.length;
    if (known.has(name)) throw this.fault(`there is a tenant "${name}" already`, at, name.length);
    const end = this.#parsed({ text, at: at + name.length + equals.length }, parseEnd);
    if (end.names.some(({ kind }) => kind === 'tenant')) throw this.fault('a tenant is not made of others', at, name.length);
    return [name, end];
  }

  #connection(verb: string): { text: string; line: number; from: End; to: End; ports: PortsAsked | undefined } {
    const { text, at } = this.#rest;
    const arrow = ARROW.exec(text);
    if (arrow === null) throw this.fault(`what may not be missing is the arrow: ${verb} FROM -> TO`, this.#end(), 1);
    const second = text.slice(arrow.index + arrow[0].length).search(ARROW);
    const to = { text: text.slice(arrow.index + arrow[0].length), at: at + arrow.index + arrow[0].length };
    if (second >= 0) throw this.fault('there is a second arrow', to.at + second + 1, 1);
    const from = this.#parsed({ text: text.slice(0, arrow.index), at }, parseEnd);
    const target = this.#parsed(to, parseTarget);
    const shown = `${verb} ${from.text} -> ${to.text.trim()}`;
    return { text: shown, line: this.#place.line, from, ...target };
  }

  #parsed<T>({ text, at }: Part, parse: (text: string) => T): T {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof EndFault) throw this.fault(error.message, at + error.at, error.length);
      throw error;
    }
  }

  /** Takes the text in quotes off the end. */
  #quoted(): string | undefined {
    const found = /\s"([^"]*)"\s*$/.exec(this.#rest.text);
    if (found === null) {
      const open = this.#rest.text.indexOf('"');
      if (open >= 0) throw this.fault('the quotes do not stand around the end of the line', this.#rest.at + open, 1);
      return undefined;
    }
    this.#cut(found.index);
    return found[1];
  }

  /** Takes what matches off the end. */
  #tail(pattern: RegExp): Part | undefined {
    const found = pattern.exec(this.#rest.text);
    if (found === null) return undefined;
    const text = found[1] ?? '';
    const part = { text, at: this.#rest.at + found.index + found[0].indexOf(text) };
    this.#cut(found.index);
    return part;
  }

  #cut(at: number): void {
    this.#rest = { ...this.#rest, text: this.#rest.text.slice(0, at) };
  }

  /** Behind the last character that says something. */
  #end(): number {
    return this.#rest.at + this.#rest.text.trimEnd().length;
  }
}

/** A hash begins a comment where it stands first or behind a blank, and not in quotes. */
function withoutComment(source: string): string {
  let quoted = false;
  for (let at = 0; at < source.length; at += 1) {
    if (source[at] === '"') quoted = !quoted;
    if (source[at] === '#' && !quoted && (at === 0 || /\s/.test(source[at - 1] ?? ''))) return source.slice(0, at);
  }
  return source;
}

/** 2027-02-30 is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
