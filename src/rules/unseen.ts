/**
 * Controls of which no rule could say anything in this input: why, what would be needed, and what was looked at instead.
 * What only a person can decide comes with its instructions.
 */
import type { Cluster } from '../model/index.ts';
import type { NodeFacts, Origin } from '../snapshot/index.ts';
import { componentOf } from './component.ts';
import { distributionOf } from './distribution.ts';
import type { FindingSubject, Status } from './finding.ts';
import { Found, type Place, placeOf } from './found.ts';
import { anchorOfNode } from './judge-nodes.ts';
import type { Hit, Rule } from './rule.ts';

/** One finding for each control that has no status: a rule of it, and why that could not say anything. */
export function findingsOfUnanswered(unanswered: readonly (readonly Rule[])[], cluster: Cluster): Found[] {
  const unseen = new Unseen(cluster);
  const told = new Set<Rule>();
  return unanswered.flatMap((rules) => {
    const rule = speakerOf(rules);
    if (rule === undefined || told.has(rule)) return [];
    told.add(rule);
    const { status, message, needs } = unseen.reasonOf(rule);
    const hit: Hit = { message, path: '', value: undefined, status, key: 'unanswered', ...unseen.evidenceOf(needs) };
    return [new Found(rule, hit, unseen.placeOf(rule))];
  });
}

/** What there is to say of a control of which no rule said anything. */
export function statusOfUnanswered(cluster: Cluster): (rules: readonly Rule[]) => Status {
  const unseen = new Unseen(cluster);
  return (rules) => {
    const rule = speakerOf(rules);
    return rule === undefined ? 'not-applicable' : unseen.reasonOf(rule).status;
  };
}

function speakerOf(rules: readonly Rule[]): Rule | undefined {
  return rules.find(({ byPerson }) => byPerson === true) ?? rules.find(({ scope }) => scope === 'node') ?? rules[0];
}

const OF_CONTROL_PLANE: ReadonlySet<string | undefined> = new Set(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd']);
const EMBEDDED: ReadonlySet<string> = new Set(['k3s', 'microk8s', 'openshift']);
const MANAGED: Readonly<Record<string, string>> = { eks: 'AWS', aks: 'Azure', gke: 'Google Cloud' };

const DESCRIBED_BY: Readonly<Record<string, string>> = {
  eks: 'aws eks describe-cluster --name NAME',
  aks: 'az aks show --resource-group GROUP --name NAME',
  gke: 'gcloud container clusters describe NAME --format json',
};

interface Reason {
  status: NonNullable<Hit['status']>;
  message: string;
  /** The input that would tell. */
  needs?: 'nodes' | 'objects' | 'cloud';
}

class Unseen {
  readonly #cluster: Cluster;
  readonly #provider: string | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#provider = MANAGED[distributionOf(cluster) ?? ''];
  }

  reasonOf(rule: Rule): Reason {
    const { nodes, objects } = this.#cluster;
    if (rule.byPerson === true) return { status: 'manual', message: `only a person can say: ${rule.remedy.replace(/\.$/, '')}` };
    if (rule.scope === 'cloud') return this.#unknownOfCloud();
    if (rule.area !== 'control-plane' && rule.scope !== 'node') {
      if (objects.length > 0) return { status: 'not-applicable', message: 'nothing in the input is what this is about' };
      const message = 'no objects of the cluster were given: scan the cluster, a snapshot or manifests beside the facts of nodes';
      return { status: 'unknown', message, needs: 'objects' };
    }
    const component = rule.component ?? 'the component';
    if (this.#provider !== undefined && OF_CONTROL_PLANE.has(rule.component))
      return { status: 'not-applicable', message: `${this.#provider} runs the control plane and answers for ${component}` };
    if (nodes.length === 0)
      return {
        status: 'unknown',
        message: `nothing is known of ${component} on the nodes: run castellan node collect there and give its file by --node-facts`,
        needs: 'nodes',
      };
    if (rule.component === 'etcd' && nodes.every(keepsAnotherStore))
      return {
        status: 'not-applicable',
        message: `${nodes[0]?.distribution} keeps its state in another database than etcd`,
        needs: 'nodes',
      };
    // A network plug-in does its work; where it is a part of another program its name is not seen.
    if (rule.component === 'kube-proxy' && nodes.every(showsProxy))
      return { status: 'not-applicable', message: 'kube-proxy runs on none of the nodes whose facts were given', needs: 'nodes' };
    const message = `${component} was seen on none of the nodes whose facts were given${placesOf(rule, nodes.length)}`;
    return { status: 'unknown', message, needs: 'nodes' };
  }

  #unknownOfCloud(): Reason {
    const distribution = distributionOf(this.#cluster) ?? '';
    if (this.#cluster.clouds.length > 0)
      return { status: 'not-applicable', message: 'nothing in the description of the cluster is what this is about' };
    const command = DESCRIBED_BY[distribution] ?? 'the provider';
    return {
      status: 'unknown',
      message: `nothing is known of what was chosen at the provider: give what ${command} prints by --cloud FILE`,
      needs: 'cloud',
    };
  }

  /** What was looked at instead: what runs on each node, or that nothing of the kind was given. */
  evidenceOf(needs: Reason['needs']): Partial<Hit> {
    const { nodes } = this.#cluster;
    if (needs === undefined) return {};
    if (needs === 'objects') return { file: 'no objects' };
    if (needs === 'cloud') return { file: 'no description by the provider' };
    const [first, ...others] = nodes.slice(0, MOST_TOLD).map((node) => ({ file: node.node, path: 'processes', value: programsOf(node) }));
    return first === undefined ? { file: 'no facts of nodes' } : { ...first, ...(others.length > 0 && { also: others }) };
  }

  placeOf(rule: Rule): Place {
    const { objects, nodes } = this.#cluster;
    const anchor = objects[0] ?? anchorOfNode(nodes[0]?.node ?? 'cluster');
    const subject: FindingSubject = { apiVersion: '', kind: 'Cluster', namespace: '', name: '', component: componentOf(rule) };
    const place = placeOf(anchor, subject);
    return {
      ...place,
      root: undefined,
      locate: (object, path, file) => {
        const origin: Origin = file === undefined ? object.origin : { source: file, line: 1, format: 'json', prefix: [] };
        return { origin, path };
      },
    };
  }
}

const MOST_TOLD = 50;

function programsOf({ processes, running }: NodeFacts): string[] {
  return running ? [...new Set(processes.map(({ name }) => name))].toSorted() : ['none were seen: these are the facts of a disk'];
}

/** k3s by default and microk8s always; where k3s runs etcd, its data lies on the node. */
function keepsAnotherStore({ distribution, absent }: NodeFacts): boolean {
  return distribution === 'microk8s' || (distribution === 'k3s' && absent.includes('/var/lib/rancher/k3s/server/db/etcd'));
}

/** Whether kube-proxy would have been seen: who sees the kubelet sees all processes of the node. */
function showsProxy({ running, distribution, processes }: NodeFacts): boolean {
  return running && !EMBEDDED.has(distribution) && processes.some(({ name, inPod }) => name === 'kubelet' && inPod !== true);
}

function placesOf({ component }: Rule, nodes: number): string {
  if (component === 'kubelet' || component === 'kube-proxy') return ': run castellan node collect on a node that runs it, as root';
  if (!OF_CONTROL_PLANE.has(component)) return '';
  return nodes === 1
    ? ': run castellan node collect on the nodes of the control plane too'
    : ': where it runs apart from the nodes, run castellan node collect there';
}
