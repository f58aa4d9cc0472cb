/**
 * What single rights lead to, for findings about them: the worst thing that whoever has one comes to hold, the shortest
 * way there, and how many footholds come to have it. A scan asks of thousands of rights: what is searched from the
 * targets is searched once for all of them.
 */
import type { AttackGraph } from './attack-graph.ts';
import { type Chain, chainOf } from './chain.ts';
import { footholds } from './footholds.ts';
import { COUNTED, type Graph, needsOf } from './graph.ts';
import { leadingTo, reachedFrom } from './reach.ts';
import type { Way } from './rights.ts';
import { type NextSteps, nextSteps, straight } from './ways.ts';
import { derivations } from './witness.ts';

/** What is told, the worst first. */
export const LEAD_TARGETS = ['ClusterAdmin', 'AllSecrets', 'Node/*', 'CloudIdentity/*'] as const;
export type LeadTarget = (typeof LEAD_TARGETS)[number];

export interface Lead {
  /** Undefined where it leads to nothing of the kind. */
  readonly target?: LeadTarget;
  readonly chain: Chain;
  /** Footholds that come to have the right without holding the cluster first; there may be more where `more` is set. */
  readonly exposed: number;
  readonly workloads: number;
  readonly more: boolean;
}

/** A right as vertices: any of `rights`, in the hands of `holders`, together with what comes with it by `beside`. */
export interface LeadQuestion {
  readonly rights: readonly string[];
  readonly holders: readonly string[];
  readonly beside: readonly string[];
}

export interface LeadOptions {
  /** Accounts that nothing runs as are no footholds: what runs as them may only not be in the input. */
  readonly partial: boolean;
}

interface Target {
  readonly name: LeadTarget;
  readonly vertex: number;
  /** By the vertex: 1 where it leads there by itself. */
  readonly alone: Uint8Array;
  /** By the vertex: 1 where it is of use on the way. */
  readonly of: Uint8Array;
  /** The edge by which each vertex comes nearest; made when a way is told. */
  next: NextSteps | undefined;
}

/** Edges that are looked at for one right, counting its footholds, and for all rights that lead on only with others. */
const MOST_EDGES_COUNTED = 20_000;
const MOST_EDGES_SEARCHED = 20_000_000;

export class Leads {
  readonly #attack: AttackGraph;
  readonly #targets: readonly Target[];
  /** 1 for footholds of outsiders, 2 for workloads, 3 for both. */
  readonly #foothold: Uint8Array;
  readonly #admin: number;
  readonly #seen: Int32Array;
  #round = 0;
  #left = MOST_EDGES_SEARCHED;
  /** Everything that the footholds come to hold together. */
  readonly #held: Uint8Array;
  /** Rules in the hands of single subjects, by the vertex of each binding and rule. */
  readonly #ways: ReadonlyMap<number, readonly Way[]>;
  /** The same account stands in many findings. */
  readonly #known = new Map<string, Lead | undefined>();

