/** Findings that somebody decided to live with, by name, for a reason, until a day. */
import { segmentsOf, valueAt } from '../lib/field-path.ts';
import { KINDS, type Kind, isRecord } from '../model/index.ts';
import type { Finding } from './finding.ts';

export interface ExceptionSubject {
  /** `*` stands for any run of characters in each of these. */
  kind?: string;
  namespace?: string;
  name?: string;
  container?: string;
  /** All of them must be on the object or on its pods' template. */
  labels?: Record<string, string>;
}

export interface Exception {
  id: string;
  /** Empty when a fingerprint names the finding. */
  rules: string[];
  subject?: ExceptionSubject;
  fingerprint?: string;
  reason: string;
  /** The last day on which it holds: 2027-01-31. */
  expires?: string;
}

interface Compiled {
  exception: Exception;
  matches: (finding: Finding) => boolean;
  used: boolean;
  expired: boolean;
}

/** Applies exceptions to findings one by one, and knows at the end which were of no use. */
export class Exceptions {
  readonly #all: Compiled[];
  #used = 0;

  /** `today` as 2026-11-21. */
  constructor(exceptions: readonly Exception[], today: string) {
    this.#all = exceptions.map((exception) => ({
      exception,
      matches: compile(exception),
      used: false,
      expired: exception.expires !== undefined && exception.expires < today,
    }));
  }

  /** Whether there is anything to apply. */
  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Turns a failing finding into an excepted one when an exception that still holds names it. */
  apply(finding: Finding): void {
    // What is unknown stays so: nobody has decided to live with what nobody knows.
    if (finding.status !== 'fail' && finding.status !== 'manual') return;
    for (const entry of this.#all) {
      if (!entry.matches(finding)) continue;
      entry.used = true;
      if (entry.expired) continue;
      finding.status = 'excepted';
      finding.reason = entry.exception.reason;
      this.#used += 1;
      return;
    }
  }

  /** `ran` are the rules of this run: an exception of a rule that did not run is not of no use. */
  summary(ran: ReadonlySet<string>): { used: number; unused: string[]; expired: string[] } {
    return {
      used: this.#used,
      unused: this.#all
        .filter(({ used, exception }) => !used && (exception.rules.length === 0 || exception.rules.some((rule) => ran.has(rule))))
        .map(({ exception }) => exception.id),
      expired: this.#all.filter(({ expired }) => expired).map(({ exception }) => exception.id),
    };
  }
}

function compile({ rules, subject, fingerprint }: Exception): (finding: Finding) => boolean {
  const named = new Set(rules);
  const kind = pattern(subject?.kind);
  const namespace = pattern(subject?.namespace);
  const name = pattern(subject?.name);
  const container = pattern(subject?.container);
  const labels = Object.entries(subject?.labels ?? {});
  return (finding) => {
    if (fingerprint !== undefined && finding.fingerprint !== fingerprint) return false;
    if (named.size > 0 && !named.has(finding.rule.id)) return false;
    const { subject: found } = finding;
    if (!kind(found.kind) || !name(found.name) || !container(found.container ?? '')) return false;
    // A finding about a namespace is inside it.
    if (!namespace(found.kind === 'Namespace' ? found.name : found.namespace)) return false;
    return labels.every(([key, value]) => labelsOf(finding).some((held) => held[key] === value));
  };
}

/** What a finding on a namespace or the cluster points at is only an object inside: its labels are not the subject's. */
function labelsOf({ object, subject }: Finding): Readonly<Record<string, unknown>>[] {
  if (subject.kind !== object.kind) return [];
  const path = object.known === undefined ? undefined : podMetadataOf(object.known);
  const template = path === undefined ? undefined : valueAt(object.body, segmentsOf(`${path}.labels`));
  return isRecord(template) ? [object.labels, template] : [object.labels];
}

function podMetadataOf(kind: Kind): string | undefined {
  const entry = KINDS[kind];
  return 'pod' in entry ? entry.pod.metadata : undefined;
}

/** `*` stands for any run of characters. By hand: a pattern with many of them would make a regular expression slow. */
function pattern(text: string | undefined): (value: string) => boolean {
  if (text === undefined || text === '*') return () => true;
  const [first = '', ...rest] = text.split('*');
  const last = rest.pop();
  if (last === undefined) return (value) => value === text;
  return (value) => {
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = value.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at + last.length <= value.length;
  };
}
