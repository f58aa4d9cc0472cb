/** Which controls of frameworks fail, and which of them a change settles. */
import { type Cluster, type KindEntry, KINDS } from '../model/index.ts';
import { type Finding, RULES, type Rule, judge, judgeNodes } from '../rules/index.ts';
import type { NodeFacts } from '../snapshot/index.ts';
import { changeOnNode } from './nodes/node-change.ts';

/** Ids of rules that fail somewhere, of those that ask for a control. */
export type FailingRules = ReadonlySet<string>;

const OF_CONTROLS = RULES.filter(({ controls }) => controls.length > 0);

export function failingRules(cluster: Cluster, rules: readonly Rule[] = OF_CONTROLS): FailingRules {
  const failing = new Set<string>();
  if (rules.length === 0) return failing;
  judge(cluster, { rules, everyRule: true, onlyWhether: true }, ({ rule, status }) => {
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

interface Changed {
  readonly before: Cluster;
  readonly after: Cluster;
}

/** The same of a changed cluster: only rules that look at one of the kinds are asked again. */
export function failingAfter(changed: Changed, failing: FailingRules, kinds: ReadonlySet<string>): FailingRules {
  const concerned = OF_CONTROLS.filter((rule) => looksAt(rule, kinds));
  const ids = new Set(concerned.map(({ id }) => id));
  // What looks at each object by itself and failed on none can only fail on one that is another one now.
  const isForFew = (rule: Rule): boolean => !failing.has(rule.id) && rule.scope === 'object' && !readsAny(rule, kinds);
  return new Set([
    ...[...failing].filter((id) => !ids.has(id)),
    ...failingRules(onlyNew(changed), concerned.filter(isForFew)),
    ...failingRules(
      changed.after,
      concerned.filter((rule) => !isForFew(rule)),
    ),
  ]);
}

function onlyNew({ before, after }: Changed): Cluster {
  const old = new Set(before.objects);
  return { ...after, objects: after.objects.filter((object) => !old.has(object)), workloads: [] };
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
function looksAt(rule: Rule, kinds: ReadonlySet<string>): boolean {
  const { scope, kinds: own } = rule;
  if (own.includes('*') || own.some((kind) => kinds.has(kind)) || readsAny(rule, kinds)) return true;
  const isOfPods = scope === 'container' || scope === 'workload' || scope === 'namespace';
  if (isOfPods && touches(kinds, PODS)) return true;
  return scope === 'namespace' && kinds.has('Namespace');
}

function readsAny({ reads }: Rule, kinds: ReadonlySet<string>): boolean {
  if (reads.includes('objects') || reads.some((name) => kinds.has(name))) return true;
  if (reads.includes('access') && touches(kinds, RIGHTS)) return true;
  if (reads.includes('workloads') && touches(kinds, PODS)) return true;
  return reads.includes('namespaces') && (kinds.has('Namespace') || touches(kinds, PODS));
}

function touches(kinds: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  return [...kinds].some((kind) => wanted.has(kind));
}
