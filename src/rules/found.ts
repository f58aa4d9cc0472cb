/** A hit of a rule on a subject, as a finding. Made by the hundred thousand: what few reports ask for is made lazily. */
import { type PathSegment, pathBelow, segmentsOf, valueAt } from '../lib/field-path.ts';
import { type HashState, hashAfter, hashState } from '../lib/hash.ts';
import { maskSecret, withoutCredentials } from '../lib/mask.ts';
import type { ApiObject, Container } from '../model/index.ts';
import type { Origin } from '../snapshot/index.ts';
import { changeOf } from './change.ts';
import {
  type Change,
  type Evidence,
  type Finding,
  type FindingAddOn,
  type FindingSubject,
  SEVERITIES,
  type Severity,
  type Status,
} from './finding.ts';
import type { Hit, HitRight, Rule } from './rule.ts';

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
  /** The subject, where what is looked at is only something that it made. */
  owner?: ApiObject;
  /** Where a field really stands, where the object was only made to be looked at. */
  locate?: (object: ApiObject, path: string, file: string | undefined) => { origin: Origin; path: string; value?: unknown };
  /** What settles it there, where that is no edit of an object. */
  change?: (rule: Rule, hit: Hit) => Change | undefined;
}

const NONE: readonly string[] = Object.freeze([]);
const NOTHING: readonly Found[] = Object.freeze([]);

export class Found implements Finding {
  readonly rule: Rule;
  status: Status;
  severity: Severity;
  #covered: Found[] | undefined = undefined;
  #also: readonly string[] | undefined = undefined;
  isNew: boolean | undefined = undefined;
  reason: string | undefined = undefined;
  addOn: FindingAddOn | undefined = undefined;
  readonly #hit: Hit;
  #leads = '';
  readonly #place: Place;
  #evidence: readonly Evidence[] | undefined = undefined;
  #fingerprint: string | undefined = undefined;

  constructor(rule: Rule, hit: Hit, place: Place) {
    this.rule = rule;
    this.status = hit.status ?? 'fail';
    this.severity = hit.severity ?? rule.severity;
    this.#hit = hit;
    this.#place = place;
  }

