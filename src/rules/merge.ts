/** One fact is one finding: what a sharper rule says too is dropped and told with it. */
import { SEVERITIES } from './finding.ts';
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
  const blunt = new Map<string, Blunt>();
  for (const finding of found) {
    if (finding.status === 'fail' && coverable.has(finding.rule.id)) note(blunt, finding);
  }
  const merge = new Merge(blunt);
  if (blunt.size > 0) for (const sharp of found) if (sharp.status === 'fail') merge.coverAll(sharp);
  const { dropped } = merge;
  if (toldOfNamespaces.size > 0) {
    for (const finding of found) if (isToldOfNamespace(finding, toldOfNamespaces)) dropped.add(finding);
  }
  return dropped.size === 0 ? found : found.filter((finding) => !dropped.has(finding));
}

/** The findings of a rule that another one may cover: all of the object, and those of each container. */
interface Blunt {
  readonly all: Found[];
  readonly byPlace: Map<Place, Found[]>;
}

function note(blunt: Map<string, Blunt>, finding: Found): void {
  let same = blunt.get(finding.rule.id);
  if (same === undefined) blunt.set(finding.rule.id, (same = { all: [], byPlace: new Map() }));
  same.all.push(finding);
  const there = same.byPlace.get(finding.place);
  if (there === undefined) same.byPlace.set(finding.place, [finding]);
  else there.push(finding);
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
    if ((covers === undefined && coversSameField === undefined) || this.#done.has(sharp)) return;
    this.#done.add(sharp);
    for (const id of covers ?? NO_RULES) {
      for (const other of candidates(sharp, this.#blunt.get(id))) this.#cover(sharp, other);
    }
    for (const id of coversSameField ?? NO_RULES) {
      for (const other of candidates(sharp, this.#blunt.get(id))) {
        if (sharp.evidence[0]?.path === other.evidence[0]?.path) this.#cover(sharp, other);
      }
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
    if (SEVERITIES.indexOf(blunt.severity) < SEVERITIES.indexOf(sharp.severity)) sharp.severity = blunt.severity;
  }
}

/** Of the same container; what is said of the whole object covers what is said of its containers too. */
function candidates(sharp: Found, blunt: Blunt | undefined): readonly Found[] {
  if (blunt === undefined) return NO_FINDINGS;
  return sharp.subject.container === undefined ? blunt.all : (blunt.byPlace.get(sharp.place) ?? NO_FINDINGS);
}

const NO_RULES: readonly string[] = [];
const NO_FINDINGS: readonly Found[] = [];

function isToldOfNamespace({ rule, status, subject }: Found, told: ReadonlySet<string>): boolean {
  return rule.coveredByNamespace !== undefined && told.has(`${status}/${rule.coveredByNamespace}/${subject.namespace}`);
}

/** Of two volumes each is a fact of its own; a hit without a key is about the subject as a whole. */
function sameKey(sharp: Found, blunt: Found): boolean {
  return sharp.key === blunt.key || sharp.key === undefined || blunt.key === undefined;
}
