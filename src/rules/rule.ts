/**
 * The form of a rule: a header, one pure function, examples. A rule is one file; docs, tests, the registry and
 * every list of controls are made from it. See CONTRIBUTING.md.
 */
import type { CloudView } from '../engines/cloud/index.ts';
import type { NodeView } from '../engines/component-config/index.ts';
import type { UseView } from '../engines/controller-use/index.ts';
import type { EndpointView } from '../engines/endpoints/index.ts';
import type {
  ApiObject,
  BindingObject,
  Container,
  Grant,
  Kind,
  Namespace,
  RoleObject,
  TableName,
  Tables,
  Workload,
} from '../model/index.ts';
import type { Severity, Status } from './finding.ts';
import type { NodeOperation } from './node-operation.ts';

export const AREAS = [
  'pod-security',
  'images',
  'resources',
  'identity',
  'secrets',
  'network',
  'rbac',
  'governance',
  'reliability',
  'control-plane',
  'node',
  'etcd',
  'cloud',
  'ports',
] as const;
export type Area = (typeof AREAS)[number];

/** A control of a framework that a rule answers, wholly or in part. */
export interface Control {
  framework: string;
  id: string;
}

/** What a rule needs beside manifests or API objects before it can say anything. */
export type Need = 'objects' | 'cluster' | 'node' | 'cloud' | 'options' | 'probe' | 'record';

export type Scope = 'container' | 'workload' | 'namespace' | 'object' | 'cluster' | 'node' | 'cloud' | 'endpoint' | 'use';

/** What a check found wrong with its subject. */
export interface Hit {
  /** One sentence without a full stop; names the part that is wrong. */
  message: string;
  /** The field, relative to the subject: the container, the PodSpec's owner (whole object) or the object. */
  path: string;
  /** Of rules about the whole cluster: the object in which `path` stands, in place of the first of the input. */
  object?: ApiObject;
  /** The path starts at the object itself: a field of the pod that a container inherits. */
  fromObject?: boolean;
  /** The value seen. Read from `path` when left out. */
  value?: unknown;
  /** Masks the value in every output: it may be a credential. */
  secret?: boolean;
  /** Further places that carry the judgement, in this or another object; of nodes in this or another file. */
  also?: readonly { object?: ApiObject; file?: string; path: string; value?: unknown; secret?: boolean }[];
  /** Of rules on nodes: the file, process or socket in which `path` stands. */
  file?: string;
  /** When it differs from the rule's own. */
  severity?: Severity;
  /** `pass` only of rules on nodes and clouds, whose passes carry evidence too. */
  status?: Exclude<Status, 'excepted'>;
  /** Tells several hits of one rule on one subject apart, whatever their order: a volume's name, a port. */
  key?: string;
  /** The mechanical fix, where there is one that needs no choice. */
  fix?: readonly Edit[];
  /** Of rules on nodes: what settles it there, where the node itself tells. */
  onNode?: readonly NodeOperation[];
  /** The right that it is about: the attack graph tells what it leads to, and how severe it is by that. */
  right?: HitRight;
}

/** Rules of a role in the hands of who is bound to it, a whole binding, or everything that a service account has. */
export type HitRight =
  | { readonly role: RoleObject; readonly rules: readonly number[]; readonly grants: readonly Grant[] }
  | { readonly binding: BindingObject }
  | { readonly namespace: string; readonly serviceAccount: string };

/** An edit in terms of the subject, written as a field path; parents that are missing are made. */
export type Edit = { set: string; value: unknown } | { remove: string };

export interface SubjectOf<K extends Kind> {
  container: Container;
  workload: Workload;
  namespace: Namespace;
  object: ApiObject<K>;
  cluster: undefined;
  node: NodeView;
  cloud: CloudView;
  endpoint: EndpointView;
  use: UseView;
}

/** A manifest that must pass or fail. `path` is where the finding must point, in the object that it is about. */
export interface Examples {
  good: readonly string[];
  bad: readonly BadExample[];
  /** Options under which the examples hold. */
  options?: unknown;
}
export interface BadExample {
  yaml: string;
  path: string;
  severity?: Severity;
  status?: Status;
}

export interface RuleHeader {
  id: string;
  title: string;
  severity: Severity;
  area: Area;
  /** Why it matters: what an attacker gains, or what breaks. One or two sentences. */
  rationale: string;
  /** What to do, concretely, and what may break by it. */
  remedy: string;
  controls: readonly Control[];
  /** The ids that other tools use for the same check. */
  aliases?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Rules that state the same fact less sharply: where this one fires on a subject, they are told as `also`. */
  covers?: readonly string[] | undefined;
  /** As `covers`, but only findings that point at the same field: one entry of a list where others stay findings. */
  coversSameField?: readonly string[] | undefined;
  /** The rule about the namespace as a whole: where that one tells the same, this one is silent about what is inside. */
  coveredByNamespace?: string | undefined;
  needs?: readonly Need[] | undefined;
  /**
   * Of rules on recorded use: those about a setting, which are silent where this one can tell what was done. Of rules on
   * nodes: those about the cluster as a whole, which are silent where this one passes on a node, or leaves it to a person.
   */
  answersFor?: readonly string[] | undefined;
  /** The component of a node that it is about; of rules on nodes the subject of the finding names it. */
  component?: string | undefined;
  /** Only a person can decide: where nothing is seen it stays manual, with the remedy as instruction. */
  byPerson?: true | undefined;
  /** About network policies and what they do: `castellan net lint` tells it too. */
  netLint?: true | undefined;
  /** Effort of the fix; `low` where left out. */
  effort?: 'low' | 'medium' | 'high' | undefined;
}

