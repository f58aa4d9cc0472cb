/** What a live network was read from, and how edits change it. */
import { LayeredMap } from '../../lib/layered-map.ts';
import type { Labels } from '../../model/index.ts';
import { type ObjectGroup, identityOf } from './identity.ts';
import type { Pod, Template } from './pods.ts';
import { type Problem, type Sourced, policyRef } from './policy.ts';
import type { Raw } from './read.ts';
import { Standing, type Swap } from './standing.ts';
import { type Leads, type Node, type WorldParts, objectRef, readParts } from './world.ts';

export interface NetworkEdits {
  /** New objects, and others in the place of those of the same kind, namespace and name. */
  readonly set?: readonly Raw[];
  /** Only kind, namespace and name are looked at. */
  readonly remove?: readonly Raw[];
}

export interface LiveState {
  readonly pods: LayeredMap<string, Pod>;
  readonly templates: LayeredMap<string, Template>;
  readonly policies: LayeredMap<string, Sourced>;
  /** By the object that they are of. */
  readonly problems: LayeredMap<string, readonly Problem[]>;
  /** Of Namespace objects. */
  readonly labels: LayeredMap<string, Labels>;
  /** How many pods, templates and policies are in each namespace. */
  readonly used: LayeredMap<string, number>;
  readonly nodes: readonly Node[];
  readonly standing: Standing;
  readonly leads: Leads;
  /** How many objects were ever read. */
  readonly read: number;
}

export interface LiveChange {
  readonly state: LiveState;
  /** Pods, and workload objects that stand for one, as they were read. */
  readonly running: Swap<Pod>;
  readonly policies: Swap<Sourced>;
  /** Of namespaces of which something may have changed. */
  readonly names: ReadonlySet<string>;
}

export const UNUSED: LiveState = {
  pods: new LayeredMap(),
  templates: new LayeredMap(),
  policies: new LayeredMap(),
  problems: new LayeredMap(),
  labels: new LayeredMap(),
  used: new LayeredMap(),
  nodes: [],
  standing: new Standing(),
  leads: readParts([]).leads,
  read: 0,
};

export function changed(before: LiveState, { set = [], remove = [] }: NetworkEdits): LiveChange {
  const parts = readParts(set, before.read);
  const gone = keysOf([...remove, ...set]);
  const pods = swap(before.pods, gone.pod, byKey(parts.pods, podKey));
  const templates = swap(before.templates, gone.template, byKey(parts.templates, workloadOf));
  const policies = swap(before.policies, gone.policy, byKey(parts.policies, refOf));
  const placed = [pods, templates, { left: policies.left.map(policyOf), entered: policies.entered.map(policyOf) }];
  const { standing, running } = runningAfter(before.standing, pods, templates);
  const state: LiveState = {
    pods: pods.now,
    templates: templates.now,
    policies: policies.now,
    problems: swap(before.problems, gone.problem, byRef(parts.problems)).now,
    labels: swap(before.labels, gone.namespace, parts.labels).now,
    used: counted(before.used, placed),
    nodes: gone.node.size === 0 ? before.nodes : [...before.nodes.filter(({ name }) => !gone.node.has(name)), ...parts.nodes],
    standing,
    leads: leadsAfter(before.leads, gone.other, parts.leads),
    read: before.read + set.length,
  };
  const names = placed.flatMap(({ left, entered }) => [...left, ...entered].map(({ namespace }) => namespace));
  return { state, running, policies, names: new Set([...gone.namespace, ...names.filter((name) => name !== '')]) };
}

/** As if all of it were read at once. */
export function partsOf({ pods, templates, policies, problems, labels, used, nodes, leads }: LiveState): WorldParts {
  const names = [...used].filter(([name, count]) => name !== '' && count > 0).map(([name]) => name);
  return {
    nodes,
    leads,
    labels: new Map(labels),
    names: new Set(names),
    pods: valuesOf(pods),
    templates: valuesOf(templates),
    policies: valuesOf(policies),
    problems: valuesOf(problems).flat(),
  };
}

type Keys = Readonly<Record<ObjectGroup | 'problem', ReadonlySet<string>>>;

