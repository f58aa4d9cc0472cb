/** `eval rules`: {objects?, node?, probe?, options?} → {findings}, every rule's own verdict without merging. */
import { buildCluster, isRecord } from '../model/index.ts';
import { type Finding, RULES, judgeAll } from '../rules/index.ts';
import { type Snapshot, nodeFactsOf, probeFactsOf } from '../snapshot/index.ts';
import { objectsOfCase } from './case-objects.ts';

export function evalRules(input: Record<string, unknown>): Record<string, unknown> {
  const { objects, node, probe, options } = input;
  const isAlone = node === undefined && probe === undefined;
  const snapshot: Snapshot = {
    header: { kind: 'manifests', complete: false },
    objects: objectsOfCase(isAlone ? objects : (objects ?? [])).map((object) => ({
      object,
      origin: { source: '', line: 1, format: 'json', prefix: [] },
    })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
    ...(node !== undefined && node !== null && { nodes: [nodeFactsOf(node, 'node')] }),
    ...(probe !== undefined && probe !== null && { probe: probeFactsOf(probe, 'probe') }),
  };
  const findings: unknown[] = [];
  const ruleOptions = isRecord(options) ? options : {};
  judgeAll(buildCluster(snapshot), { rules: RULES, everyRule: true, ruleOptions }, (finding) => findings.push(lean(finding)));
  return { findings };
}

function lean(finding: Finding): unknown {
  const { rule, status, severity, subject, message, evidence } = finding;
  return { rule: rule.id, status, severity, subject, message, evidence: evidence.map(({ path, value }) => ({ path, value })) };
}