export interface RuleDefinition<S extends Scope, K extends Kind, R extends TableName, O> extends RuleHeader {
  scope: S;
  /** For the scope `object`: the kinds that are looked at. */
  kinds?: readonly K[];
  /** Tables beside the subject itself. A rule can read nothing else, so a change re-runs only what it touches. */
  reads?: readonly R[];
  /**
   * Values used where the user sets none. They also say which options there are and of what type each is: a user's
   * file is checked against them, and an empty list or mapping is one of texts.
   */
  options?: O;
  /**
   * Whether the rule has anything to say of a subject; where it is left out, every subject of the scope counts. What
   * does not apply is not judged, while a check that finds nothing is a pass: so a rule that says nothing without
   * options asks for them here.
   */
  applies?(subject: SubjectOf<K>[S], tables: Pick<Tables, R>, options: O): boolean;
  check(subject: SubjectOf<K>[S], tables: Pick<Tables, R>, options: O): Hit | readonly Hit[] | undefined;
  /** What a pass rests on, for who asks for passes: its message, place and value. Asked where `check` finds nothing. */
  shown?(subject: SubjectOf<K>[S], tables: Pick<Tables, R>): Hit | undefined;
  /** Made when asked for: a scan does without them. */
  examples: () => Examples;
}

/** A rule with its type parameters forgotten, as the judge runs it. */
export interface Rule extends RuleHeader {
  readonly scope: Scope;
  readonly kinds: readonly string[];
  readonly reads: readonly TableName[];
  readonly options: unknown;
  readonly applies?: ((subject: never, tables: never, options: never) => boolean) | undefined;
  readonly check: (subject: never, tables: never, options: never) => Hit | readonly Hit[] | undefined;
  readonly shown?: ((subject: never, tables: never) => Hit | undefined) | undefined;
  readonly examples: () => Examples;
}

/** Any object kind, for rules that look at whatever there is. */
export const ANY_KIND = '*';

export function defineRule<const S extends Scope, const K extends Kind = Kind, const R extends TableName = never, O = undefined>(
  definition: RuleDefinition<S, K, R, O>,
): Rule {
  // All of one shape, whatever they leave out: the judge asks each of them a million times.
  return {
    id: definition.id,
    title: definition.title,
    severity: definition.severity,
    area: definition.area,
    rationale: definition.rationale,
    remedy: definition.remedy,
    controls: definition.controls,
    aliases: definition.aliases,
    covers: definition.covers,
    coversSameField: definition.coversSameField,
    coveredByNamespace: definition.coveredByNamespace,
    needs: definition.needs,
    answersFor: definition.answersFor,
    component: definition.component,
    byPerson: definition.byPerson,
    netLint: definition.netLint,
    effort: definition.effort,
    scope: definition.scope,
    kinds: definition.scope === 'object' ? (definition.kinds ?? [ANY_KIND]) : [],
    reads: definition.reads ?? [],
    options: definition.options,
    applies: definition.applies,
    check: definition.check,
    shown: definition.shown,
    examples: definition.examples,
  };
}

export function cis(...ids: string[]): Control[] {
  return ids.map((id) => ({ framework: 'cis-1.12', id }));
}
/** Controls of the benchmarks of distributions that ask what CIS Kubernetes does not. */
export function ofDistributions(ids: {
  eks?: readonly string[];
  aks?: readonly string[];
  gke?: readonly string[];
  openshift?: readonly string[];
  k3s?: readonly string[];
  rke2?: readonly string[];
}): Control[] {
  const { eks = [], aks = [], gke = [], openshift = [], k3s = [], rke2 = [] } = ids;
  const named = { 'eks-1.8.0': eks, 'aks-1.8': aks, 'gke-1.9.0': gke, 'rh-1.8': openshift, 'k3s-cis-1.9': k3s, 'rke2-cis-1.8': rke2 };
  return Object.entries(named).flatMap(([framework, controls]) => controls.map((id) => ({ framework, id })));
}
/** Pod Security Standards: ids of the controls in the engine. */
export function pss(level: 'baseline' | 'restricted', ...ids: string[]): Control[] {
  return ids.map((id) => ({ framework: `pss-${level}`, id }));
}
/** NSA/CISA hardening guide: section slugs of docs/frameworks.md. */
export function nsa(...ids: string[]): Control[] {
  return ids.map((id) => ({ framework: 'nsa-cisa-1.2', id }));
}
/** MITRE ATT&CK for containers: technique ids. */
export function mitre(...ids: string[]): Control[] {
  return ids.map((id) => ({ framework: 'mitre-attack', id }));
}