  constructor(attack: AttackGraph, { partial }: LeadOptions) {
    const { graph } = attack;
    this.#attack = attack;
    this.#admin = attack.find('ClusterAdmin') ?? -1;
    this.#targets = LEAD_TARGETS.flatMap((name) => {
      const vertex = attack.find(name);
      if (vertex === undefined) return [];
      const limits = { classes: COUNTED };
      return [
        {
          name,
          vertex,
          alone: leadingTo(graph, [vertex], { ...limits, alone: true }),
          of: leadingTo(graph, [vertex], limits),
          next: undefined,
        },
      ];
    });
    const ways = new Map<number, Way[]>();
    for (const way of attack.scene.rights.ways)
      for (const { binding, rule } of way.steps) for (const vertex of [binding, rule]) ways.set(vertex, [...(ways.get(vertex) ?? []), way]);
    this.#ways = ways;
    this.#seen = new Int32Array(graph.names.length);
    this.#foothold = new Uint8Array(graph.names.length);
    for (const [kind, bit] of [
      ['exposed', 1],
      ['workloads', 2],
    ] as const) {
      for (const name of footholds(attack, kind)) {
        if (partial && name.startsWith('ServiceAccount/')) continue;
        const vertex = attack.find(name) ?? 0;
        this.#foothold[vertex] = (this.#foothold[vertex] ?? 0) | bit;
      }
    }
    this.#held = reachedFrom(
      graph,
      [...this.#foothold.keys()].filter((vertex) => this.#foothold[vertex] !== 0),
      { classes: COUNTED },
    );
  }

  /** Undefined where to find out would take too long. */
  of(question: LeadQuestion): Lead | undefined {
    const key = question.rights.join('\n');
    if (!this.#known.has(key)) this.#known.set(key, this.#find(question));
    return this.#known.get(key);
  }

  #find(question: LeadQuestion): Lead | undefined {
    const rights = this.#withWays(this.#vertices(question.rights), this.#vertices(question.beside));
    const found = this.#worst(rights, question);
    if (found === 'too long') return undefined;
    const footing = this.#footholdsOf(rights.length > 0 ? rights : this.#vertices(question.holders));
    return found === undefined ? { chain: [], ...footing } : { target: found.target.name, chain: found.chain, ...footing };
  }

  #vertices(names: readonly string[]): number[] {
    return [...new Set(names)].flatMap((name) => this.#attack.find(name) ?? []);
  }

  /** Rules and bindings with the same in the hands of single subjects, together with others that come with them. */
  #withWays(rights: readonly number[], beside: readonly number[]): number[] {
    const [own, all] = [new Set(rights), new Set([...rights, ...beside])];
    const isIn = (set: ReadonlySet<number>, { binding, rule }: Way['steps'][number]): boolean => set.has(rule) || set.has(binding);
    const ways = new Set(rights.flatMap((vertex) => this.#ways.get(vertex) ?? []));
    return [
      ...rights,
      ...[...ways].flatMap(({ vertex, steps }) =>
        steps.some((step) => isIn(own, step)) && steps.every((step) => isIn(all, step)) ? [vertex] : [],
      ),
    ];
  }

  #worst(rights: readonly number[], question: LeadQuestion): { target: Target; chain: Chain } | undefined | 'too long' {
    for (const target of this.#targets) {
      const from = rights.find((vertex) => target.alone[vertex] === 1);
      if (from !== undefined) return { target, chain: this.#way(target, from) };
      if (!rights.some((vertex) => target.of[vertex] === 1)) continue;
      const chain = this.#together(target, rights, question);
      if (chain === 'too long') return chain;
      if (chain !== undefined) return { target, chain };
    }
    return undefined;
  }

  #way(target: Target, from: number): Chain {
    const { graph } = this.#attack;
    target.next ??= nextSteps(graph, target.vertex, COUNTED);
    return straight(graph, target.next, { from, to: target.vertex }) ?? [];
  }

  /** A right that leads on only in the hands of one who has another one too, and not by the others alone. */
  #together(target: Target, rights: readonly number[], question: LeadQuestion): Chain | undefined | 'too long' {
    const { graph } = this.#attack;
    const beside = this.#vertices(question.beside);
    const all = [...new Set([...rights, ...this.#withWays(beside, [])])];
    const own = new Set(rights);
    // The holder is only held to be himself: what else is bound to him is not this right.
    const gone = new Uint8Array(graph.names.length);
    const holders = this.#vertices(question.holders);
    for (const holder of holders) {
      for (const edge of graph.out.items.subarray(graph.out.at[holder] ?? 0, graph.out.at[holder + 1] ?? 0)) {
        const head = graph.heads[edge] ?? 0;
        if (needsOf(graph, edge).length === 1 && /Binding\//.test(graph.names[head] ?? '')) gone[head] = 1;
      }
    }
    for (const one of all) if (!own.has(one)) gone[one] = 0;
    for (const holder of holders) {
      this.#left -= 3 * graph.heads.length;
      if (this.#left < 0) return 'too long';
      const limits = { classes: COUNTED, without: gone };
      const others = all.filter((one) => !own.has(one));
      if (reachedFrom(graph, [holder, ...others], limits)[target.vertex] === 1) continue;
      const withOwn = { ...limits, without: gone.map((one, vertex) => (own.has(vertex) ? 0 : one)) };
      if (reachedFrom(graph, [holder, ...all], withOwn)[target.vertex] !== 1) continue;
      const [edges] = derivations(graph, { from: [holder, ...all], to: target.vertex }, { count: 1, ...withOwn });
      if (edges !== undefined) return chainOf(graph, edges, { from: holder, to: target.vertex });
    }
    return undefined;
  }

  /** Walks back from the rights, by edges that need one thing; who has the whole cluster is no foothold of its rights. */
  #footholdsOf(rights: readonly number[]): Pick<Lead, 'exposed' | 'workloads' | 'more'> {
    const { into, bodies, klass }: Graph = this.#attack.graph;
    this.#round += 1;
    const queue: number[] = [];
    let [exposed, workloads, edges] = [0, 0, 0];
    const take = (vertex: number): void => {
      if (this.#seen[vertex] === this.#round || vertex === this.#admin) return;
      this.#seen[vertex] = this.#round;
      queue.push(vertex);
      const kind = this.#foothold[vertex] ?? 0;
      if ((kind & 1) !== 0) exposed += 1;
      else if (kind !== 0) workloads += 1;
    };
    for (const vertex of rights) take(vertex);
    for (let next = 0; next < queue.length && edges < MOST_EDGES_COUNTED; next += 1) {
      const vertex = queue[next] ?? 0;
      for (let index = into.at[vertex] ?? 0; index < (into.at[vertex + 1] ?? 0); index += 1) {
        const edge = into.items[index] ?? 0;
        edges += 1;
        const first = bodies.at[edge] ?? 0;
        if ((bodies.at[edge + 1] ?? 0) - first === 1 && ((COUNTED >> (klass[edge] ?? 0)) & 1) === 1) take(bodies.items[first] ?? 0);
      }
    }
    const isHeld = rights.some((vertex) => this.#held[vertex] === 1);
    return { exposed, workloads, more: edges >= MOST_EDGES_COUNTED || (isHeld && exposed + workloads === 0) };
  }
}
