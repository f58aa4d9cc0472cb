import { SUPPORT_AS_OF, oldestSupported, supportOf } from '../../engines/versions/index.ts';
import { type ApiObject, minorOf } from '../../model/index.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';

export const rule = defineRule({
  id: 'k8s-version',
  title: 'Kubernetes release without support',
  severity: 'high',
  area: 'governance',
  rationale:
    'A minor release gets fixes for about fourteen months. After that, holes in the API server and the kubelet that are public and fixed elsewhere stay open here.',
  remedy:
    'Upgrade one minor at a time, the control plane before the nodes; look at deprecated-api first. Where a vendor gives longer support (Amazon EKS extended support, AKS LTS, GKE extended), except this rule with the end date of the contract.',
  controls: nsa('upgrading'),
  aliases: { kubescape: ['C-0273'], popeye: ['405', '406'], 'kyverno-policies': ['kubernetes-version-check'] },
  effort: 'high',
  scope: 'cluster',
  reads: ['kubernetes', 'Node'],
  check(_cluster, { kubernetes, Node }) {
    const hits: Hit[] = [];
    if (!kubernetes.assumed) {
      const text = verdictOn(kubernetes.minor);
      if (text !== undefined) hits.push({ message: `the API server is ${text}`, path: '', value: undefined, key: 'apiserver' });
    }
    for (const [minor, nodes] of byMinor(Node.all)) {
      const text = verdictOn(minor);
      if (text === undefined) continue;
      const count = nodes.length === 1 ? `the kubelet of node "${nodes[0]?.name}" is` : `the kubelets of ${nodes.length} nodes are`;
      const also = nodes.slice(0, 10).map((object) => ({ object, path: 'status.nodeInfo.kubeletVersion' }));
      hits.push({ message: `${count} ${text}`, path: '', value: undefined, key: `kubelet 1.${minor}`, also });
    }
    return hits;
  },
  examples: () => ({
    good: [
      '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: v1.36.1}}}',
      '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: v1.99.0}}}',
      '{apiVersion: v1, kind: Node, metadata: {name: a}}',
    ],
    bad: [
      { yaml: '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: v1.25.3-eks-0a21954}}}', path: '' },
      { yaml: '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: v1.10.0}}}', path: '' },
    ],
  }),
});

/** Judged for the day of the support table, so that the same input always gives the same answer. */
function verdictOn(minor: number): string | undefined {
  const support = supportOf(minor);
  if (support.state === 'supported') return undefined;
  const since = support.end === undefined ? 'long without support' : `without support since ${support.end}`;
  return `Kubernetes 1.${minor}, ${since} (as of ${SUPPORT_AS_OF} the oldest supported release is 1.${oldestSupported()})`;
}

function byMinor(nodes: readonly ApiObject<'Node'>[]): Map<number, ApiObject<'Node'>[]> {
  const groups = new Map<number, ApiObject<'Node'>[]>();
  for (const node of nodes) {
    const minor = minorOf(node.body.status?.nodeInfo?.kubeletVersion);
    if (minor === undefined) continue;
    const group = groups.get(minor);
    if (group === undefined) groups.set(minor, [node]);
    else group.push(node);
  }
  return groups;
}
