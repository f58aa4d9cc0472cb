/** Ways as the page reads them: texts once, arrows as rows of numbers, vertices in groups that are one box at first. */
import {
  type AttackGraph,
  CLASSES,
  type ClassMask,
  type Picture,
  doingOf,
  entriesNamed,
  footholds,
  nameText,
  pictureOf,
  requireVertex,
} from '../../graph/index.ts';
import { objectOf, refOf } from '../../model/index.ts';
import { lineNumberOf } from '../../snapshot/index.ts';
import { type PathText, type PathsDocument, countNotes, entriesText, entryText, placeText, stepText } from '../paths/index.ts';
import { oneLine } from '../one-line.ts';

export interface PathsPageOptions {
  /** What was read: paths, or a context. */
  readonly title: string;
  readonly from: string | undefined;
  readonly classes: ClassMask;
}

/** More vertices than that are no picture: then only those on the shortest ways are drawn. */
const MOST_VERTICES = 6000;
/** Groups of ways that are told in sentences. */
const MOST_WAYS = 200;

const MOST_GAPS = 20;

/** What vertices of a kind are called, one and many, and the column in which they stand: who, by what, what, and on what. */
const KINDS: Readonly<Record<string, readonly [string, string, number]>> = {
  Container: ['container', 'containers', 5],
  ServiceAccount: ['account', 'accounts', 1],
  User: ['user', 'users', 1],
  Group: ['group', 'groups', 1],
  RoleBinding: ['binding', 'bindings', 2],
  ClusterRoleBinding: ['cluster binding', 'cluster bindings', 2],
  rule: ['rule', 'rules', 3],
  Permission: ['right', 'rights', 4],
  Secret: ['Secret', 'Secrets', 5],
  Node: ['node', 'nodes', 5],
  NodeFiles: ['node with files', 'files of nodes', 5],
  NodeIdentity: ['kubelet', 'kubelets', 1],
  NamespaceAdmin: ['namespace', 'namespaces', 5],
  CloudIdentity: ['cloud identity', 'cloud identities', 1],
  Endpoint: ['endpoint', 'endpoints', 5],
};
const OTHER = ['other', 'others', 5] as const;

export function pathsData(attack: AttackGraph, document: PathsDocument, options: PathsPageOptions): Record<string, unknown> {
  const { graph } = attack;
  const starts = startsOf(attack, options.from);
  const target = requireVertex(attack, document.target);
  const entries = [...starts.keys()].filter((vertex) => vertex !== target);
  // Who reaches it only together with others is drawn too, and is no start.
  const reach = attack.entriesThatReach(entries, target, options.classes);
  const reaching = new Set(entries.filter((_, index) => reach[index] === 1));
  const texts = new Texts();
  const cut = new Set(document.smallestCut.remove);
  const singles = new Map(document.bestSingle.map(({ remove, closes }) => [remove, closes]));
  const told = new Set([...cut, ...singles.keys()]);
  const before = graph.names.flatMap((_, vertex) => (partsOf(attack, vertex).some((part) => told.has(part)) ? [vertex] : []));
  const picture = pictureOf(attack, { entries, target, classes: options.classes, before }, MOST_VERTICES);
  const indexOf = new Map(picture.vertices.map((vertex, index) => [vertex, index]));
  const index = (name: string): number => indexOf.get(attack.find(name) ?? -1) ?? -1;
  const whereOf = (part: string): number => picture.vertices.findIndex((vertex) => partsOf(attack, vertex).includes(part));
  const boxes = boxesOf(attack, picture, {
    startOf: (vertex) => (reaching.has(vertex) ? (starts.get(vertex) ?? 0) : 0),
    target,
    cut,
    singles,
  });
  return {
    title: oneLine(options.title, 200),
    target: oneLine(nameText(document.target), 300),
    footholds: document.footholds.map(({ from, entries: all, reaching }) => [oneLine(from, 300), all, reaching]),
    notes: countNotes(document).map((note) => oneLine(note, 400)),
    classes: CLASSES,
    ...boxes,
    all: picture.all,
    arrows: picture.arrows.map(({ from, to, edge, needs }) => [
      from,
      to,
      texts.index(graph.family[edge] === 0 ? '' : doingOf(graph.families[graph.family[edge] ?? 0] ?? '')),
      graph.klass[edge] ?? 0,
      texts.index(evidenceText(attack, edge)),
      needs,
    ]),
    cut: {
      size: document.smallestCut.size ?? -1,
      cost: document.smallestCut.cost ?? 0,
      optimal: document.smallestCut.optimal,
      atLeast: document.smallestCut.atLeast,
      remove: document.smallestCut.remove.map((part) => [oneLine(part, 400), whereOf(part)]),
    },
    single: document.bestSingle.map(({ remove, closes }) => [oneLine(remove, 400), closes, whereOf(remove)]),
    choke: document.chokePoints.flatMap(({ vertex, entries: count }) => {
      const box = index(vertex);
      return box < 0 ? [] : [[box, count]];
    }),
    gaps: (document.gaps ?? []).slice(0, MOST_GAPS).map(({ scope, reason }) => oneLine(`${scope}: ${reason}`, 400)),
    moreGaps: Math.max(0, (document.gaps ?? []).length - MOST_GAPS),
    ways: document.paths.slice(0, MOST_WAYS).map((path) => wayRow(path, texts, index)),
    moreWays: Math.max(0, document.paths.length - MOST_WAYS),
    texts: texts.all,
  };
}

