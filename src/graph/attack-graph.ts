/** The attack graph of a cluster, and the questions that it answers. */
import type { Cluster } from '../model/index.ts';
import type { GraphContext } from './context.ts';
import { type Cut, NOTHING_TO_CUT, type NoCut, minimumCut } from './cut.ts';
import { type ChokePoint, bestSingleParts, chokePoints } from './gains.ts';
import { FAMILIES } from './edges/index.ts';
import { ALL_CLASSES, type ClassMask, type Graph, needsOf } from './graph.ts';
import { entriesThatReach, reachedFrom } from './reach.ts';
import type { Taken } from './right-entries.ts';
import { Scene } from './scene.ts';
import { type Chain, chainOf } from './chain.ts';
import { type Situation, situationOfReaching } from './situation.ts';
import { derivations } from './witness.ts';

export interface CutQuestion {
  readonly entries: readonly number[];
  readonly target: number;
  readonly classes?: ClassMask;
  readonly costOf: (part: string) => number;
}

export class AttackGraph {
  readonly graph: Graph;
  readonly scene: Scene;
  #lastReach: { key: string; reach: Uint8Array } | undefined;
  #last: { key: string; situation: Situation | undefined } | undefined;

  constructor(cluster: Cluster, context: GraphContext = {}) {
    const scene = new Scene(
      cluster,
      context,
      FAMILIES.flatMap(({ rights = [] }) => rights),
    );
    for (const family of FAMILIES) family.draw(scene);
    drawWholes(scene);
    this.scene = scene;
    this.graph = scene.builder.done();
  }

  /** The vertex of a name. A container may be named by its pod, though it is told under its workload. */
  find(name: string): number | undefined {
    const vertex = this.graph.find(name);
    if (vertex !== undefined) return vertex;
    const [kind, namespace = '', pod = '', container = ''] = name.split('/');
    if (kind !== 'Container') return undefined;
    const found = this.scene.placement.podNamed(namespace, pod);
    return found === undefined ? undefined : this.graph.find(`Container/${this.scene.nameOf(found.root)}/${container}`);
  }

  reaches(from: number, to: number, classes?: ClassMask): boolean {
    return this.entriesThatReach([from], to, classes)[0] === 1;
  }

  /** One byte an entry. The last one is kept: several questions are about the same. */
  entriesThatReach(entries: readonly number[], to: number, classes: ClassMask = ALL_CLASSES): Uint8Array {
    const key = `${to} ${classes} ${entries.join()}`;
    if (this.#lastReach?.key !== key) this.#lastReach = { key, reach: entriesThatReach(this.graph, { from: entries, to }, { classes }) };
    return this.#lastReach.reach;
  }

  /** How many entries come to hold the target though some vertices are gone. */
  reachingWithout({ entries, target, classes = ALL_CLASSES }: Omit<CutQuestion, 'costOf'>, gone: Iterable<number>): number {
    const without = new Uint8Array(this.graph.names.length);
    for (const vertex of gone) without[vertex] = 1;
    return entriesThatReach(this.graph, { from: entries, to: target }, { classes, without }).reduce((sum, one) => sum + one, 0);
  }

  /** Everything that one comes to hold, by vertex. */
  heldFrom(from: readonly number[], classes?: ClassMask): Uint8Array {
    return reachedFrom(this.graph, from, classes === undefined ? {} : { classes });
  }

  /** Where an edge says that one identity has several rights at once: each right with the rule that gives it. */
  rightsJoinedBy(edge: number): readonly Taken[] {
    const [first = -1, ...others] = needsOf(this.graph, edge);
    return others.length > 0 ? [] : this.scene.rights.takenBetween(first, this.graph.heads[edge] ?? -1);
  }

  /** Up to `count` ways, the shortest first. */
  chains(from: number, to: number, { count, classes }: { count: number; classes?: ClassMask }): Chain[] {
    return derivations(this.graph, { from: [from], to }, { count, ...(classes !== undefined && { classes }) }).map((edges) =>
      chainOf(this.graph, edges, { from, to }),
    );
  }

  /** The part of the graph between entries and a target; undefined where none reaches it. The last one is kept: several questions are about the same. */
  situation({ entries, target, classes = ALL_CLASSES }: Omit<CutQuestion, 'costOf'>): Situation | undefined {
    const key = `${target} ${classes} ${entries.join()}`;
    if (this.#last?.key !== key) {
      const reach = this.entriesThatReach(entries, target, classes);
      const reaching = entries.filter((_, index) => reach[index] === 1);
      this.#last = { key, situation: situationOfReaching(this.graph, { from: reaching, to: target }, { classes }) };
    }
    return this.#last.situation;
  }

  /** The cheapest parts without which no entry reaches the target. */
  cut(question: CutQuestion): Cut | NoCut {
    return this.fixes(question, 0).cut;
  }

  /** What closes every way, and what closes most by itself, of the parts that may be taken away. */
  fixes(
    { entries, target, classes, costOf }: CutQuestion,
    top: number,
  ): { cut: Cut | NoCut; single: { part: string; closes: number }[]; choke: ChokePoint[] } {
    const { parts } = this.graph;
    const costs = new Float64Array(parts.length).fill(Number.NaN);
    const cost = (part: number): number => {
      const known = costs[part] ?? 0;
      return Number.isNaN(known) ? (costs[part] = costOf(parts[part] ?? '')) : known;
    };
    const situation = this.situation({ entries, target, ...(classes !== undefined && { classes }) });
    if (situation === undefined) return { cut: NOTHING_TO_CUT, single: [], choke: [] };
    const single =
      top === 0
        ? []
        : bestSingleParts(situation, { isRemovable: (part) => cost(part) < Infinity, top, costOf: cost }).map(({ part, closes }) => ({
            part: parts[part] ?? '',
            closes,
          }));
    return { cut: minimumCut(situation, cost), single, choke: top === 0 ? [] : chokePoints(situation, top) };
  }
}

/** What is as good as everything, and everything of a kind. */
function drawWholes(scene: Scene): void {
  const admin = scene.builder.vertex('ClusterAdmin');
  const secrets = scene.builder.vertex('AllSecrets');
  scene.link(admin, secrets);
  scene.link(admin, scene.allNodes());
  // A target that may be asked for whether anything of the kind is there or not.
  scene.builder.vertex('CloudIdentity/*');
  for (const namespace of scene.namespaces) {
    scene.link(secrets, scene.allSecrets(namespace));
    const all = scene.builder.vertex(`NamespaceAdmin/${namespace}`);
    scene.link(all, scene.allSecrets(namespace));
    scene.link(all, scene.allAccounts(namespace));
    scene.link(all, scene.allContainers(namespace));
  }
}
