/** `eval rules`: {objects, options?} → {findings}, every rule's own verdict without merging. */
import { CastellanError } from '../lib/errors.ts';
import { buildCluster, isRecord } from '../model/index.ts';
import { type Finding, RULES, judge } from '../rules/index.ts';
import type { Snapshot } from '../snapshot/index.ts';

export function evalRules(input: Record<string, unknown>): Record<string, unknown> {
  const { objects, options } = input;
  if (!Array.isArray(objects)) throw new CastellanError('CAS_BAD_CASE', '"objects" is not a list');
  const snapshot: Snapshot = {
    header: { kind: 'manifests', complete: false },
    objects: (objects as unknown[])
      .filter(isRecord)
      .flatMap(unpacked)
      .map((object) => ({
        object,
        origin: { source: '', line: 1, format: 'json', prefix: [] },
      })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
  };
  const findings: unknown[] = [];
  const ruleOptions = isRecord(options) ? options : {};
  judge(buildCluster(snapshot), { rules: RULES, everyRule: true, ruleOptions }, (finding) => findings.push(lean(finding)));
  return { findings };
}

/** The items of a List, which may stand where an object does. */
function unpacked(object: Record<string, unknown>): Record<string, unknown>[] {
  return typeof object.kind === 'string' && object.kind.endsWith('List') && Array.isArray(object.items)
    ? object.items.filter(isRecord)
    : [object];
}

function lean(finding: Finding): unknown {
  const { rule, status, severity, subject, message, evidence } = finding;
  return { rule: rule.id, status, severity, subject, message, evidence: evidence.map(({ path, value }) => ({ path, value })) };
}
