/**
 * Runs rules over a cluster and hands out findings one by one, in the order of the input, so that a report can be
 * written as a stream. Rules see only their subject and the tables that they declare.
 */
import type { NodeView } from '../engines/component-config/index.ts';
import { messageOf } from '../lib/errors.ts';
import { type ApiObject, type Cluster, type Namespace, type TableName, type Tables, type Workload, isRecord } from '../model/index.ts';
import type { Gap } from '../snapshot/index.ts';
import { neededBy } from './add-ons/explain.ts';
import { addOnOf } from './add-ons/recognise.ts';
import { BLIND, type Blindness, blindnessOf } from './blind.ts';
import type { Change, Finding, Status } from './finding.ts';
import { Found, type Place, passed, placeOf, placeOfContainer, placeOfVariant } from './found.ts';
import type { GivenUse } from './judge-use.ts';
import { type Covering, coverableBy, mergeCovered } from './merge.ts';
import { RightsLead } from './rights-lead.ts';
import { Told } from './told.ts';
import { ANY_KIND, type Hit, type Rule } from './rule.ts';

/** `operations` are those that the finding brings along. */
export type NodeChanger = (
  rule: Rule,
  operations: Hit['onNode'],
  at: { readonly view: NodeView; readonly component: string | undefined },
) => Change | undefined;

export interface JudgeOptions {
  rules: readonly Rule[];
  /** Values of rule options that the user set, by rule id. */
  ruleOptions?: Readonly<Record<string, unknown>>;
  /** Also tell what passed. */
  all?: boolean;
  /**
   * Keep a finding for each rule even where another rule states the same fact more sharply on the same subject.
   * For comparing rule by rule; people want one finding a fact.
   */
  everyRule?: boolean;
  /** Makes the change on a node that settles a finding; without it such findings have none. */
  nodeChange?: NodeChanger;
  /**
   * Which rules fail is all that is asked: a rule that has failed is asked no more, and what dangerous rights lead to is not
   * told, for which the attack graph is drawn. What the judgement counts is then of what was asked alone.
   */
  onlyWhether?: boolean;
  /** Decides on each finding, before those of one fact become one: an exception takes only what it names. */
  except?: (finding: Finding) => void;
  /** What was really done. */
  use?: GivenUse;
  /** What is told elsewhere, and neither told nor counted here. */
  leaveOut?: (rule: Rule, object: ApiObject) => boolean;
}

export interface Judgement {
  /** Rules that failed. */
  gaps: Gap[];
  /** Rules that had at least one subject. */
  evaluated: ReadonlySet<string>;
  /** How often each rule passed and no finding tells it: without `all`. */
  passes: ReadonlyMap<Rule, number>;
}

/** Judges everything, handing each finding to `sink`. */
export function judge(cluster: Cluster, options: JudgeOptions, sink: (finding: Found) => void): Judgement {
  return new Judge(cluster, options, sink).run();
}

/** A rule ready to run: its tables picked, its options settled. */
interface Armed {
  readonly rule: Rule;
  readonly applies: ((subject: unknown, tables: unknown, options: unknown) => boolean) | undefined;
  readonly check: (subject: unknown, tables: unknown, options: unknown) => Hit | readonly Hit[] | undefined;
  readonly tables: unknown;
  readonly options: unknown;
  /** A pass of it counts whatever was said of the namespace. */
  readonly countsAlways: boolean;
  /** Set where kinds that it looks at are missing. */
  readonly blind: Blindness | undefined;
  /** Subjects that passed and that no finding tells. */
  passes: number;
  /** How often the rule itself failed, and the first message. */
  failures: number;
  firstFailure: string;
  /** It failed, and whether it does is all that is asked. */
  isSettled: boolean;
}

/** Rules that share their `applies`: it is asked once for all of them. */
interface Group {
  readonly applies: Armed['applies'];
  readonly tables: unknown;
  readonly options: unknown;
  readonly armed: Armed[];
  hadSubject: boolean;
  /** How many of its rules are still asked. */
  open: number;
}

class Judge {
  readonly #cluster: Cluster;
  readonly #options: JudgeOptions;
  readonly #sink: (finding: Found) => void;
  readonly #armed: Armed[];
  readonly #byScope = new Map<string, Group[]>();
  readonly #byKind = new Map<string, Group[]>();
  /** `status/rule/namespace` of what is said of a namespace, so that its workloads do not repeat it. */
  readonly #toldOfNamespaces = new Set<string>();
  /** `rule/namespace` of what passed there, of the rules that speak for their workloads. */
  readonly #passedInNamespaces = new Set<string>();
  readonly #speaking: ReadonlySet<string>;
  readonly #covering: Covering;
  readonly #rightsLead: RightsLead | undefined;