interface Told {
  /** As in `startsOf`; 0 for what is no start. */
  readonly startOf: (vertex: number) => number;
  readonly target: number;
  readonly cut: ReadonlySet<string>;
  /** What each change closes alone. */
  readonly singles: ReadonlyMap<string, number>;
}

/** A row for each vertex of the picture, and the kinds that they name by number. */
function boxesOf(attack: AttackGraph, { vertices, next }: Picture, { startOf, target, cut, singles }: Told): object {
  const kinds: string[] = [];
  const nodes = vertices.map((vertex, index) => {
    const name = attack.graph.names[vertex] ?? '';
    const kind = kindOf(name);
    if (!kinds.includes(kind)) kinds.push(kind);
    const parts = partsOf(attack, vertex);
    return [
      oneLine(nameText(name), 300),
      kinds.indexOf(kind),
      startOf(vertex) + (vertex === target ? 4 : 0) + (parts.some((part) => cut.has(part)) ? 8 : 0),
      Math.max(0, ...parts.map((part) => singles.get(part) ?? 0)),
      next[index] ?? -1,
      oneLine(name, 400),
    ];
  });
  return { kinds: kinds.map((kind) => KINDS[kind] ?? (kind === '' ? OTHER : [kind, kind, 5])), nodes };
}

function wayRow(path: PathText, texts: Texts, index: (name: string) => number): unknown[] {
  return [
    oneLine(entriesText(path), 400),
    path.count,
    path.entries.slice(0, MOST_WAYS).map(index),
    path.chain.map((hop) => [
      texts.index(stepText(hop)),
      CLASSES.findIndex((each) => each === hop.class),
      texts.index(placeText(hop.evidence)),
      index(hop.to),
    ]),
    path.chainOf === undefined ? '' : oneLine(entryText(path.chainOf), 300),
  ];
}

function partsOf({ graph: { partsOf: of, parts } }: AttackGraph, vertex: number): string[] {
  return [...of.items.subarray(of.at[vertex] ?? 0, of.at[vertex + 1] ?? 0)].map((part) => parts[part] ?? '');
}

/** 1 for what outsiders can have, 2 for workloads and what somebody named. */
function startsOf(attack: AttackGraph, from: string | undefined): Map<number, number> {
  const exposed = from === undefined || from === 'exposed' ? footholds(attack, 'exposed') : [];
  const others = from === undefined ? footholds(attack, 'workloads') : from === 'exposed' ? [] : entriesNamed(attack, from);
  return new Map([
    ...others.map((name) => [attack.find(name) ?? -1, 2] as const),
    ...exposed.map((name) => [attack.find(name) ?? -1, 1] as const),
  ]);
}

function kindOf(name: string): string {
  if (/(?:^| with )rule \d+ of /.test(name)) return 'rule';
  if (name.includes(' may ')) return 'Permission';
  const slash = name.indexOf('/');
  const kind = slash < 0 ? name : name.slice(0, slash);
  return kind.includes(' ') ? '' : kind;
}

function evidenceText({ graph, scene }: AttackGraph, edge: number): string {
  const found = graph.evidenceOf(edge);
  const object = found === undefined ? undefined : objectOf(scene.cluster, found.object);
  if (found === undefined || object === undefined) return '';
  const line = lineNumberOf(object.origin, found.path);
  return `${refOf(object)} ${found.path}${line === undefined ? '' : ` (${object.origin.source}:${line})`}`;
}

class Texts {
  readonly all: string[] = [];
  readonly #indexes = new Map<string, number>();

  index(text: string): number {
    const line = oneLine(text, 600);
    let index = this.#indexes.get(line);
    if (index === undefined) this.#indexes.set(line, (index = this.all.push(line) - 1));
    return index;
  }
}
