/** One fact is one finding: what a sharper rule says too is dropped and told with it. */
import { type Finding, SEVERITIES } from './finding.ts';
import type { Found } from './found.ts';

/** A namespace without any policy is one finding, not one for each of its workloads. */
const COVERED_BY_NAMESPACE: Readonly<Record<string, string>> = { 'pod-without-netpol': 'ns-without-netpol' };

/** `found` are the findings of one object; `toldOfNamespaces` holds `status/rule/namespace` of what was said of namespaces before. */
export function mergeCovered(found: Found[], toldOfNamespaces: ReadonlySet<string>): Found[] {
  const failing = found.filter((finding) => finding.status === 'fail');
  const byRule = new Map<string, Found[]>();
  for (const finding of failing) {
    const same = byRule.get(finding.rule.id);
    if (same === undefined) byRule.set(finding.rule.id, [finding]);
    else same.push(finding);
  }
  const dropped = new Set<Found>();
  for (const sharp of failing) {
    const { covers = NO_RULES, coversSameField = NO_RULES } = sharp.rule;
    for (const id of covers) cover(sharp, byRule.get(id), dropped);
    for (const id of coversSameField) {
      cover(sharp, byRule.get(id)?.filter((blunt) => sharp.evidence[0]?.path === blunt.evidence[0]?.path), dropped);
    }
  }
  for (const finding of found) {
    if (finding.status !== 'fail' && finding.status !== 'unknown') continue;
    const coveredBy = COVERED_BY_NAMESPACE[finding.rule.id];
    if (coveredBy !== undefined && toldOfNamespaces.has(`${finding.status}/${coveredBy}/${finding.subject.namespace}`)) dropped.add(finding);
  }
  return dropped.size === 0 ? found : found.filter((finding) => !dropped.has(finding));
}

const NO_RULES: readonly string[] = [];

/**
 * A finding that is itself dropped still covers: what drops it takes its list over. A chain of three thus ends in
 * one finding whatever the order of the rules.
 */
function cover(sharp: Found, blunter: readonly Found[] | undefined, dropped: Set<Found>): void {
  for (const blunt of blunter ?? []) {
    if (!sameSubject(sharp, blunt) || !sameKey(sharp, blunt)) continue;
    dropped.add(blunt);
    sharp.also = [...new Set([...sharp.also, blunt.rule.id, ...blunt.also])];
    if (SEVERITIES.indexOf(blunt.severity) < SEVERITIES.indexOf(sharp.severity)) sharp.severity = blunt.severity;
  }
}

/** The same container, or one is about the container and the other about its pod as a whole. */
function sameSubject(sharp: Finding, blunt: Finding): boolean {
  return sharp.subject.container === blunt.subject.container || sharp.subject.container === undefined;
}

/** Of two volumes each is a fact of its own; a hit without a key is about the subject as a whole. */
function sameKey(sharp: Found, blunt: Found): boolean {
  return sharp.key === blunt.key || sharp.key === undefined || blunt.key === undefined;
}
