/** One fact is one finding: what a sharper rule says too is dropped and told with it. */
import { worst } from './finding.ts';
import type { Found, Place } from './found.ts';
import type { Rule } from './rule.ts';

export interface Covering {
  /** Rules that some other rule covers. */
  readonly coverable: ReadonlySet<string>;
  /** `status/rule/namespace` of what was said of namespaces before. */
  readonly toldOfNamespaces: ReadonlySet<string>;
}

export function coverableBy(rules: readonly Rule[]): Set<string> {
  return new Set(rules.flatMap(({ covers = [], coversSameField = [] }) => [...covers, ...coversSameField]));
}

/** `found` are the findings of one object. */
export function mergeCovered(found: Found[], { coverable, toldOfNamespaces }: Covering): Found[] {
  let blunt: Map<string, Blunt> | undefined;
  let isAnySharp = false;
  // Most of what the engine does here it does before it has optimised anything: iterators cost more than the rest.
  for (let index = 0; index < found.length; index += 1) {
    const finding = found[index];
    if (finding?.status !== 'fail') continue;
    const { rule } = finding;
    isAnySharp ||= coversAny(rule);
    if (coverable.has(rule.id)) note((blunt ??= new Map()), finding);
  }
  const dropped = isAnySharp && blunt !== undefined ? coveredIn(found, blunt) : undefined;
  if (toldOfNamespaces.size === 0)
    return dropped === undefined || dropped.size === 0 ? found : found.filter((finding) => !dropped.has(finding));
  return found.filter((finding) => dropped?.has(finding) !== true && !isToldOfNamespace(finding, toldOfNamespaces));
}

function coversAny({ covers, coversSameField }: Rule): boolean {
  return covers !== undefined || coversSameField !== undefined;
}

function coveredIn(found: readonly Found[], blunt: ReadonlyMap<string, Blunt>): ReadonlySet<Found> {
  const merge = new Merge(blunt);
  for (const sharp of found) if (sharp.status === 'fail' && coversAny(sharp.rule)) merge.coverAll(sharp);
  return merge.dropped;
}

/** The findings of a rule that another one may cover: all of the object, and those of each container. */
interface Blunt {
  readonly all: Found[];
  /** Made when a container has to be told from many others. */
  byPlace: Map<Place, Found[]> | undefined;
}

function note(blunt: Map<string, Blunt>, finding: Found): void {
  const same = blunt.get(finding.rule.id);
  if (same === undefined) blunt.set(finding.rule.id, { all: [finding], byPlace: undefined });
  else same.all.push(finding);
}

class Merge {
  readonly dropped = new Set<Found>();
  readonly #blunt: ReadonlyMap<string, Blunt>;
  readonly #done = new Set<Found>();

  constructor(blunt: ReadonlyMap<string, Blunt>) {
    this.#blunt = blunt;
  }

  coverAll(sharp: Found): void {
    const { covers, coversSameField } = sharp.rule;
    if (!coversAny(sharp.rule) || this.#done.has(sharp)) return;
    this.#done.add(sharp);
    this.#coverNamed(sharp, covers, false);
    this.#coverNamed(sharp, coversSameField, true);
  }

  #coverNamed(sharp: Found, ids: readonly string[] | undefined, ofSameField: boolean): void {
    if (ids === undefined) return;
    for (let index = 0; index < ids.length; index += 1) {
      const blunt = this.#blunt.get(ids[index] ?? '');
      if (blunt === undefined) continue;
      for (const other of candidates(sharp, blunt))
        if (!ofSameField || sharp.evidence[0]?.path === other.evidence[0]?.path) this.#cover(sharp, other);
    }
  }

  #cover(sharp: Found, blunt: Found): void {
    if (!sameKey(sharp, blunt)) return;
    // What an add-on needs excuses nothing that it does not need.
    if (sharp.addOn !== undefined && blunt.addOn === undefined) return;
    // What it covers itself goes with it: a chain of three ends in one finding whatever the order of the rules.
    this.coverAll(blunt);
    this.dropped.add(blunt);
    sharp.cover(blunt);
    sharp.severity = worst(sharp.severity, blunt.severity);
  }
}

/** Of the same container; what is said of the whole object covers what is said of its containers too. */
function candidates(sharp: Found, blunt: Blunt): readonly Found[] {
  if (sharp.subject.container === undefined) return blunt.all;
  const [first] = blunt.all;
  if (blunt.all.length === 1 && first !== undefined) return first.place === sharp.place ? blunt.all : NO_FINDINGS;
  blunt.byPlace ??= byPlace(blunt.all);
  return blunt.byPlace.get(sharp.place) ?? NO_FINDINGS;
}

function byPlace(findings: readonly Found[]): Map<Place, Found[]> {
  const places = new Map<Place, Found[]>();
  for (const finding of findings) {
    const there = places.get(finding.place);
    if (there === undefined) places.set(finding.place, [finding]);
    else there.push(finding);
  }
  return places;
}

const NO_FINDINGS: readonly Found[] = [];

function isToldOfNamespace({ rule, status, subject }: Found, told: ReadonlySet<string>): boolean {
  return rule.coveredByNamespace !== undefined && told.has(`${status}/${rule.coveredByNamespace}/${subject.namespace}`);
}

/** Of two volumes each is a fact of its own; a hit without a key is about the subject as a whole. */
function sameKey(sharp: Found, blunt: Found): boolean {
  return sharp.key === blunt.key || sharp.key === undefined || blunt.key === undefined;
}
