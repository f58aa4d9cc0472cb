/** Objects, nodes and ports in one run: what a node shows of a component comes before what the cluster says of its pod. */
import type { ApiObject, Cluster } from '../model/index.ts';
import type { Finding, Status } from './finding.ts';
import { type JudgeOptions, type Judgement, isShown, judge } from './judge.ts';
import { judgeCloud } from './judge-clouds.ts';
import { judgeEndpoints } from './judge-endpoints.ts';
import { type NodeJudgement, judgeNodes } from './judge-nodes.ts';
import { judgeUse } from './judge-use.ts';
import type { Rule } from './rule.ts';

export interface WholeJudgement extends Omit<Judgement, 'passes'> {
  /** What rules said and no finding tells: with `all` that is nothing. */
  untold: readonly Untold[];
}

export interface Untold {
  rule: Rule;
  status: Status;
  count: number;
}

export function judgeAll(cluster: Cluster, given: JudgeOptions, sink: (finding: Finding) => void): WholeJudgement {
  const use = judgeUse(cluster, given);
  // What was done counts more than what a setting says.
  const settings = without(given, use.answered);
  const version = cluster.tables.kubernetes.assumed ? undefined : `1.${cluster.tables.kubernetes.minor}`;
  const nodes = judgeNodes(cluster, settings, version);
  const options = without(settings, answeredOn(nodes));
  const running = new Set(nodes.flatMap(componentsOf));
  const leaveOut = (rule: Rule, object: ApiObject): boolean => rule.area === 'control-plane' && running.has(placeOfPod(object));
  const { gaps, evaluated, passes } = judge(cluster, { ...options, ...(running.size > 0 && { leaveOut }) }, sink);
  const untold = [...passes].map(([rule, count]): Untold => ({ rule, status: 'pass', count }));
  const beside = [...nodes, ...cluster.clouds.map((cloud) => judgeCloud(cloud, options)), judgeEndpoints(cluster, options), use];
  for (const finding of beside.flatMap(({ found }) => found)) {
    const { rule, status } = finding;
    if (options.all === true || isShown(status) || status === 'excepted') sink(finding);
    else untold.push({ rule, status, count: 1 });
  }
  return { gaps: [...gaps, ...beside.flatMap((each) => each.gaps)], evaluated, untold };
}

function without(options: JudgeOptions, answered: ReadonlySet<string>): JudgeOptions {
  return answered.size === 0 ? options : { ...options, rules: options.rules.filter(({ id }) => !answered.has(id)) };
}

/** Rules about the whole cluster whose question a node answers, as far as that can be seen. */
function answeredOn(nodes: readonly NodeJudgement[]): ReadonlySet<string> {
  const found = nodes.flatMap((node) => node.found).filter(({ status }) => status === 'pass' || status === 'manual');
  return new Set(found.flatMap(({ rule }) => (rule.scope === 'node' ? (rule.answersFor ?? []) : [])));
}

/** `node1/kube-apiserver` of what was seen running. */
function componentsOf({ view }: NodeJudgement): string[] {
  return view.components.filter(({ from }) => from === 'process').map(({ name }) => `${view.facts.node}/${name}`);
}

/** The same of the pod that stands for a static one, whose name is that of the component and of the node. */
function placeOfPod({ known, namespace, name, body }: ApiObject): string {
  if (known !== 'Pod' || namespace !== 'kube-system') return '';
  const { nodeName = '' } = (body as ApiObject<'Pod'>['body']).spec ?? {};
  return nodeName === '' || !name.endsWith(`-${nodeName}`) ? '' : `${nodeName}/${name.slice(0, -nodeName.length - 1)}`;
}
