/** One fact is one finding: what a sharper rule says too is dropped and told with it. */
import { type Finding, SEVERITIES } from './finding.ts';
import type { Found } from './found.ts';
import type { Rule } from './rule.ts';

/** A namespace without any policy is one finding, not one for each of its workloads. */
const COVERED_BY_NAMESPACE: Readonly<Record<string, string>> = { 'pod-without-netpol': 'ns-without-netpol' };

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
  const blunt = new Map<string, Found[]>();
  for (const finding of found) {
    if (finding.status !== 'fail' || !coverable.has(finding.rule.id)) continue;
    const same = blunt.get(finding.rule.id);
    if (same === undefined) blunt.set(finding.rule.id, [finding]);
    else same.push(finding);
  }
  const dropped = new Set<Found>();
  const merging: Merging = { blunt, dropped, done: new Set() };
  if (blunt.size > 0) for (const sharp of found) if (sharp.status === 'fail') coverAll(sharp, merging);
  if (toldOfNamespaces.size > 0) {
    for (const finding of found) if (isToldOfNamespace(finding, toldOfNamespaces)) dropped.add(finding);
  }
  return dropped.size === 0 ? found : found.filter((finding) => !dropped.has(finding));
}

interface Merging {
  /** Findings of rules that others cover, by rule. */
  readonly blunt: ReadonlyMap<string, readonly Found[]>;
  readonly dropped: Set<Found>;
  /** Findings that have taken what they cover. */
  readonly done: Set<Found>;
}

function coverAll(sharp: Found, merging: Merging): void {
  const { covers, coversSameField } = sharp.rule;
  if ((covers === undefined && coversSameField === undefined) || merging.done.has(sharp)) return;
  merging.done.add(sharp);
  for (const id of covers ?? NO_RULES) {
    for (const other of merging.blunt.get(id) ?? NO_FINDINGS) cover(sharp, other, merging);
  }
  for (const id of coversSameField ?? NO_RULES) {
    for (const other of merging.blunt.get(id) ?? NO_FINDINGS) {
      if (sharp.evidence[0]?.path === other.evidence[0]?.path) cover(sharp, other, merging);
    }
  }
}

const NO_RULES: readonly string[] = [];
const NO_FINDINGS: readonly Found[] = [];

/**
 * A finding that is itself dropped still covers, and does so first: what drops it takes its list over. A chain of
 * three thus ends in one finding whatever the order of the rules.
 */
function cover(sharp: Found, blunt: Found, merging: Merging): void {
  if (!sameSubject(sharp, blunt) || !sameKey(sharp, blunt)) return;
  coverAll(blunt, merging);
  merging.dropped.add(blunt);
  sharp.alsoTell(blunt);
  if (SEVERITIES.indexOf(blunt.severity) < SEVERITIES.indexOf(sharp.severity)) sharp.severity = blunt.severity;
}

function isToldOfNamespace(finding: Found, told: ReadonlySet<string>): boolean {
  const coveredBy = COVERED_BY_NAMESPACE[finding.rule.id];
  return coveredBy !== undefined && told.has(`${finding.status}/${coveredBy}/${finding.subject.namespace}`);
}

/** The same container, or one is about the container and the other about its pod as a whole. */
function sameSubject(sharp: Finding, blunt: Finding): boolean {
  return sharp.subject.container === blunt.subject.container || sharp.subject.container === undefined;
}

/** Of two volumes each is a fact of its own; a hit without a key is about the subject as a whole. */
function sameKey(sharp: Found, blunt: Found): boolean {
  return sharp.key === blunt.key || sharp.key === undefined || blunt.key === undefined;
}
