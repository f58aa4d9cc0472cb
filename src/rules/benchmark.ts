/**
 * Benchmarks: frameworks of which every control gets a status. What no rule could look at in this input is told as such,
 * with what would be needed, and what only a person can decide comes with its instructions.
 */
import type { Cluster } from '../model/index.ts';
import { Found, type Place, placeOf } from './found.ts';
import { FRAMEWORKS, type Framework } from './frameworks.ts';
import { anchorOfNode } from './judge-nodes.ts';
import type { Hit, Rule } from './rule.ts';
import type { NodeFacts } from '../snapshot/index.ts';

export const BENCHMARKS: readonly Framework[] = FRAMEWORKS.filter(({ releases }) => releases !== undefined);

/** The newest that is for this minor of Kubernetes; of later ones the newest there is, of earlier ones the oldest. */
export function benchmarkFor(minor: number): Framework | undefined {
  const fitting = BENCHMARKS.findLast(({ releases }) => releases !== undefined && releases[0] <= minor && minor <= releases[1]);
  const newest = BENCHMARKS.at(-1);
  return fitting ?? (newest?.releases !== undefined && minor > newest.releases[1] ? newest : BENCHMARKS[0]);
}

/** One finding for each control that has no status: a rule of it, and why that could not say anything. */
export function findingsOfUnanswered(unanswered: readonly (readonly Rule[])[], cluster: Cluster): Found[] {
  const place = placeOfCluster(cluster);
  const told = new Set<Rule>();
  return unanswered.flatMap((rules) => {
    const rule = rules.find(({ byPerson }) => byPerson === true) ?? rules.find(({ scope }) => scope === 'node') ?? rules[0];
    if (rule === undefined || told.has(rule)) return [];
    told.add(rule);
    const { status, message } = reasonOf(rule, cluster);
    return [new Found(rule, { message, path: '', value: undefined, status, key: 'unanswered' }, place)];
  });
}

const OF_CONTROL_PLANE: ReadonlySet<string | undefined> = new Set(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd']);
const EMBEDDED: ReadonlySet<string> = new Set(['k3s', 'microk8s', 'openshift']);
const MANAGED: Readonly<Record<string, string>> = { eks: 'AWS', aks: 'Azure', gke: 'Google Cloud' };

function reasonOf(rule: Rule, { nodes, objects }: Cluster): { status: NonNullable<Hit['status']>; message: string } {
  if (rule.byPerson === true) return { status: 'manual', message: `only a person can say: ${rule.remedy.replace(/\.$/, '')}` };
  if (rule.area !== 'control-plane' && rule.scope !== 'node') {
    return objects.length === 0
      ? {
          status: 'unknown',
          message: 'no objects of the cluster were given: scan the cluster, a snapshot or manifests beside the facts of nodes',
        }
      : { status: 'not-applicable', message: 'nothing in the input is what this is about' };
  }
  const component = rule.component ?? 'the component';
  if (nodes.length === 0)
    return {
      status: 'unknown',
      message: `nothing is known of ${component} on the nodes: run castellan node collect there and give its file by --node-facts`,
    };
  const provider = nodes.map(({ distribution }) => MANAGED[distribution]).find((name) => name !== undefined);
  if (provider !== undefined && OF_CONTROL_PLANE.has(rule.component))
    return { status: 'not-applicable', message: `${provider} runs the control plane and answers for ${component}` };
  // A network plug-in does its work; where it is a part of another program its name is not seen.
  if (rule.component === 'kube-proxy' && nodes.every(showsProxy))
    return { status: 'not-applicable', message: 'kube-proxy runs on none of the nodes whose facts were given' };
  return { status: 'unknown', message: `${component} was seen on none of the nodes whose facts were given${placesOf(rule, nodes.length)}` };
}

/** Whether kube-proxy would have been seen: who sees the kubelet sees all processes of the node. */
function showsProxy({ running, distribution, processes }: NodeFacts): boolean {
  return running && !EMBEDDED.has(distribution) && processes.some(({ name, inPod }) => name === 'kubelet' && inPod !== true);
}

function placesOf({ component }: Rule, nodes: number): string {
  if (!OF_CONTROL_PLANE.has(component)) return '';
  return nodes === 1 ? ': collect those of the nodes of the control plane too' : ': where it runs apart from the nodes, collect them there';
}

function placeOfCluster({ objects, nodes }: Cluster): Place {
  const anchor = objects[0] ?? anchorOfNode(nodes[0]?.node ?? 'cluster');
  return { ...placeOf(anchor, { apiVersion: '', kind: 'Cluster', namespace: '', name: '' }), root: undefined };
}
