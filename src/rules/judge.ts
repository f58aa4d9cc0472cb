/**
 * Runs rules over a cluster and hands out findings one by one, in the order of the input, so that a report can be
 * written as a stream. Rules see only their subject and the tables that they declare.
 */
import { concatPath, parsePath, toPointer, valueAt } from '../lib/field-path.ts';
import { shortHash } from '../lib/hash.ts';
import { maskSecret } from '../lib/mask.ts';
import { messageOf } from '../lib/errors.ts';
import type { ApiObject, Cluster, Container, Namespace, TableName, Tables, Workload } from '../model/index.ts';
import { isRecord, refOf } from '../model/index.ts';
import type { Gap } from '../snapshot/index.ts';
import type { Change, Evidence, Finding, FindingSubject, PatchOperation, Status } from './finding.ts';
import { ANY_KIND, type Edit, type Hit, type Rule } from './rule.ts';

export interface JudgeOptions {
  /** Values of rule options that the user set, by rule id. */
  ruleOptions?: Readonly<Record<string, unknown>>;
  /** Also tell what passed and what did not apply. */
  all?: boolean;
  /**
   * Keep a finding for each rule even where another rule states the same fact more sharply on the same subject.
   * For comparing rule by rule; people want one finding a fact.
   */
  everyRule?: boolean;
}

type Sink = (finding: Finding) => void;

/** A rule ready to run: its tables picked, its options settled. */
interface Armed {
  rule: Rule;
  check: (subject: unknown, tables: unknown, options: unknown) => Hit | readonly Hit[] | undefined;
  tables: unknown;
  options: unknown;
}

/** Where hits of one object stand, and how to name them. */
interface Place {
  object: ApiObject;
  subject: FindingSubject;
  /** Prefix of the paths in the hits. */
  path: string;
}

/** Judges everything; returns what could not be judged. */
export function judge(cluster: Cluster, rules: readonly Rule[], options: JudgeOptions, sink: Sink): Gap[] {
  return new Judge(cluster, rules, options, sink).run();
}

class Judge {
  readonly #cluster: Cluster;
  readonly #options: JudgeOptions;
  readonly #sink: Sink;
  readonly #byScope = new Map<string, Armed[]>();
  readonly #byKind = new Map<string, Armed[]>();
  /** Failures by rule: how often and the first message. */
  readonly #failures = new Map<string, { count: number; first: string }>();
  /** `rule/namespace` of what failed on a namespace, so that its workloads do not repeat it. */
  readonly #failedNamespaces = new Set<string>();

  constructor(cluster: Cluster, rules: readonly Rule[], options: JudgeOptions, sink: Sink) {
    this.#cluster = cluster;
    this.#options = options;
    this.#sink = sink;
    for (const rule of rules) this.#arm(rule);
  }

  run(): Gap[] {
    this.#judgeCluster();
    for (const namespace of this.#cluster.tables.namespaces.all) this.#judgeNamespace(namespace);
    const workloads = new Map<ApiObject, Workload>(this.#cluster.workloads.map((workload) => [workload.object, workload]));
    for (const object of this.#cluster.objects) this.#judgeObject(object, workloads.get(object));
    return [...this.#failures].map(([rule, { count, first }]) => ({
      scope: `rule ${rule}`,
      code: 'rule-failed' as const,
      reason: `the rule failed on ${count} ${count === 1 ? 'subject' : 'subjects'}: ${first}`,
      effect: 'these judgements are unknown',
    }));
  }

  #arm(rule: Rule): void {
    const armed: Armed = {
      rule,
      check: rule.check as Armed['check'],
      tables: pickTables(this.#cluster.tables, rule.reads),
      options: this.#settle(rule),
    };
    if (rule.scope !== 'object') {
      push(this.#byScope, rule.scope, armed);
      return;
    }
    for (const kind of rule.kinds) push(this.#byKind, kind, armed);
  }

  /** The user's options over the rule's own, field by field. */
  #settle(rule: Rule): unknown {
    const set = this.#options.ruleOptions?.[rule.id];
    return isRecord(rule.options) && isRecord(set) ? { ...rule.options, ...set } : (set ?? rule.options);
  }

  #judgeCluster(): void {
    const anchor = this.#cluster.objects[0];
    if (anchor === undefined) return;
    const place: Place = { object: anchor, subject: { apiVersion: '', kind: 'Cluster', namespace: '', name: '' }, path: '' };
    this.#emit(this.#runAll(this.#byScope.get('cluster'), undefined, place));
  }

  #judgeNamespace(namespace: Namespace): void {
    const place: Place = {
      object: namespace.anchor,
      subject: { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: namespace.name },
      path: '',
    };
    const found = this.#runAll(this.#byScope.get('namespace'), namespace, place);
    for (const finding of found) if (finding.status === 'fail') this.#failedNamespaces.add(`${finding.rule.id}/${namespace.name}`);
    this.#emit(found);
  }

