/**
 * The network of a cluster that changes: what each change leads to, at the cost of what it touches. One that was changed
 * is another; the one before stays as it is and shares with it what is the same, so that both can be asked and compared.
 */
import { LayeredMap } from '../../lib/layered-map.ts';
import type { Labels } from '../../model/index.ts';
import { swapped } from './entities.ts';
import { type ObjectGroup, identityOf } from './identity.ts';
import type { Pod, Template } from './pods.ts';
import { type Problem, type Sourced, policyRef } from './policy.ts';
import type { Raw } from './read.ts';
import { Relation } from './relation.ts';
import { Standing } from './standing.ts';
import {
  type Leads,
  type Node,
  type World,
  type WorldParts,
  namespaceLabels,
  onTheirNodes,
  problemsIn,
  readParts,
  withoutSelector,
  worldOf,
} from './world.ts';

export interface NetworkEdits {
  /** New objects, and others in the place of those of the same kind, namespace and name. */
  readonly set?: readonly Raw[];
  /** Only kind, namespace and name are looked at. */
  readonly remove?: readonly Raw[];
}

/** What the world was made of. */
interface State {
  readonly pods: LayeredMap<string, Pod>;
  readonly templates: LayeredMap<string, Template>;
  readonly policies: LayeredMap<string, Sourced>;
  /** By the object that they are of. */
  readonly problems: LayeredMap<string, readonly Problem[]>;
  /** Of Namespace objects. */
  readonly labels: LayeredMap<string, Labels>;
  /** How many pods, templates and policies are in each namespace. */
  readonly used: LayeredMap<string, number>;
  readonly standing: Standing;
  readonly leads: Leads;
  /** How many objects were ever read. */
  readonly read: number;
}

export class LiveNetwork {
  readonly relation: Relation;
  readonly #state: State;

  constructor(relation: Relation, state: State) {
    this.relation = relation;
    this.#state = state;
  }

  /** Of objects of the same kind, namespace and name the last counts. */
  static of(objects: readonly Raw[]): LiveNetwork {
    return new LiveNetwork(new Relation(NOTHING), UNUSED).#after({ set: objects }, true);
  }

  get world(): World {
    return this.relation.world;
  }

  /** As it is after the edits. What nodes are is asked everywhere: after a change of one everything is worked out anew. */
  with(edits: NetworkEdits): LiveNetwork {
    return this.#after(edits, false);
  }

