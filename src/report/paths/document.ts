/** What is told of the ways into a cluster: counts, groups of paths alike, the smallest cut, and the best single changes. */
import {
  type AttackGraph,
  type Chain,
  type ClassMask,
  FOOTHOLDS,
  type Hop,
  type PathGroup,
  defaultCosts,
  entriesNamed,
  footholds,
  maskOf,
  pathGroups,
  requireVertex,
  targetNamed,
} from '../../graph/index.ts';
import { objectOf, refOf } from '../../model/index.ts';
import { type Gap, lineNumberOf } from '../../snapshot/index.ts';
import { type AddOnShare, addOnShare } from './add-on.ts';

export interface PathsQuestion {
  /** `exposed`, `workloads`, or names with commas between them; both of the former where left out. */
  readonly from?: string | undefined;
  readonly to: string;
  readonly classes: ClassMask;
  /** How many single changes and choke points are told. */
  readonly top: number;
  /** What of the input could not be read. */
  readonly gaps?: readonly Gap[];
}

export interface EvidenceText {
  readonly object: string;
  readonly path: string;
  /** True of what stands in no input, but is there in every cluster. */
  readonly assumed?: true;
  readonly source?: string;
  readonly line?: number;
}

export interface HopText {
  readonly edge: string;
  readonly from: string;
  readonly to: string;
  readonly with?: readonly string[];
  readonly class: string;
  readonly evidence: readonly EvidenceText[];
}

export interface PathText {
  readonly target: string;
  readonly count: number;
  readonly entries: readonly string[];
  readonly chain: readonly HopText[];
  /** The entry whose chain it is, where the others go by things of other names. */
  readonly chainOf?: string;
}

export interface FootholdCount {
  readonly from: string;
  readonly entries: number;
  readonly reaching: number;
  /** Further entries that reach it if pods come to run together that may, or if what no object tells is so. Left out where none. */
  readonly possible?: number;
}

export interface PathsDocument {
  readonly schema: 'castellan/paths/v1';
  readonly target: string;
  readonly footholds: readonly FootholdCount[];
  /** The add-on that more than half of the entries that reach the target are owed to, and what is left without it. */
  readonly addOn?: AddOnShare;
  readonly smallestCut: CutText;
  readonly bestSingle: readonly { readonly remove: string; readonly closes: number }[];
  /** What all ways of so many entries lead through, whether it may be taken away or not. */
  readonly chokePoints: readonly { readonly vertex: string; readonly entries: number }[];
  readonly paths: readonly PathText[];
  /** What of the input was not read; left out where that is nothing. */
  readonly gaps?: readonly Gap[];
}

export interface CutText {
  /** Undefined where no cut is there: what leads to the target may not be taken away. */
  readonly size?: number;
  readonly remove: readonly string[];
  /** Of the parts together: what each costs tells docs/paths.md. Left out where there is no cut. */
  readonly cost?: number;
  readonly optimal: boolean;
  /** No cut costs less; the same as the cost where it is optimal. */
  readonly atLeast: number;
  readonly method: string;
}

/** What is not counted, though nobody has to exploit anything for it. */
const UNSURE = maskOf('placement-possible', 'unknown');

export function pathsDocument(graph: AttackGraph, { from, to: asked, classes, top, gaps = [] }: PathsQuestion): PathsDocument {
  const to = targetNamed(graph, asked);
  const target = requireVertex(graph, to);
  const starts = (from === undefined ? FOOTHOLDS : [from]).map((each) => ({
    from: each,
    entries: from === undefined ? footholds(graph, each as (typeof FOOTHOLDS)[number]) : entriesNamed(graph, each),
  }));
  const all = [...new Set(starts.flatMap(({ entries }) => entries))].filter((entry) => entry !== to);
  const vertices = all.map((entry) => requireVertex(graph, entry));
  const reach = graph.entriesThatReach(vertices, target, classes);
  const surely = new Set([to, ...all.filter((_, index) => reach[index] === 1)]);
  const groups = pathGroups(graph, { entries: all, target: to }, classes);
  const addOn = addOnShare(graph, { entries: vertices, target, classes });
  const { cut, single, choke } = graph.fixes({ entries: vertices, target, classes, costOf: defaultCosts(graph) }, top);
  // Asked for at last, and of no others: what counts is kept as long as it is asked about.
  const others = all.filter((entry) => !surely.has(entry));
  const reachToo = graph.entriesThatReach(
    others.map((entry) => requireVertex(graph, entry)),
    target,
    classes | UNSURE,
  );
  const perhaps = new Set(others.filter((_, index) => reachToo[index] === 1));
  const counted = starts.map(({ from: name, entries }) => {
    const reaching = entries.filter((entry) => surely.has(entry)).length;
    const possible = entries.filter((entry) => perhaps.has(entry)).length;
    return { from: name, entries: entries.length, reaching, ...(possible > 0 && { possible }) };
  });
  return {
    schema: 'castellan/paths/v1',
    target: to,
    footholds: counted,
    ...(addOn !== undefined && { addOn }),
    smallestCut: cutText(graph, cut),
    bestSingle: single.map(({ part, closes }) => ({ remove: part, closes })),
    chokePoints: choke.map(({ vertex, entries }) => ({ vertex: graph.graph.names[vertex] ?? '', entries })),
    paths: groups.map((group) => pathText(graph, group)),
    ...(gaps.length > 0 && { gaps }),
  };
}

function cutText(graph: AttackGraph, found: ReturnType<AttackGraph['fixes']>['cut']): CutText {
  if ('derivation' in found) return { remove: [], optimal: false, atLeast: 0, method: 'none' };
  const remove = found.parts.map((part) => graph.graph.parts[part] ?? '').toSorted();
  return {
    size: remove.length,
    remove,
    cost: rounded(found.cost),
    optimal: found.optimal,
    atLeast: rounded(found.atLeast),
    method: found.method,
  };
}

function rounded(cost: number): number {
  return Math.round(cost * 1000) / 1000;
}

export function pathText(graph: AttackGraph, { target, entries, chain, isShared }: PathGroup): PathText {
  const [first] = entries;
  return {
    target,
    count: entries.length,
    entries,
    chain: chainText(graph, chain),
    ...(!isShared && first !== undefined && { chainOf: first }),
  };
}

export function chainText({ scene }: AttackGraph, chain: Chain): HopText[] {
  return chain.map(({ edge, from, to, with: others, klass, evidence }) => ({
    edge,
    from,
    to,
    ...(others.length > 0 && { with: others }),
    class: klass,
    evidence: [
      ...evidence.flatMap(({ object: id, path }) => {
        const object = objectOf(scene.cluster, id);
        if (object === undefined) return [];
        const line = lineNumberOf(object.origin, path);
        return [{ object: refOf(object), path, ...(line !== undefined && { source: object.origin.source, line }) }];
      }),
      ...assumedOf(scene, { from, to }),
    ],
  }));
}

const OF_THE_SYSTEM = 'ServiceAccount/kube-system/';

/** The account that a step ends at, or the binding that it begins with, where neither stands in the input. */
function assumedOf({ system }: AttackGraph['scene'], { from, to }: Pick<Hop, 'from' | 'to'>): EvidenceText[] {
  const texts: EvidenceText[] = [];
  const assumed = (object: string, path: string): void => void texts.push({ object, path, assumed: true });
  if (to.startsWith(OF_THE_SYSTEM) && system.accounts.includes(to.slice(OF_THE_SYSTEM.length))) assumed(to, 'metadata.name');
  for (const { object, account } of system.bindings) if (from === account) assumed(refOf(object), 'subjects');
  return texts;
}
