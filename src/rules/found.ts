/** A hit of a rule on a subject, as a finding. Made by the hundred thousand: what few reports ask for is made lazily. */
import { concatPath, segmentsOf, valueAt } from '../lib/field-path.ts';
import { type HashState, hashAfter, hashState } from '../lib/hash.ts';
import { maskSecret } from '../lib/mask.ts';
import type { ApiObject, Container } from '../model/index.ts';
import { changeOf } from './change.ts';
import { type Change, type Evidence, type Finding, type FindingAddOn, type FindingSubject, SEVERITIES, type Severity, type Status } from './finding.ts';
import type { Hit, Rule } from './rule.ts';

/** Where hits stand, and how to name them. */
export interface Place {
  object: ApiObject;
  subject: FindingSubject;
  /** Prefix of the paths in the hits. */
  path: string;
  /** The value at that prefix. */
  root: unknown;
  /** Hash of everything in a fingerprint that the place gives. */
  seed: HashState;
}

const NONE: readonly string[] = Object.freeze([]);

export class Found implements Finding {
  readonly rule: Rule;
  status: Status;
  severity: Severity;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  also: readonly string[] = NONE;
  reason: string | undefined;
  readonly key: string | undefined;
  fingerprint: string;
  addOn: FindingAddOn | undefined;
  readonly #place: Place;
  readonly #fix: Hit['fix'];

  constructor(rule: Rule, hit: Hit, place: Place) {
    this.rule = rule;
    this.status = hit.status ?? 'fail';
    this.severity = hit.severity ?? rule.severity;
    this.message = hit.message;
    this.evidence = evidenceOf(hit, place);
    this.key = hit.key;
    this.fingerprint = hashAfter(place.seed, `${rule.id}\n${hit.key ?? ''}`);
    this.#place = place;
    this.#fix = hit.fix;
  }

  get subject(): FindingSubject {
    return this.#place.subject;
  }

  get object(): ApiObject {
    return this.#place.object;
  }

  /** What an add-on needs stays a finding, but nobody has to act on it: `low` at most. */
  explainBy(addOn: FindingAddOn): void {
    this.addOn = addOn;
    if (SEVERITIES.indexOf(this.severity) < SEVERITIES.indexOf('low')) this.severity = 'low';
  }

  /** Worked out when a report asks for it: most findings are only counted or listed. */
  get change(): Change | undefined {
    return this.#fix === undefined || this.addOn !== undefined ? undefined : changeOf(this.rule, this.#fix, this.#place);
  }
}

/** What an object says of itself that does not move: no lines, no indexes, no pod hashes, no file names. */
export function placeOf(object: ApiObject, subject: FindingSubject): Place {
  const { kind, namespace, container } = subject;
  const name = kind === 'Pod' || kind === 'ReplicaSet' ? withoutHash(subject.name) : subject.name;
  const seed = hashState(`${kind}/${namespace}/${name}\n${container ?? ''}\n`);
  return { object, subject, path: '', root: object.body, seed };
}

export function placeOfContainer(container: Container, place: Place): Place {
  const subject = { ...place.subject, container: container.name };
  return { ...placeOf(place.object, subject), path: container.path, root: container.spec };
}

/** Passing and not applying are told with `--all` only. */
export function passed(rule: Rule, place: Place): Found {
  const hit: Hit = { message: rule.title, path: '', value: undefined };
  const found = new Found(rule, hit, place);
  found.status = 'pass';
  return found;
}

function evidenceOf(hit: Hit, place: Place): Evidence[] {
  const { object, root } = place;
  const fromObject = hit.fromObject === true;
  const path = fromObject ? hit.path : concatPath(place.path, hit.path);
  const own = evidence(object, path, 'value' in hit ? hit.value : valueIn(fromObject ? object.body : root, hit.path), hit.secret);
  if (hit.also === undefined) return [own];
  return [
    own,
    ...hit.also.map((more) => {
      const source = more.object ?? object;
      return evidence(source, more.path, 'value' in more ? more.value : valueIn(source.body, more.path), more.secret);
    }),
  ];
}

// oxlint-disable-next-line max-params -- called for every finding; an object for its arguments would be garbage
function evidence(object: ApiObject, path: string, value: unknown, secret = false): Evidence {
  return { origin: object.origin, path, value: secret && value !== undefined ? maskSecret(value) : value, masked: secret };
}

function valueIn(root: unknown, path: string): unknown {
  return path === '' ? undefined : valueAt(root, segmentsOf(path));
}

/** `web-6d4cf56db6-x2b8k` → `web`, with the alphabet of generated names (k8s.io/apimachinery util/rand). */
function withoutHash(name: string): string {
  return name.replace(/(?:-[bcdfghjklmnpqrstvwxz2456789]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '');
}