  #after({ set = [], remove = [] }: NetworkEdits, anew: boolean): LiveNetwork {
    const before = this.#state;
    const parts = readParts(set, before.read);
    const gone = keysOf([...remove, ...set]);
    const pods = swap(before.pods, gone.pod, byKey(parts.pods, podKey));
    const templates = swap(
      before.templates,
      gone.template,
      byKey(parts.templates, ({ workload }) => workload),
    );
    const policies = swap(
      before.policies,
      gone.policy,
      byKey(parts.policies, ({ policy }) => policyRef(policy)),
    );
    const labels = swap(before.labels, gone.namespace, parts.labels);
    const placed = [
      pods,
      templates,
      { left: policies.left.map(({ policy }) => policy), entered: policies.entered.map(({ policy }) => policy) },
    ];
    const running = runningAfter(before.standing, pods, templates);
    const state: State = {
      pods: pods.now,
      templates: templates.now,
      policies: policies.now,
      problems: swap(before.problems, gone.problem, byRef(parts.problems)).now,
      labels: labels.now,
      used: counted(before.used, placed),
      standing: running.standing,
      leads: leadsAfter(before.leads, gone.other, parts.leads),
      read: before.read + set.length,
    };
    const nodes = this.#nodes(parts, gone);
    const most = 100 + this.world.pods.length / 4;
    if (anew || !sameNodes(nodes, this.world.nodes) || running.entered.length > most || policies.entered.length > most)
      return new LiveNetwork(new Relation(worldOf(partsOf(state, nodes))), state);
    const left = leaving(this.world.pods, running.left);
    const podsIn = onTheirNodes(running.entered, nodes);
    const policiesOut = new Set(policies.left.map(({ policy }) => policy));
    const policiesIn = policies.entered.map(({ policy }) => policy);
    const names = [...gone.namespace, ...placed.flatMap(({ left, entered }) => [...left, ...entered].map(({ namespace }) => namespace))];
    const { namespaces, changed } = this.#namespaces(new Set(names), state);
    const world: World = {
      ...state.leads,
      endpoints: state.leads === before.leads ? this.world.endpoints : withoutSelector(state.leads),
      nodes,
      namespaces,
      pods: swapped(this.world.pods, left, podsIn),
      policies: swapped(this.world.policies, new Set(Array.from(policiesOut, (policy) => this.world.policies.indexOf(policy))), policiesIn),
      // Asked for seldom, and then of all policies together.
      get problems() {
        return problemsIn(partsOf(state, nodes));
      },
    };
    return new LiveNetwork(this.relation.with(world, { podsOut: left, podsIn, policiesOut, policiesIn, namespaces: changed }), state);
  }

  #nodes({ nodes }: WorldParts, { node }: Keys): readonly Node[] {
    const old = this.world.nodes;
    return node.size === 0 ? old : [...old.filter(({ name }) => !node.has(name)), ...nodes];
  }

  #namespaces(names: ReadonlySet<string>, { labels, used }: State): { namespaces: World['namespaces']; changed: ReadonlySet<string> } {
    const old = this.world.namespaces;
    const now = new Map<string, Labels | undefined>();
    for (const name of names) {
      if (name === '') continue;
      const own = labels.get(name);
      const is = own === undefined && (used.get(name) ?? 0) === 0 ? undefined : namespaceLabels(name, own);
      if (!sameLabels(is, old.get(name))) now.set(name, is);
    }
    const changed = new Set(now.keys());
    if (changed.size === 0) return { namespaces: old, changed };
    const namespaces = new Map(old);
    for (const [name, is] of now) {
      if (is === undefined) namespaces.delete(name);
      else namespaces.set(name, is);
    }
    return { namespaces, changed };
  }
}

type Keys = Readonly<Record<ObjectGroup | 'problem', ReadonlySet<string>>>;

const NOTHING: World = worldOf(readParts([]));
const UNUSED: State = {
  pods: new LayeredMap(),
  templates: new LayeredMap(),
  policies: new LayeredMap(),
  problems: new LayeredMap(),
  labels: new LayeredMap(),
  used: new LayeredMap(),
  standing: Standing.of([], []),
  leads: readParts([]).leads,
  read: 0,
};

function keysOf(objects: readonly Raw[]): Keys {
  const keys = {
    pod: new Set<string>(),
    template: new Set<string>(),
    policy: new Set<string>(),
    namespace: new Set<string>(),
    node: new Set<string>(),
    other: new Set<string>(),
    problem: new Set<string>(),
  };
  for (const object of objects) {
    const { group, key } = identityOf(object);
    keys[group].add(key);
    if (group === 'policy' || group === 'namespace') keys.problem.add(group === 'policy' ? key : `Namespace/${key}`);
  }
  return keys;
}