  constructor(cluster: Cluster, options: JudgeOptions, sink: (finding: Found) => void) {
    this.#cluster = cluster;
    this.#options = options;
    this.#sink = sink;
    this.#rightsLead = options.onlyWhether === true ? undefined : new RightsLead(cluster);
    this.#speaking = new Set(options.rules.flatMap(({ coveredByNamespace }) => coveredByNamespace ?? []));
    this.#covering = { coverable: coverableBy(options.rules), toldOfNamespaces: this.#toldOfNamespaces };
    this.#armed = options.rules.map((rule) => this.#arm(rule));
    for (const armed of this.#armed) {
      if (armed.rule.scope !== 'object') addTo(this.#byScope, armed.rule.scope, armed);
      else for (const kind of armed.rule.kinds) addTo(this.#byKind, kind, armed);
    }
  }

  run(): Judgement {
    const { partial } = this.#cluster;
    this.#judgeCluster();
    for (const namespace of this.#cluster.tables.namespaces.all) this.#judgeNamespace(namespace);
    const workloads = new Map<ApiObject, Workload>();
    const variants = new Map<ApiObject, Workload[]>();
    for (const workload of this.#cluster.workloads) {
      const owner = workload.variantOf?.object;
      const known = owner === undefined ? undefined : variants.get(owner);
      if (owner === undefined) workloads.set(workload.object, workload);
      else if (known === undefined) variants.set(owner, [workload]);
      else known.push(workload);
    }
    for (const object of this.#cluster.objects) {
      if (partial && object.namespace === '' && object.known !== 'Namespace') continue;
      this.#judgeObject(object, workloads.get(object), variants.get(object));
    }
    return {
      gaps: this.#armed.filter(({ failures }) => failures > 0).map(gapOf),
      evaluated: this.#evaluated(),
      passes: new Map(this.#armed.flatMap(({ rule, passes }) => (passes === 0 ? [] : [[rule, passes] as const]))),
    };
  }

  #evaluated(): Set<string> {
    const groups = [...this.#byScope.values(), ...this.#byKind.values()].flat();
    const judged = groups.flatMap(({ hadSubject, armed }) => (hadSubject ? armed : []));
    return new Set([...judged, ...this.#armed.filter(({ blind }) => blind !== undefined)].map(({ rule }) => rule.id));
  }

  #arm(rule: Rule): Armed {
    return {
      rule,
      applies: rule.applies as Armed['applies'],
      check: rule.check as Armed['check'],
      tables: pickTables(this.#cluster.tables, rule.reads),
      options: this.#settle(rule),
      countsAlways: rule.coveredByNamespace === undefined && !this.#speaking.has(rule.id) && this.#options.leaveOut === undefined,
      blind: blindnessOf(rule, this.#cluster),
      passes: 0,
      failures: 0,
      firstFailure: '',
      isSettled: false,
    };
  }

  /** The user's options over the rule's own, field by field. */
  #settle(rule: Rule): unknown {
    const set = this.#options.ruleOptions?.[rule.id];
    return isRecord(rule.options) && isRecord(set) ? { ...rule.options, ...set } : (set ?? rule.options);
  }

  #judgeCluster(): void {
    const anchor = this.#cluster.objects[0];
    if (anchor === undefined) return;
    const found: Found[] = [];
    const findings = new Findings(found, placeOf(anchor, { apiVersion: '', kind: 'Cluster', namespace: '', name: '' }));
    if (!this.#cluster.partial) this.#runAll(this.#byScope.get('cluster'), undefined, findings);
    for (const armed of this.#armed) {
      if (armed.blind === undefined) continue;
      findings.add(armed.rule, { message: armed.blind.message, path: '', value: undefined, status: 'unknown', key: BLIND });
    }
    this.#emit(found);
  }

  #judgeNamespace(namespace: Namespace): void {
    const found: Found[] = [];
    const place = placeOf(namespace.anchor, { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: namespace.name });
    this.#runAll(this.#byScope.get('namespace'), namespace, new Findings(found, place));
    for (const { rule, status } of found) this.#toldOfNamespaces.add(`${status}/${rule.id}/${namespace.name}`);
    this.#emit(found);
  }

  #judgeObject(object: ApiObject, workload: Workload | undefined, variants: readonly Workload[] | undefined): void {
    if (workload === undefined && variants === undefined && !this.#asksOf(object)) return;
    const { apiVersion, kind, namespace, name } = object;
    const found: Found[] = [];
    const place = placeOf(object, { apiVersion, kind, namespace, name });
    // What passes of an owner and of its variants is one pass: only findings tell that apart.
    const all = variants !== undefined;
    const findings = new Findings(found, place, all);
    this.#runAll(this.#byKind.get(object.known ?? ''), object, findings);
    this.#runAll(this.#byKind.get(ANY_KIND), object, findings);
    if (workload !== undefined) this.#judgeWorkload(workload, found, { place, all });
    this.#emit(found, workload);
    if (variants !== undefined) this.#judgeVariants(variants, found);
  }

  /** Of most objects nothing is asked where few rules are, and to name the place of each would take longer than the rules. */
  #asksOf({ known }: ApiObject): boolean {
    const isOpen = ({ open }: Group): boolean => open > 0;
    return this.#byKind.get(known ?? '')?.some(isOpen) === true || this.#byKind.get(ANY_KIND)?.some(isOpen) === true;
  }

  #judgeWorkload(workload: Workload, found: Found[], { place, all }: { place: Place; all: boolean }): void {
    this.#runAll(this.#byScope.get('workload'), workload, new Findings(found, place, all));
    const rules = this.#byScope.get('container');
    for (const container of workload.containers)
      this.#runAll(rules, container, new Findings(found, placeOfContainer(container, place), all));
  }

  /** What runs otherwise than its owner says. What was told of the owner is not told again. */
  #judgeVariants(variants: readonly Workload[], ofOwner: readonly Found[]): void {
    const told = new Told(ofOwner);
    for (const workload of variants) {
      const found: Found[] = [];
      const place = placeOfVariant(workload.object, workload.variantOf?.object ?? workload.object);
      this.#judgeWorkload(workload, found, { place, all: true });
      this.#emit(found, workload, told);
    }
  }

  /** One loop for everything: it runs a hundred thousand times, mostly before the engine has optimised anything. */
  #runAll(groups: readonly Group[] | undefined, subject: unknown, findings: Findings): void {
    if (groups === undefined) return;
    const all = this.#options.all === true || findings.all;
    for (let at = 0; at < groups.length; at += 1) {
      const group = groups[at];
      if (group === undefined || group.open === 0) continue;
      try {
        if (group.applies !== undefined && !group.applies(subject, group.tables, group.options)) continue;
      } catch (error) {
        for (const armed of group.armed) findings.add(armed.rule, failure(armed, error));
        continue;
      }
      group.hadSubject = true;
      const { armed: list } = group;
      for (let index = 0; index < list.length; index += 1) {
        const armed = list[index];
        if (armed === undefined || armed.isSettled) continue;
        try {
          const hits = armed.check(subject, armed.tables, armed.options);
          if (hits !== undefined && (!Array.isArray(hits) || hits.length > 0))
            findings.add(armed.rule, armed.blind === undefined ? hits : doubted(hits, armed.blind));
          else if (armed.blind?.context !== true) {
            if (all) findings.pass(armed.rule, (armed.rule.shown as Shown | undefined)?.(subject, armed.tables));
            else if (armed.countsAlways) armed.passes += 1;
            else this.#countPass(armed, findings.place);
          }
        } catch (error) {
          findings.add(armed.rule, failure(armed, error));
        }
      }
    }
  }

  /** What would be a finding with `all`. */
  #countPass(armed: Armed, { object, subject }: Place): void {
    const { rule } = armed;
    if (rule.scope === 'namespace' && this.#speaking.has(rule.id)) this.#passedInNamespaces.add(`${rule.id}/${subject.name}`);
    const speaks = rule.coveredByNamespace;
    if (speaks !== undefined && this.#options.everyRule !== true && this.#passedInNamespaces.has(`${speaks}/${subject.namespace}`)) return;
    if (this.#options.leaveOut?.(rule, object) !== true) armed.passes += 1;
  }

  #emit(found: Found[], workload?: Workload, told?: Told): void {
    if (found.length === 0) return;
    const { except, everyRule, leaveOut } = this.#options;
    for (const finding of found) if (finding.right !== undefined) this.#rightsLead?.tell(finding);
    if (except !== undefined) for (const finding of found) except(finding);
    if (workload !== undefined && addOnOf(workload) !== undefined) explainAll(found, workload);
    const merged = everyRule === true ? found : mergeCovered(found, this.#covering);
    for (const finding of told === undefined ? merged : merged.filter((each) => !told.has(each)))
      if (leaveOut?.(finding.rule, finding.object) !== true) this.#tell(finding);
    if (told !== undefined) for (const finding of found) told.add(finding);
  }

  #tell(finding: Found): void {
    if (finding.status !== 'pass' || this.#options.all === true) {
      this.#sink(finding);
      if (finding.status === 'fail' && this.#options.onlyWhether === true) this.#settled(finding.rule);
      return;
    }
    const armed = this.#armed.find(({ rule }) => rule === finding.rule);
    if (armed !== undefined) armed.passes += 1;
  }

  #settled(rule: Rule): void {
    const armed = this.#armed.find((each) => each.rule === rule);
    if (armed === undefined || armed.isSettled) return;
    armed.isSettled = true;
    for (const groups of [...this.#byScope.values(), ...this.#byKind.values()])
      for (const group of groups) if (group.armed.includes(armed)) group.open -= 1;
  }
}

function explainAll(found: readonly Found[], workload: Workload): void {
  for (const finding of found) {
    const addOn = finding.status === 'fail' ? neededBy(finding, workload) : undefined;
    if (addOn !== undefined) finding.explainBy(addOn);
  }
}

type Shown = (subject: unknown, tables: unknown) => Hit | undefined;

/** Collects what rules say of one place. */
class Findings {
  readonly #found: Found[];
  readonly place: Place;
  /** Passes are collected too, whatever the report shows. */
  readonly all: boolean;

  constructor(found: Found[], place: Place, all = false) {
    this.#found = found;
    this.place = place;
    this.all = all;
  }

  add(rule: Rule, hits: Hit | readonly Hit[]): void {
    if (isList(hits) && hits.length > 1) {
      this.#addAll(rule, hits);
      return;
    }
    const hit = isList(hits) ? hits[0] : hits;
    if (hit !== undefined) this.#found.push(new Found(rule, hit, this.place));
  }

  #addAll(rule: Rule, hits: readonly Hit[]): void {
    const keys = new Map<string, number>();
    for (const hit of hits) {
      // Hits that a rule cannot tell apart are counted: a fingerprint names one finding.
      const key = hit.key ?? '';
      const count = keys.get(key) ?? 0;
      keys.set(key, count + 1);
      this.#found.push(new Found(rule, count === 0 ? hit : { ...hit, key: `${key}#${count}` }, this.place));
    }
  }

  pass(rule: Rule, shown: Hit | undefined): void {
    this.#found.push(passed(rule, this.place, shown));
  }
}

/** Only the tables that the rule declares. */
function pickTables(tables: Tables, names: readonly TableName[]): Partial<Tables> {
  return Object.freeze(Object.fromEntries(names.map((name) => [name, tables[name]])));
}

function gapOf({ rule, failures, firstFailure }: Armed): Gap {
  return {
    scope: `rule ${rule.id}`,
    code: 'rule-failed',
    reason: `the rule failed on ${failures} ${failures === 1 ? 'subject' : 'subjects'}: ${firstFailure}`,
    effect: 'these judgements are unknown',
  };
}

/** What a rule finds without having seen everything it compares with is no verdict. */
function doubted(hits: Hit | readonly Hit[], blind: Blindness | undefined): Hit | readonly Hit[] {
  if (blind?.context !== true) return hits;
  const doubt = (hit: Hit): Hit =>
    hit.status === undefined || hit.status === 'fail' ? { ...hit, status: 'unknown', message: `${hit.message}; ${blind.message}` } : hit;
  return isList(hits) ? hits.map(doubt) : doubt(hits);
}

function isList(hits: Hit | readonly Hit[]): hits is readonly Hit[] {
  return Array.isArray(hits);
}

/** A rule that throws loses a judgement, not the scan. */
function failure(armed: Armed, error: unknown): Hit {
  armed.failures += 1;
  if (armed.failures === 1) armed.firstFailure = messageOf(error);
  return { message: `the rule failed: ${messageOf(error)}`, path: '', value: undefined, status: 'unknown' };
}

function addTo(map: Map<string, Group[]>, key: string, armed: Armed): void {
  let groups = map.get(key);
  if (groups === undefined) map.set(key, (groups = []));
  const group = groups.find((candidate) => sharesApplies(candidate, armed));
  if (group === undefined)
    groups.push({ applies: armed.applies, tables: armed.tables, options: armed.options, armed: [armed], hadSubject: false, open: 1 });
  else {
    group.armed.push(armed);
    group.open += 1;
  }
}

/** The same question about the same things: rules that read other tables or have options of their own ask for themselves. */
function sharesApplies({ applies, armed: [first] }: Group, armed: Armed): boolean {
  if (applies !== armed.applies) return false;
  return applies === undefined || (applies.length < 3 && first?.rule.reads.join() === armed.rule.reads.join());
}

/** Statuses that a report shows unless it is asked for all. */
export function isShown(status: Status): boolean {
  return status === 'fail' || status === 'unknown' || status === 'manual';
}
