/** What the graph says of a world, asked as `castellan eval paths` asks it. */
import { ALL_CLASSES, AttackGraph, COUNTED } from '../../../src/graph/index.ts';
import type { PlainObject } from '../../../src/graph/family.ts';
import { buildCluster } from '../../../src/model/index.ts';
import type { Release } from '../parts.ts';

export interface Question {
  objects: readonly PlainObject[];
  from: string;
  to: string;
  release: Release;
  exploitable: readonly string[];
}

export interface Verdict {
  /** By steps that count, and by those that are unsure as well. */
  counted: boolean;
  atAll: boolean;
  /** Ids of all steps of the chains that were found. */
  edges: ReadonlySet<string>;
}

export function judge({ objects, from, to, release, exploitable }: Question): Verdict {
  const snapshot = {
    header: { kind: 'manifests' as const, complete: false },
    objects: objects.map((object) => ({ object, origin: { source: '', line: 1, format: 'json' as const, prefix: [] } })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
  };
  const minor = Number(release.split('.')[1]);
  const endpoints = [from, to].filter((name) => name.startsWith('Endpoint/'));
  const graph = new AttackGraph(buildCluster(snapshot), { minor, endpoints, remotelyExploitable: exploitable });
  const [start, end] = [graph.find(from), graph.find(to)];
  if (start === undefined || end === undefined) return { counted: false, atAll: false, edges: new Set() };
  const chains = graph.chains(start, end, { count: 16, classes: ALL_CLASSES });
  return {
    counted: graph.reaches(start, end, COUNTED),
    atAll: graph.reaches(start, end, ALL_CLASSES),
    edges: new Set(chains.flatMap((chain) => chain.map(({ edge }) => edge))),
  };
}