  get also(): readonly string[] {
    if (this.#covered === undefined) return NONE;
    return (this.#also ??= idsOf(this.#covered));
  }

  get covered(): readonly Found[] {
    return this.#covered ?? NOTHING;
  }

  /** Takes over a blunter finding of the same fact, and what that one took over itself. */
  cover(blunt: Found): void {
    const covered = (this.#covered ??= []);
    this.#also = undefined;
    for (const each of [blunt, ...blunt.covered]) if (!covered.includes(each)) covered.push(each);
  }

  /** What it stands on: findings of one place are about the same container or the same object. */
  get place(): Place {
    return this.#place;
  }

  get message(): string {
    return `${this.#hit.message}${this.#leads}`;
  }

  get key(): string | undefined {
    return this.#hit.key;
  }

  get subject(): FindingSubject {
    return this.#place.subject;
  }

  get object(): ApiObject {
    return this.#place.object;
  }

  get evidence(): readonly Evidence[] {
    return (this.#evidence ??= evidenceOf(this.#hit, this.#place));
  }

  get fingerprint(): string {
    return (this.#fingerprint ??= hashAfter(this.#place.seed, this.rule.id, '\n', this.#hit.key ?? ''));
  }

  get change(): Change | undefined {
    const { fix } = this.#hit;
    if (this.#place.change !== undefined) return this.status === 'fail' ? this.#place.change(this.rule, this.#hit) : undefined;
    // What was made otherwise than its template says would be made so again.
    return fix === undefined || this.addOn !== undefined || this.#place.owner !== undefined || this.#place.locate !== undefined
      ? undefined
      : changeOf(this.rule, fix, this.#place);
  }

  get right(): HitRight | undefined {
    return this.#hit.right;
  }

  /** Says what the right leads to, which is no part of what the finding is. */
  leadTo(text: string, severity: Severity): void {
    this.#leads = text === '' ? '' : `; ${text}`;
    this.severity = severity;
  }

  /** The same fact, told of something else than the object that was looked at. */
  toldOf({ subject, seed, locate, change }: Pick<Place, 'subject' | 'seed' | 'locate' | 'change'>): Found {
    const told = new Found(this.rule, this.#hit, { ...this.#place, subject, seed, ...(locate && { locate }), ...(change && { change }) });
    told.status = this.status;
    told.severity = this.severity;
    told.#covered = this.#covered;
    return told;
  }

  /** What an add-on needs stays a finding, but nobody has to act on it: `low` at most. */
  explainBy(addOn: FindingAddOn): void {
    this.addOn = addOn;
    if (SEVERITIES.indexOf(this.severity) < SEVERITIES.indexOf('low')) this.severity = 'low';
  }
}

function idsOf(findings: readonly Found[]): string[] {
  const ids: string[] = [];
  for (const { rule } of findings) if (!ids.includes(rule.id)) ids.push(rule.id);
  return ids;
}

export function placeOf(object: ApiObject, subject: FindingSubject): Place {
  const { cluster } = object.origin;
  if (cluster !== undefined) subject.cluster = cluster;
  return { object, subject, path: '', root: object.body, seed: seedOf(object, subject, '') };
}

/** Of something that runs otherwise than its owner says: it is told of the owner, and shown where it stands. */
export function placeOfVariant(object: ApiObject, owner: ApiObject): Place {
  const { apiVersion, kind, namespace, name } = owner;
  const { subject, seed } = placeOf(owner, { apiVersion, kind, namespace, name });
  return { object, subject, path: '', root: object.body, seed, owner };
}

export function placeOfContainer(container: Container, place: Place): Place {
  const { apiVersion, kind, namespace, name, cluster } = place.subject;
  const subject: FindingSubject = { apiVersion, kind, namespace, name, container: container.name };
  if (cluster !== undefined) subject.cluster = cluster;
  // A container must have a name; one that has none is told apart by where it stands.
  const seed = seedOf(place.owner ?? place.object, subject, container.name === '' ? container.path : container.name);
  const made: Place = { object: place.object, subject, path: container.path, root: container.spec, seed };
  if (place.owner !== undefined) made.owner = place.owner;
  return made;
}

/** What a subject says of itself that does not move: no lines, no indexes, no generated names, no file names. */
export function seedOf(object: ApiObject, { kind, namespace, name, cluster }: FindingSubject, container: string): HashState {
  // The same object in another cluster is another finding.
  const from = cluster === undefined ? '' : `${cluster}\n`;
  return hashState(`${from}${kind}/${namespace}/${steadyName(object, kind, name)}\n${container}\n`);
}

/** The name without what a controller made up, with the alphabet of such names (k8s.io/apimachinery util/rand). */
function steadyName({ metadata }: ApiObject, kind: string, name: string): string {
  const isOwned = metadata.ownerReferences?.some(({ controller }) => controller === true) === true;
  if (kind === 'ReplicaSet' && isOwned) return name.replace(/-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/, '');
  if (kind !== 'Pod' || (!isOwned && metadata.generateName === undefined)) return name;
  return name.replace(/(?:-[bcdfghjklmnpqrstvwxz2456789]{6,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '');
}

/** Passing and not applying are told with `--all` only. */
export function passed(rule: Rule, place: Place, shown?: Hit): Found {
  const found = new Found(rule, shown ?? { message: rule.title, path: '', value: undefined }, place);
  found.status = 'pass';
  return found;
}

function evidenceOf(hit: Hit, place: Place): Evidence[] {
  const object = hit.object ?? place.object;
  const root = hit.object === undefined ? place.root : hit.object.body;
  const fromObject = hit.fromObject === true;
  const { whole, segments } = pathBelow(fromObject ? '' : place.path, hit.path);
  const own = evidence(
    object,
    whole,
    'value' in hit ? hit.value : valueIn(fromObject ? object.body : root, hit.path, segments),
    hit.secret,
  );
  const first = locatedBy(place, { object, seen: own, file: hit.file });
  const { also } = hit;
  if (also === undefined) return [first];
  return [
    first,
    ...also.map((more) => {
      const source = more.object ?? object;
      const other = evidence(
        source,
        more.path,
        'value' in more ? more.value : valueIn(source.body, more.path, segmentsOf(more.path)),
        more.secret,
      );
      return locatedBy(place, { object: source, seen: other, file: more.file });
    }),
  ];
}

interface Shown {
  object: ApiObject;
  seen: Evidence;
  file: string | undefined;
}

function locatedBy({ locate }: Place, { object, seen, file }: Shown): Evidence {
  if (locate === undefined) return seen;
  const { origin, path, ...stands } = locate(object, seen.path, file);
  if (!('value' in stands) || seen.masked) return { ...seen, origin, path };
  const value = withoutCredentials(stands.value);
  return { ...seen, origin, path, value, masked: value !== stands.value };
}

// oxlint-disable-next-line max-params -- called for every finding; an object for its arguments would be garbage
function evidence(object: ApiObject, path: string, value: unknown, secret = false): Evidence {
  const shown = secret && value !== undefined ? maskSecret(value) : withoutCredentials(value);
  return { origin: object.origin, path, value: shown, masked: secret || shown !== value };
}

function valueIn(root: unknown, path: string, segments: readonly PathSegment[]): unknown {
  return path === '' ? undefined : valueAt(root, segments);
}
