/** Which controls of frameworks fail, and which of them a change settles. */
import { type Cluster, type KindEntry, KINDS } from '../model/index.ts';
import { type Finding, RULES, type Rule, judge, judgeNodes } from '../rules/index.ts';
import type { NodeFacts } from '../snapshot/index.ts';
import { changeOnNode } from './nodes/node-change.ts';

/** Ids of rules that fail somewhere. */
export type FailingRules = ReadonlySet<string>;

export function failingRules(cluster: Cluster, rules: readonly Rule[] = RULES): FailingRules {
  const failing = new Set<string>();
  judge(cluster, { rules, everyRule: true, withoutLeads: true }, ({ rule, status }) => {
    if (status === 'fail') failing.add(rule.id);
  });
  return failing;
}

/** What fails on nodes, with the changes that settle it. */
export function failingOnNodes(nodes: readonly NodeFacts[], kubernetesVersion: string | undefined): Finding[] {
  if (nodes.length === 0) return [];
  const judged = judgeNodes({ nodes }, { rules: RULES, everyRule: true, nodeChange: changeOnNode }, kubernetesVersion);
  return judged.flatMap(({ found }) => found.filter(({ status }) => status === 'fail'));
}

/** The same of a changed cluster: only rules that look at one of the kinds are asked again. */
export function failingAfter(cluster: Cluster, before: FailingRules, kinds: ReadonlySet<string>): FailingRules {
  const concerned = RULES.filter((rule) => looksAt(rule, kinds));
  const ids = new Set(concerned.map(({ id }) => id));
  return new Set([...[...before].filter((id) => !ids.has(id)), ...failingRules(cluster, concerned)]);
}

/** Controls of which some rule failed and now none does, as `cis-1.12/5.2.2`. */
export function settledControls(before: FailingRules, after: FailingRules): string[] {
  const left = controlsOf(after);
  return [...controlsOf(before)].filter((control) => !left.has(control)).toSorted();
}

function controlsOf(failing: FailingRules): Set<string> {
  return new Set(RULES.flatMap(({ id, controls }) => (failing.has(id) ? controls.map((one) => `${one.framework}/${one.id}`) : [])));
}

const PODS: ReadonlySet<string> = new Set(
  Object.entries(KINDS as Record<string, KindEntry>).flatMap(([kind, { pod }]) => (pod === undefined ? [] : [kind])),
);
const RIGHTS = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);

/** What a rule is called with and what it may read stands in its header. */
function looksAt({ scope, kinds: own, reads }: Rule, kinds: ReadonlySet<string>): boolean {
  const touches = (wanted: ReadonlySet<string>): boolean => [...kinds].some((kind) => wanted.has(kind));
  if (reads.includes('objects') || own.includes('*')) return true;
  if ([...own, ...reads].some((name) => kinds.has(name))) return true;
  if (reads.includes('access') && touches(RIGHTS)) return true;
  const isOfPods = scope === 'container' || scope === 'workload' || scope === 'namespace' || reads.includes('workloads');
  if (isOfPods && touches(PODS)) return true;
  return (scope === 'namespace' || reads.includes('namespaces')) && (kinds.has('Namespace') || touches(PODS));
}