  #judgeObject(object: ApiObject, workload: Workload | undefined): void {
    const { apiVersion, kind, namespace, name } = object;
    const place: Place = { object, subject: { apiVersion, kind, namespace, name }, path: '' };
    const found = this.#runAll(this.#byKind.get(object.known ?? ''), object, place);
    found.push(...this.#runAll(this.#byKind.get(ANY_KIND), object, place));
    if (workload !== undefined) {
      found.push(...this.#runAll(this.#byScope.get('workload'), workload, place));
      const rules = this.#byScope.get('container');
      for (const container of workload.containers) {
        found.push(...this.#runAll(rules, container, placeOf(container, place)));
      }
    }
    this.#emit(found);
  }

  #runAll(armed: readonly Armed[] | undefined, subject: unknown, place: Place): Finding[] {
    const found: Finding[] = [];
    for (const { rule, check, tables, options } of armed ?? []) {
      let hits: Hit | readonly Hit[] | undefined;
      try {
        hits = check(subject, tables, options);
        if (hits === undefined || (Array.isArray(hits) && hits.length === 0)) {
          if (this.#options.all === true) found.push(passed(rule, place));
          continue;
        }
        for (const hit of (Array.isArray(hits) ? hits : [hits]) as readonly Hit[]) found.push(toFinding(rule, hit, place));
      } catch (error) {
        found.push(this.#failed(rule, place, messageOf(error)));
      }
    }
    return found;
  }

  #failed(rule: Rule, place: Place, reason: string): Finding {
    const failure = this.#failures.get(rule.id);
    if (failure === undefined) this.#failures.set(rule.id, { count: 1, first: reason });
    else failure.count += 1;
    return toFinding(rule, { message: `the rule failed: ${reason}`, path: '', status: 'unknown', value: undefined }, place);
  }

  /** One finding a fact: what a sharper rule covers on the same subject is told with it. */
  #emit(found: Finding[]): void {
    const kept = this.#options.everyRule === true ? found : mergeCovered(found, this.#failedNamespaces);
    distinguish(kept);
    for (const finding of kept) this.#sink(finding);
  }
}

/** Only the tables that the rule declares, still made lazily. */
export function pickTables(tables: Tables, names: readonly TableName[]): Partial<Tables> {
  const picked: Partial<Tables> = {};
  for (const name of names) Object.defineProperty(picked, name, { enumerable: true, get: () => tables[name] });
  return Object.freeze(picked);
}

function placeOf(container: Container, place: Place): Place {
  return { object: place.object, subject: { ...place.subject, container: container.name }, path: container.path };
}

function passed(rule: Rule, place: Place): Finding {
  return {
    rule,
    status: 'pass',
    severity: rule.severity,
    subject: place.subject,
    message: rule.title,
    evidence: [],
    fingerprint: fingerprintOf(rule, place.subject, 'pass'),
    also: [],
  };
}

function toFinding(rule: Rule, hit: Hit, place: Place): Finding {
  const evidence = [evidenceOf(place.object, concatPath(place.path, hit.path), hit)];
  for (const more of hit.also ?? []) evidence.push(evidenceOf(more.object ?? place.object, more.path, more));
  const finding: Finding = {
    rule,
    status: hit.status ?? 'fail',
    severity: hit.severity ?? rule.severity,
    subject: place.subject,
    message: hit.message,
    evidence,
    fingerprint: fingerprintOf(rule, place.subject, hit.key ?? ''),
    also: [],
  };
  if (hit.fix !== undefined) {
    const { fix } = hit;
    // Most findings are only counted or listed: the patch is worked out when a report asks for it.
    Object.defineProperty(finding, 'change', { enumerable: true, get: () => changeOf(rule, fix, place) });
  }
  return finding;
}

function evidenceOf(object: ApiObject, path: string, hit: Pick<Hit, 'value' | 'secret'>): Evidence {
  const value = 'value' in hit ? hit.value : path === '' ? undefined : valueAt(object.body, parsePath(path));
  return { origin: object.origin, path, value: hit.secret === true && value !== undefined ? maskSecret(value) : value };
}

/** What the finding is about, without anything that moves: no lines, no indexes, no pod hashes, no file names. */
function fingerprintOf(rule: Rule, subject: FindingSubject, key: string): string {
  const name = subject.kind === 'Pod' || subject.kind === 'ReplicaSet' ? withoutHash(subject.name) : subject.name;
  return shortHash(`${rule.id}\n${subject.kind}/${subject.namespace}/${name}\n${subject.container ?? ''}\n${key}`);
}

/** `web-6d4cf56db6-x2b8k` → `web`, with the alphabet of generated names (k8s.io/apimachinery util/rand). */
function withoutHash(name: string): string {
  return name.replace(/(?:-[bcdfghjklmnpqrstvwxz2456789]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '');
}

/** Gives the second and later findings of the same fingerprint one of their own. */
function distinguish(found: readonly Finding[]): void {
  const seen = new Map<string, number>();
  for (const finding of found) {
    const count = seen.get(finding.fingerprint) ?? 0;
    seen.set(finding.fingerprint, count + 1);
    if (count > 0) finding.fingerprint = shortHash(`${finding.fingerprint}#${count}`);
  }
}

const SEVERITY_RANK = { critical: 0, high: 1, medium: 2, low: 3, info: 4 } as const;

function mergeCovered(found: Finding[], failedNamespaces: ReadonlySet<string>): Finding[] {
  const failing = found.filter((finding) => finding.status === 'fail');
  if (failing.length < 2 && failedNamespaces.size === 0) return found;
  const dropped = new Set<Finding>();
  for (const sharp of failing) {
    for (const id of sharp.rule.covers ?? []) {
      for (const blunt of failing) {
        if (blunt.rule.id !== id || dropped.has(blunt) || !sameSubject(sharp, blunt)) continue;
        dropped.add(blunt);
        sharp.also = [...new Set([...sharp.also, id, ...blunt.also])];
        if (SEVERITY_RANK[blunt.severity] < SEVERITY_RANK[sharp.severity]) sharp.severity = blunt.severity;
      }
    }
  }
  for (const finding of failing) {
    const coveredBy = COVERED_BY_NAMESPACE[finding.rule.id];
    if (coveredBy !== undefined && failedNamespaces.has(`${coveredBy}/${finding.subject.namespace}`)) dropped.add(finding);
  }
  return dropped.size === 0 ? found : found.filter((finding) => !dropped.has(finding));
}

/** A namespace without any policy is one finding, not one for each of its workloads. */
const COVERED_BY_NAMESPACE: Readonly<Record<string, string>> = { 'pod-without-netpol': 'ns-without-netpol' };

/** The same container, or one is about the container and the other about its pod as a whole. */
function sameSubject(sharp: Finding, blunt: Finding): boolean {
  return sharp.subject.container === blunt.subject.container || sharp.subject.container === undefined;
}

function changeOf(rule: Rule, edits: readonly Edit[], place: Place): Change {
  const patch: PatchOperation[] = [];
  let body: unknown = place.object.body;
  for (const edit of edits) {
    const path = concatPath(place.path, 'set' in edit ? edit.set : edit.remove);
    const operation = 'set' in edit ? setOperation(body, path, edit.value) : ({ op: 'remove', path: toPointer(parsePath(path)) } as const);
    patch.push(operation);
    // A later edit of the same change may stand inside what this one made.
    if (edits.length > 1 && operation.op === 'add') body = withValue(body, path, operation);
  }
  const { source, text } = place.object.origin;
  const made: Change['patches'][number] = { target: refOf(place.object), operation: 'patch', patch };
  if (text !== undefined) made.file = source;
  return { patches: [made], effort: rule.effort ?? 'low' };
}

/** One `add` at the deepest ancestor that exists, holding what is missing below it. */
function setOperation(body: unknown, path: string, value: unknown): PatchOperation {
  const segments = parsePath(path);
  let depth = segments.length;
  while (depth > 1 && !isContainer(valueAt(body, segments.slice(0, depth - 1)))) depth -= 1;
  let nested = value;
  for (let index = segments.length - 1; index >= depth; index -= 1) nested = { [segments[index] ?? '']: nested };
  return { op: 'add', path: toPointer(segments.slice(0, depth)), value: nested };
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** A copy of `body` in which an `add` was carried out. */
function withValue(body: unknown, path: string, operation: PatchOperation): unknown {
  const copy: unknown = structuredClone(body);
  const depth = operation.path.split('/').length - 1;
  const segments = parsePath(path).slice(0, depth);
  const parent = valueAt(copy, segments.slice(0, -1));
  const last = segments.at(-1);
  if (isContainer(parent) && last !== undefined) (parent as Record<string | number, unknown>)[last] = operation.value;
  return copy;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** Statuses that a report shows unless it is asked for all. */
export function isShown(status: Status): boolean {
  return status === 'fail' || status === 'unknown' || status === 'manual';
}
