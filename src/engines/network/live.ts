/**
 * The network of a cluster that changes: what each change leads to, at the cost of what it touches. One that was changed
 * is another; the one before stays as it is and shares with it what is the same, so that both can be asked and compared.
 */
import type { Labels } from '../../model/index.ts';
import { swapped } from './entities.ts';
import { type LiveChange, type LiveState, type NetworkEdits, UNUSED, changed, partsOf } from './live-state.ts';
import { type Pod, makersByWorkload, namesReplicas } from './pods.ts';
import { Relation } from './relation.ts';
import { type Node, type World, namespaceLabels, onTheirNodes, problemsIn, undeclaredIn, withoutSelector, worldOf } from './world.ts';

export class LiveNetwork {
  readonly relation: Relation;
  readonly #state: LiveState;

  constructor(relation: Relation, state: LiveState) {
    this.relation = relation;
    this.#state = state;
  }

  /** Of objects of the same kind, namespace and name the last counts. */
  static of(objects: NonNullable<NetworkEdits['set']>): LiveNetwork {
    return anew(changed(UNUSED, { set: objects }).state);
  }

  get world(): World {
    return this.relation.world;
  }

  /**
   * As it is after the edits; pods that were changed stand behind the others. A change of a node's labels or addresses
   * may be one for everybody, and then everything is worked out anew; so it is where policies name single pods of
   * StatefulSets.
   */
  with(edits: NetworkEdits): LiveNetwork {
    const change = changed(this.#state, edits);
    const { state, running, policies } = change;
    const many = 100 + this.world.pods.length / 4;
    const isApart = this.world.policies.some(namesReplicas) || policies.entered.some(({ policy }) => namesReplicas(policy));
    if (isApart || !sameNodes(state.nodes, this.#state.nodes) || running.entered.length > many || policies.entered.length > many)
      return anew(state);
    const podsOut = indexesOf(this.world.pods, running.left);
    const podsIn = onTheirNodes(running.entered, state.nodes);
    const policiesOut = new Set(policies.left.map(({ policy }) => policy));
    const policiesIn = policies.entered.map(({ policy }) => policy);
    const namespaces = this.#namespaces(change);
    const world: World = {
      ...state.leads,
      endpoints: state.leads === this.#state.leads ? this.world.endpoints : withoutSelector(state.leads),
      nodes: state.nodes,
      namespaces: namespaces.now,
      pods: swapped(this.world.pods, podsOut, podsIn),
      policies: swapped(this.world.policies, new Set(Array.from(policiesOut, (one) => this.world.policies.indexOf(one))), policiesIn),
      // Asked for seldom, and then of all policies together.
      get problems() {
        return problemsIn(partsOf(state));
      },
      get undeclared() {
        return undeclaredIn(partsOf(state));
      },
      get makers() {
        return makersByWorkload(partsOf(state).templates);
      },
    };
    return new LiveNetwork(this.relation.with(world, { podsOut, podsIn, policiesOut, policiesIn, namespaces: namespaces.changed }), state);
  }

  #namespaces({ names, state }: LiveChange): { now: World['namespaces']; changed: ReadonlySet<string> } {
    const old = this.world.namespaces;
    const changes = new Map<string, Labels | undefined>();
    for (const name of names) {
      const own = state.labels.get(name);
      const is = own === undefined && (state.used.get(name) ?? 0) === 0 ? undefined : namespaceLabels(name, own);
      if (!sameLabels(is, old.get(name))) changes.set(name, is);
    }
    if (changes.size === 0) return { now: old, changed: new Set() };
    const now = new Map(old);
    for (const [name, is] of changes) {
      if (is === undefined) now.delete(name);
      else now.set(name, is);
    }
    return { now, changed: new Set(changes.keys()) };
  }
}

function anew(state: LiveState): LiveNetwork {
  return new LiveNetwork(new Relation(worldOf(partsOf(state))), state);
}

/** Of pods as they were read; those on the host's network run with the addresses of their node. */
function indexesOf(pods: readonly Pod[], read: readonly Pod[]): ReadonlySet<number> {
  const indexes = read.map((pod) => pods.indexOf(pod));
  if (!indexes.includes(-1)) return new Set(indexes);
  const wanted = new Set(read);
  return new Set(pods.flatMap((pod, index) => (wanted.has(pod.read ?? pod) ? [index] : [])));
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
      return sameLabels(labels, other?.labels) && addresses.join() === other?.addresses.join();
    })
  );
}