function podKey({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}

function byKey<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T> {
  return new Map(list.map((one) => [keyOf(one), one]));
}

function byRef(problems: readonly Problem[]): Map<string, readonly Problem[]> {
  const refs = new Map<string, Problem[]>();
  for (const problem of problems) {
    const list = refs.get(problem.ref);
    if (list === undefined) refs.set(problem.ref, [problem]);
    else list.push(problem);
  }
  return refs;
}

interface Swapped<V> {
  readonly now: LayeredMap<string, V & NonNullable<unknown>>;
  readonly left: readonly V[];
  readonly entered: readonly V[];
}

function swap<V extends NonNullable<unknown>>(
  before: LayeredMap<string, V>,
  gone: ReadonlySet<string>,
  come: ReadonlyMap<string, V>,
): Swapped<V> {
  const left = [...gone].flatMap((key) => before.get(key) ?? []) as V[];
  const changes = new Map<string, V | undefined>([...[...gone].map((key) => [key, undefined] as const), ...come]);
  return { now: before.with(changes), left, entered: [...come.values()] };
}

type InNamespace = { readonly namespace: string };

function counted(
  used: LayeredMap<string, number>,
  placed: readonly { left: readonly InNamespace[]; entered: readonly InNamespace[] }[],
): LayeredMap<string, number> {
  const changes = new Map<string, number>();
  const count = ({ namespace }: InNamespace, by: number): unknown =>
    changes.set(namespace, (changes.get(namespace) ?? used.get(namespace) ?? 0) + by);
  for (const { left, entered } of placed) {
    for (const one of left) count(one, -1);
    for (const one of entered) count(one, 1);
  }
  return used.with(changes);
}

function leadsAfter(before: Leads, gone: ReadonlySet<string>, come: Leads): Leads {
  const added = come.services.length + come.endpoints.length + come.entrances.length;
  const lists = [before.services, before.endpoints, before.entrances];
  const left = gone.size === 0 ? [] : lists.flat().filter((object) => gone.has(identityOf(object).key));
  if (added + left.length === 0) return before;
  const after = (list: readonly Raw[], more: readonly Raw[]): readonly Raw[] => [
    ...list.filter((object) => !left.includes(object)),
    ...more,
  ];
  const places = new Map([...before.places, ...come.places]);
  for (const object of left) places.delete(object);
  return {
    services: after(before.services, come.services),
    endpoints: after(before.endpoints, come.endpoints),
    entrances: after(before.entrances, come.entrances),
    places,
  };
}

/** Pods that run now and did not before, and the other way about: those that come and go, and what stands for them. */
function runningAfter(
  before: Standing,
  pods: Swapped<Pod>,
  templates: Swapped<Template>,
): { standing: Standing; left: readonly Pod[]; entered: readonly Pod[] } {
  const anew = templates.left.length + templates.entered.length > 0;
  const counted = anew ? undefined : before.with(pods.left, pods.entered);
  const standing = counted?.standing ?? Standing.of(valuesOf(pods.now), valuesOf(templates.now));
  const known = anew ? [...templates.left, ...valuesOf(templates.now)] : [...(counted?.templates ?? [])];
  const stood = known.filter((template) => !templates.entered.includes(template) && before.isFor(template));
  const stand = new Set(known.filter((template) => standing.isFor(template)));
  for (const template of templates.left) stand.delete(template);
  const entered = [...stand].filter((template) => !stood.includes(template));
  return { standing, left: [...pods.left, ...stood.filter((template) => !stand.has(template))], entered: [...pods.entered, ...entered] };
}

/** Who leaves, as it was running: on the host's network with the addresses of its node. */
function leaving(pods: readonly Pod[], gone: readonly Pod[]): ReadonlySet<number> {
  const indexes = gone.map((pod) => pods.indexOf(pod));
  if (!indexes.includes(-1)) return new Set(indexes);
  const read = new Set(gone);
  return new Set(pods.flatMap((pod, index) => (read.has(pod.read ?? pod) ? [index] : [])));
}

function partsOf({ pods, templates, policies, problems, labels, used, leads }: State, nodes: readonly Node[]): WorldParts {
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

function valuesOf<V extends NonNullable<unknown>>(map: LayeredMap<string, V>): V[] {
  return [...map].map(([, value]) => value);
}

function sameLabels(a: Labels | undefined, b: Labels | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function sameNodes(a: readonly Node[], b: readonly Node[]): boolean {
  if (a === b) return true;
  const known = new Map(b.map((node) => [node.name, node]));
  return (
    a.length === b.length &&
    a.every(({ name, labels, addresses }) => {
      const other = known.get(name);
      return other !== undefined && sameLabels(labels, other.labels) && addresses.join() === other.addresses.join();
    })
  );
}
