/** A change that may be worth making, with what is known of it before it is tried. */
import { shortHash } from '../../lib/hash.ts';
import { type ApiObject, refOf } from '../../model/index.ts';
import type { Change, Patch } from '../../rules/index.ts';
import { type Owner, ownerOf } from '../ownership.ts';

export interface Candidate {
  /** Equal for equal changes. */
  readonly id: string;
  /** What to do, in the imperative. */
  readonly title: string;
  readonly change: Change;
  readonly owner: Owner;
  /** Of two that close the same the lower one comes first: what was handed out before what holds it. */
  readonly order: number;
  /** Edges of the graph that are gone with it, for a quick count; what it really does is searched on the changed cluster. */
  readonly edges: readonly number[];
  /** Of a change on nodes the rule that it settles: it is made anew for what the changes before it leave. */
  readonly nodeRule?: string;
}

/** A change that closes no way, before it is made: what it is expected to settle, in points, and what it takes. */
export interface Offer {
  readonly worth: number;
  readonly effort: Change['effort'];
  /** Undefined where it turns out that there is nothing to make. */
  readonly make: () => Candidate | undefined;
}

export function offerOf(candidate: Candidate, worth: number): Offer {
  return { worth, effort: candidate.change.effort, make: () => candidate };
}

export interface CandidateParts extends Pick<Candidate, 'title' | 'order'> {
  readonly edges?: readonly number[];
  readonly effort?: Change['effort'];
  /** Where the objects do not tell whose they are. */
  readonly owner?: Owner | undefined;
}

/** Patches name the files of their objects. The owner is that of the first object that somebody else writes. */
export function candidateOf(
  objects: readonly ApiObject[],
  patches: readonly Patch[],
  { title, order, edges = [], effort = 'low', owner: told }: CandidateParts,
): Candidate {
  const files = new Map(objects.map((object) => [refOf(object), object.origin]));
  const named = patches.map((patch): Patch => {
    const origin = files.get(patch.target);
    return origin?.text === undefined ? patch : { ...patch, file: origin.source };
  });
  const owners = objects.map(ownerOf);
  const owner = told ?? owners.find(({ restored }) => restored) ?? owners.find(({ kind }) => kind !== 'you') ?? owners[0] ?? YOURS;
  return { id: shortHash(JSON.stringify(patches)), title, change: { patches: named, effort }, owner, order, edges };
}

const YOURS: Owner = { kind: 'you', name: '', restored: false, where: '', because: undefined };

/** The settings of a pod that runs cannot be changed: only where it is written down can they. */
export function isSettled({ kind, origin }: ApiObject): boolean {
  return kind === 'Pod' && origin.text === undefined;
}

export function placeOf({ namespace, name }: Pick<ApiObject, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** `in shop`, `in shop and ops`, `in 7 namespaces`. */
export function listed(names: readonly string[], what: string): string {
  const distinct = [...new Set(names)].toSorted();
  if (distinct.length > 3) return `${distinct.length} ${what}`;
  return distinct.length < 2 ? distinct.join('') : `${distinct.slice(0, -1).join(', ')} and ${distinct.at(-1)}`;
}
