/**
 * `castellan net lint`: policies that the API server would refuse, what the API leaves undefined, and what the rules
 * about network policies find. The input is taken for the whole cluster.
 */
import { UNKNOWN_FIELD, lint, placeIn, readWorld } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { buildCluster, refOf } from '../model/index.ts';
import { type Finding, RULES, SEVERITIES, type Severity, isShown, judge } from '../rules/index.ts';
import { type Origin, type Snapshot, positionOf } from '../snapshot/index.ts';
import { lossesField, strictExit } from './net-gaps.ts';
import { type NetFlags, bodiesOf, netFormat, otherPlace, readNetSnapshot, writeTable } from './net-input.ts';

interface LintFinding {
  rule: string;
  /** `medium` for what the API server refuses, as it is not in force, or keeps only without a field that it does not know. */
  severity: Severity;
  /** Present where the rule could not decide. */
  status?: 'unknown';
  /** Of what the finding is: a policy, mostly. */
  policy: string;
  /** The rest stands where a rule or a peer is wrong; indexes from 1. */
  direction?: 'ingress' | 'egress';
  ruleIndex?: number;
  peerIndex?: number;
  /** Of a finding about what stands behind an Ingress. */
  workload?: string;
  message: string;
  path: string;
  source?: string;
  line?: number;
  column?: number;
}

export interface NetLintFlags extends NetFlags {
  strict?: boolean;
}

export async function runNetLint(paths: readonly string[], flags: NetLintFlags): Promise<number> {
  const format = netFormat('lint', flags, ['table', 'json']);
  const snapshot = await readNetSnapshot(paths, flags);
  const findings = lintFindings(snapshot);
  const lost = lossesField(snapshot);
  const exit = strictExit(flags, lost);
  if (format === 'json') {
    stdout.write(`${JSON.stringify({ schema: 'castellan/net-lint/v1', findings, ...lost })}\n`);
    stdout.end();
    return exit;
  }
  writeTable(
    ['RULE', 'SEVERITY', 'OBJECT', 'WHERE', 'WHAT'],
    findings.map(({ rule, severity, policy, message, path, source, line }) => [
      rule,
      severity,
      policy,
      source === undefined ? path : `${source}:${line ?? 1}`,
      message,
    ]),
  );
  return exit;
}

/** The worst first, and else in the order of the input. */
export function lintFindings(snapshot: Snapshot): LintFinding[] {
  const origins: Origin[] = [];
  const refused = lint(readWorld(bodiesOf(snapshot, origins))).map(
    ({ category, ref, path, message, object, other, ...problem }): LintFinding => ({
      rule: category,
      severity: problem.refused || category === UNKNOWN_FIELD ? 'medium' : 'low',
      policy: ref,
      ...placed(path),
      message: `${message}${otherPlace(other === undefined ? undefined : origins[other])}`,
      path,
      ...sourceOf(origins[object], path),
    }),
  );
  const { header } = snapshot;
  const whole = header.kind === 'manifests' ? { ...snapshot, header: { ...header, complete: true } } : snapshot;
  const found: LintFinding[] = [];
  const rules = RULES.filter(({ netLint }) => netLint === true);
  judge(buildCluster(whole), { rules }, (finding) => {
    if (isShown(finding.status)) found.push(findingOf(finding));
  });
  return [...refused, ...found].toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function findingOf({ rule, status, severity, object, subject, message, evidence: [own, more], key = '' }: Finding): LintFinding {
  // The cluster as a whole has no place of its own: what shows it does.
  const first = subject.kind === 'Cluster' && own?.path === '' ? (more ?? own) : own;
  const path = first?.path ?? '';
  return {
    rule: rule.id,
    severity,
    ...(status === 'unknown' && { status }),
    policy: subject.kind === 'Cluster' ? 'Cluster' : refOf(subject),
    ...placed(path),
    ...(/\[\w+\]$/.test(key) && { workload: key }),
    message,
    path,
    ...sourceOf(first?.origin ?? object.origin, path),
  };
}

function placed(path: string): Pick<LintFinding, 'direction' | 'ruleIndex' | 'peerIndex'> {
  const { direction, rule, peer } = placeIn(path);
  return {
    ...(direction !== undefined && { direction }),
    ...(rule !== undefined && { ruleIndex: rule }),
    ...(peer !== undefined && { peerIndex: peer }),
  };
}

function sourceOf(origin: Origin | undefined, path: string): Pick<LintFinding, 'source' | 'line' | 'column'> {
  if (origin === undefined) return {};
  const position = positionOf(origin, path);
  return { source: origin.source, line: position?.line ?? origin.line, ...(position !== undefined && { column: position.column }) };
}
