/** The attack graph of a cluster, and the questions that it answers. */
import type { Cluster } from '../model/index.ts';
import type { GraphContext } from './context.ts';
import { type Cut, type NoCut, minimumCut } from './cut.ts';
import { bestSingleParts } from './gains.ts';
import { FAMILIES } from './edges/index.ts';
import { ALL_CLASSES, type ClassMask, type Graph } from './graph.ts';
import { entriesThatReach, reachedFrom } from './reach.ts';
import { Scene } from './scene.ts';
import { type Chain, chainOf } from './chain.ts';
import { derivations } from './witness.ts';

export interface CutQuestion {
  readonly entries: readonly number[];
  readonly target: number;
  readonly classes?: ClassMask;
  readonly costOf: (part: string) => number;
}

/** No mask of classes has its bit. */
const NO_CLASS = 31;

export class AttackGraph {
  readonly graph: Graph;
  readonly scene: Scene;

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
    const found = this.scene.placement.pods.find(({ workload }) => workload.namespace === namespace && workload.name === pod);
    return found === undefined ? undefined : this.graph.find(`Container/${this.scene.nameOf(found.root)}/${container}`);
  }

  reaches(from: number, to: number, classes?: ClassMask): boolean {
    return this.entriesThatReach([from], to, classes)[0] === 1;
  }

  entriesThatReach(entries: readonly number[], to: number, classes?: ClassMask): Uint8Array {
    return entriesThatReach(this.graph, entries, to, classes === undefined ? {} : { classes });
  }

  /** The same as if some edges were not there. */
  entriesThatReachWithout(edges: Iterable<number>, { entries, target, classes }: Omit<CutQuestion, 'costOf'>): Uint8Array {
    const klass = Uint8Array.from(this.graph.klass);
    for (const edge of edges) klass[edge] = NO_CLASS;
    return entriesThatReach({ ...this.graph, klass }, entries, target, { classes: classes ?? ALL_CLASSES });
  }

  /** Everything that one comes to hold, by vertex. */
  heldFrom(from: readonly number[], classes?: ClassMask): Uint8Array {
    return reachedFrom(this.graph, from, classes === undefined ? {} : { classes });
  }

  /** Up to `count` ways, the shortest first. */
  chains(from: number, to: number, { count, classes }: { count: number; classes?: ClassMask }): Chain[] {
    return derivations(this.graph, [from], to, { count, ...(classes !== undefined && { classes }) }).map((edges) =>
      chainOf(this.graph, edges, { from, to }),
    );
  }

  /** The parts that close most by themselves, of those that may be taken away. */
  bestSingle({ entries, target, classes, costOf }: CutQuestion, top: number): { part: string; closes: number }[] {
    const { parts } = this.graph;
    const isRemovable = (part: number): boolean => costOf(parts[part] ?? '') < Infinity;
    const found = bestSingleParts(this.graph, entries, target, {
      isRemovable,
      top: parts.length,
      ...(classes !== undefined && { classes }),
    });
    return found
      .map(({ part, closes }) => ({ part: parts[part] ?? '', closes }))
      .toSorted((a, b) => b.closes - a.closes || costOf(a.part) - costOf(b.part))
      .slice(0, top);
  }

  cut({ entries, target, classes, costOf }: CutQuestion): Cut | NoCut {
    const { parts } = this.graph;
    return minimumCut(this.graph, entries, target, {
      costOf: (part) => costOf(parts[part] ?? ''),
      ...(classes !== undefined && { classes }),
    });
  }
}

/** What is as good as everything, and everything of a kind. */
function drawWholes(scene: Scene): void {
  const admin = scene.builder.vertex('ClusterAdmin');
  const secrets = scene.builder.vertex('AllSecrets');
  scene.link(admin, secrets);
  scene.link(admin, scene.allNodes());
  for (const namespace of scene.namespaces) {
    scene.link(secrets, scene.allSecrets(namespace));
    const all = scene.builder.vertex(`NamespaceAdmin/${namespace}`);
    scene.link(all, scene.allSecrets(namespace));
    scene.link(all, scene.allAccounts(namespace));
    scene.link(all, scene.allContainers(namespace));
  }
}
