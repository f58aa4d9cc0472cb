/**
 * What rules say to write, where that takes no choice: the edits of all findings of one rule are one change, as a control
 * passes only when nothing fails it any more.
 */
import { type Finding, type Patch, RULES, judge } from '../../rules/index.ts';
import { plural } from '../../lib/terminal.ts';
import { ownerOf } from '../ownership.ts';
import type { State } from '../state.ts';
import { type Offer, candidateOf, isSettled, offerOf, placeOf } from './candidate.ts';

/** A change of so many objects is no small one any more. */
const MOST_OBJECTS = 20;
const WORTH_OF_CONTROL = 1;
/** Of a rule that goes on failing somewhere. */
const PARTLY = 0.2;
const WORTH_OF_SEVERITY = { critical: 3, high: 2, medium: 1, low: 0.3, info: 0.1 } as const;

export function ruleCandidates({ cluster, failing }: State): Offer[] {
  const found = new Map<string, { findings: Finding[]; others: number }>();
  const rules = RULES.filter(({ id, controls }) => controls.length > 0 && failing.has(id));
  judge(cluster, { rules }, (finding) => {
    if (finding.status !== 'fail') return;
    const { id } = finding.rule;
    const entry = found.get(id) ?? { findings: [], others: 0 };
    found.set(id, entry);
    const { change } = finding;
    if (change === undefined || isSettled(finding.object) || ownerOf(finding.object).restored) entry.others += 1;
    else entry.findings.push(finding);
  });
  return [...found.values()].flatMap(({ findings, others }) => {
    const objects = [...new Set(findings.map(({ object }) => object))];
    const [first] = findings;
    const [object] = objects;
    if (first === undefined || object === undefined || objects.length > MOST_OBJECTS) return [];
    const patches = findings.flatMap(({ change }) => change?.patches ?? []);
    const where = objects.length === 1 ? `${object.kind} ${placeOf(object)}` : plural(objects.length, 'object');
    const title = `${editText(patches)} in ${where}`;
    const { controls, severity, effort = 'medium' } = first.rule;
    const settled = others === 0 ? 1 : PARTLY;
    const worth = settled * WORTH_OF_CONTROL * controls.length * WORTH_OF_SEVERITY[severity];
    return [offerOf(candidateOf(objects, patches, { title, order: 7, effort }), worth)];
  });
}

/** `set privileged to false`, `remove hostPID`. */
function editText(patches: readonly Patch[]): string {
  const edits = patches.flatMap(({ patch }) =>
    patch.flatMap(({ op, path, value }) => {
      const [field, inner] = innermost(path.split('/').at(-1) ?? '', value);
      if (op === 'test') return [];
      return [op === 'remove' ? `remove ${field}` : `set ${field} to ${typeof inner === 'string' ? inner : JSON.stringify(inner)}`];
    }),
  );
  const distinct = [...new Set(edits)];
  return distinct.length > 2 ? `${distinct.slice(0, 2).join(', ')} and more` : distinct.join(', ');
}

/** Parents that a patch makes only lead to what is meant. */
function innermost(field: string, value: unknown): [field: string, value: unknown] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [field, value];
  const [entry, more] = Object.entries(value);
  return entry === undefined || more !== undefined ? [field, value] : innermost(entry[0], entry[1]);
}
