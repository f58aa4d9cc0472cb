/** Objects, nodes and ports in one run: what a node shows of a component comes before what the cluster says of its pod. */
import type { ApiObject, Cluster } from '../model/index.ts';
import type { Finding, Status } from './finding.ts';
import { type JudgeOptions, type Judgement, isShown, judge } from './judge.ts';
import { judgeEndpoints } from './judge-endpoints.ts';
import { type NodeJudgement, judgeNodes } from './judge-nodes.ts';

export interface WholeJudgement extends Judgement {
  /** Of every rule that looked at a node or a port what it said there, also where it passed or had nothing to look at. */
  onNodes: ReadonlyMap<string, ReadonlySet<Status>>;
}

export function judgeAll(cluster: Cluster, options: JudgeOptions, sink: (finding: Finding) => void): WholeJudgement {
  const atPorts = judgeEndpoints(cluster, options);
  if (cluster.nodes.length === 0) {
    const judged = judge(cluster, options, sink);
    const onNodes = told(atPorts.found, { options, sink, onNodes: new Map() });
    return { ...judged, gaps: [...judged.gaps, ...atPorts.gaps], onNodes };
  }
  const version = cluster.tables.kubernetes.assumed ? undefined : `1.${cluster.tables.kubernetes.minor}`;
  const nodes = judgeNodes(cluster.nodes, options, version);
  const running = new Set(nodes.flatMap(componentsOf));
  const { gaps, evaluated } = judge(cluster, options, (finding) => {
    if (finding.rule.area !== 'control-plane' || !running.has(placeOfPod(finding.object))) sink(finding);
  });
  const onNodes = new Map<string, Set<Status>>();
  for (const { found } of [...nodes, atPorts]) told(found, { options, sink, onNodes });
  return { gaps: [...gaps, ...nodes.flatMap((node) => node.gaps), ...atPorts.gaps], evaluated, onNodes };
}

interface Told {
  options: JudgeOptions;
  sink: (finding: Finding) => void;
  onNodes: Map<string, Set<Status>>;
}

function told(found: readonly Finding[], { options, sink, onNodes }: Told): Told['onNodes'] {
  for (const finding of found) {
    const said = onNodes.get(finding.rule.id);
    if (said === undefined) onNodes.set(finding.rule.id, new Set([finding.status]));
    else said.add(finding.status);
    if (options.all === true || isShown(finding.status)) sink(finding);
  }
  return onNodes;
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
