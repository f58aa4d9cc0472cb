/** What settles controls on nodes: all findings of one rule on all nodes are one change. */
import { shortHash } from '../../lib/hash.ts';
import { plural } from '../../lib/terminal.ts';
import type { Finding } from '../../rules/index.ts';
import { operationWords } from '../nodes/prove-nodes.ts';
import type { State } from '../state.ts';
import type { Candidate, Offer } from './candidate.ts';

const WORTH_OF_SEVERITY = { critical: 3, high: 2, medium: 1, low: 0.3, info: 0.1 } as const;
const EFFORTS = ['low', 'medium', 'high'] as const;

export function nodeCandidates(state: State): Offer[] {
  const rules = new Set(state.onNodes.map(({ rule }) => rule));
  return [...rules].flatMap((rule): Offer[] => {
    const candidate = nodeCandidate(state, rule.id);
    const worst = rule.controls.length * WORTH_OF_SEVERITY[rule.severity];
    return candidate === undefined ? [] : [{ worth: worst, effort: candidate.change.effort, make: () => candidate }];
  });
}

/** On the nodes as they are in that state: what other changes edited before is edited further. */
export function nodeCandidate(state: State, id: string): Candidate | undefined {
  const findings = state.onNodes.filter(({ rule }) => rule.id === id);
  const made = findings.flatMap(({ change }) => change ?? []);
  // As long as it fails somewhere the control does.
  if (made.length === 0) return undefined;
  const byNode = new Map(made.flatMap(({ patches }) => patches).map((patch) => [`${patch.target} ${patch.node?.component ?? ''}`, patch]));
  const patches = [...byNode.values()];
  const [first] = patches;
  if (first?.node === undefined) return undefined;
  return {
    id: shortHash(`${id} ${patches.map(({ target }) => target).join(' ')}`),
    title: `${operationWords(first.node.operations)} ${whereOf(findings, patches.length)}`,
    change: { patches, effort: EFFORTS.findLast((effort) => made.some((one) => one.effort === effort)) ?? 'low' },
    owner: { kind: 'you', name: '', restored: false, where: '', because: undefined },
    order: 8,
    edges: [],
    nodeRule: id,
  };
}

function whereOf(findings: readonly Finding[], count: number): string {
  const [first] = findings;
  const { component, name } = first?.subject ?? { component: undefined, name: '' };
  const nodes = new Set(findings.map(({ subject }) => subject.name));
  const where = nodes.size === 1 ? name : plural(nodes.size, 'node');
  return component === undefined || count === 0 ? `on ${where}` : `for ${component} on ${where}`;
}
