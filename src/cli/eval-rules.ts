/** `eval rules`: {objects, options?} → {findings}, every rule's own verdict without merging. */
import { unpack } from '../collect/manifests/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { buildCluster, isRecord } from '../model/index.ts';
import { type Finding, RULES, judge } from '../rules/index.ts';
import type { Snapshot } from '../snapshot/index.ts';

export function evalRules(input: Record<string, unknown>): Record<string, unknown> {
  const { objects, options } = input;
  if (!Array.isArray(objects)) throw new CastellanError('CAS_BAD_CASE', '"objects" is not a list');
  const snapshot: Snapshot = {
    header: { kind: 'manifests', complete: false },
    objects: objectsOf(objects as unknown[]).map((object) => ({
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

/** The objects of a case, those in Lists among them. What is none is an error: a verdict on the others would look like one on all. */
function objectsOf(objects: readonly unknown[]): Record<string, unknown>[] {
  return unpack(objects).flatMap(({ item, prefix, list }) => {
    const [index, ...inside] = prefix;
    // As in a file: an item that is null is no item.
    if (item === null && list !== undefined) return [];
    const place = [`objects[${index}]`, ...inside].join('.');
    if (!isRecord(item)) throw new CastellanError('CAS_BAD_CASE', `${place} is no object`);
    if (typeof item.kind !== 'string' || item.kind === '') throw new CastellanError('CAS_BAD_CASE', `${place} has no kind`);
    return [item];
  });
}

function lean(finding: Finding): unknown {
  const { rule, status, severity, subject, message, evidence } = finding;
  return { rule: rule.id, status, severity, subject, message, evidence: evidence.map(({ path, value }) => ({ path, value })) };
}