function keysOf(objects: readonly Raw[]): Keys {
  const set = (): Set<string> => new Set();
  const keys = { pod: set(), template: set(), policy: set(), namespace: set(), node: set(), other: set(), problem: set() };
  for (const object of objects) {
    const { group, key } = identityOf(object);
    keys[group].add(key);
    keys.problem.add(group === 'policy' ? key : objectRef(object));
  }
  return keys;
}

function podKey({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
function workloadOf({ workload }: Template): string {
  return workload;
}
function policyOf({ policy }: Sourced): Sourced['policy'] {
  return policy;
}
function refOf({ policy }: Sourced): string {
  return policyRef(policy);
}

function byKey<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T> {
  return new Map(list.map((one) => [keyOf(one), one]));
}

function byRef(problems: readonly Problem[]): Map<string, readonly Problem[]> {
  const refs = new Map<string, readonly Problem[]>();
  for (const problem of problems) refs.set(problem.ref, [...(refs.get(problem.ref) ?? []), problem]);
  return refs;
}

function valuesOf<V extends object | number>(map: LayeredMap<string, V>): V[] {
  return [...map].map(([, value]) => value);
}

function swap<V extends object | number>(
  before: LayeredMap<string, V>,
  gone: ReadonlySet<string>,
  come: ReadonlyMap<string, V>,
): Swap<V> & { readonly now: LayeredMap<string, V> } {
  const left: V[] = [];
  const changes = new Map<string, V | undefined>();
  for (const key of gone) {
    const one = before.get(key);
    if (one !== undefined) left.push(one);
    changes.set(key, undefined);
  }
  for (const [key, one] of come) changes.set(key, one);
  return { now: before.with(changes), left, entered: [...come.values()] };
}

function counted(used: LayeredMap<string, number>, placed: readonly Swap<{ readonly namespace: string }>[]): LayeredMap<string, number> {
  const counts = new Map<string, number>();
  const count = (namespace: string, by: number): unknown => counts.set(namespace, (counts.get(namespace) ?? used.get(namespace) ?? 0) + by);
  for (const { left, entered } of placed) {
    for (const { namespace } of left) count(namespace, -1);
    for (const { namespace } of entered) count(namespace, 1);
  }
  return used.with(counts);
}

type Changing<V extends object | number> = Swap<V> & { readonly now: LayeredMap<string, V> };

/** Those that run now and did not before, and the other way about: pods that come and go, and what stands for them. */
function runningAfter(before: Standing, pods: Changing<Pod>, templates: Changing<Template>): { standing: Standing; running: Swap<Pod> } {
  const kept = before.withTemplates(templates);
  const counted = kept?.withPods(pods);
  const standing = counted?.standing ?? Standing.of(valuesOf(pods.now), valuesOf(templates.now));
  const came = new Set<Template>(templates.entered);
  const stay = counted === undefined ? valuesOf(templates.now) : [...counted.templates];
  const stood = new Set(
    [...templates.left, ...stay.filter((template) => !came.has(template))].filter((template) => before.isFor(template)),
  );
  const stand = new Set([...came, ...stay].filter((template) => standing.isFor(template)));
  return {
    standing,
    running: {
      left: [...pods.left, ...[...stood].filter((template) => !stand.has(template))],
      entered: [...pods.entered, ...[...stand].filter((template) => !stood.has(template))],
    },
  };
}

function leadsAfter(before: Leads, gone: ReadonlySet<string>, come: Leads): Leads {
  const lists = [before.services, before.endpoints, before.entrances];
  const left = new Set(gone.size === 0 ? [] : lists.flat().filter((object) => gone.has(identityOf(object).key)));
  if (left.size + come.places.size === 0) return before;
  const after = (list: readonly Raw[], more: readonly Raw[]): readonly Raw[] => [...list.filter((object) => !left.has(object)), ...more];
  return {
    services: after(before.services, come.services),
    endpoints: after(before.endpoints, come.endpoints),
    entrances: after(before.entrances, come.entrances),
    places: new Map([...[...before.places].filter(([object]) => !left.has(object)), ...come.places]),
  };
}
