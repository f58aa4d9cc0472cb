import {
  type Instance,
  type Platform,
  builtInData,
  inventoryOf,
  isTold,
  oldestSupported,
  parseVersion,
  platformOf,
  productOf,
  supportOf,
} from '../../engines/versions/index.ts';
import { Workloads } from '../../model/index.ts';
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
  check(_cluster, tables) {
    const hits: Hit[] = [];
    const all = inventoryOf({ ...tables, workloads: NO_WORKLOADS });
    const platform = platformOf(all);
    const { kubernetes, Node } = tables;
    if (!kubernetes.assumed) {
      const server = { ...SERVER, version: parseVersion(kubernetes.server ?? `1.${kubernetes.minor}`) };
      const verdict = verdictOn(server, platform);
      if (verdict !== undefined)
        hits.push({ message: `the API server is ${verdict.text}`, path: '', value: undefined, key: 'apiserver', ...verdict.more });
    }
    for (const [minor, kubelets] of byMinor(all)) {
      const [first] = kubelets;
      const verdict = first === undefined ? undefined : verdictOn(first, platform);
      if (verdict === undefined) continue;
      const count = kubelets.length === 1 ? `the kubelet of node "${first?.node}" is` : `the kubelets of ${kubelets.length} nodes are`;
      const also = kubelets.slice(0, 10).map(({ object, path }) => (object === undefined ? { path } : { object, path }));
      hits.push({ message: `${count} ${verdict.text}`, path: '', value: undefined, key: `kubelet 1.${minor}`, also, ...verdict.more });
    }
    const silent = Node.all.filter(({ body }) => {
      const { kubeletVersion } = body.status?.nodeInfo ?? {};
      return isTold(kubeletVersion) && parseVersion(kubeletVersion) === undefined;
    });
    if (silent.length > 0) {
      const also = silent.slice(0, 10).map((object) => ({ object, path: 'status.nodeInfo.kubeletVersion' }));
      const message = `the kubelet of node "${silent[0]?.name}"${silent.length > 1 ? ` and of ${silent.length - 1} more` : ''} tells no version`;
      hits.push({ message, path: '', value: undefined, key: 'kubelet without a version', status: 'unknown', also });
    }
    return hits;
  },
  examples: () => ({
    good: [
      '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: v1.36.1}}}',
      '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: v1.99.0}}}',
      '{apiVersion: v1, kind: Node, metadata: {name: a}}',
      // What the server makes of it: nobody has reported yet.
      '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: ""}}}',
    ],
    bad: [
      { yaml: '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: v1.25.3-eks-0a21954}}}', path: '' },
      { yaml: '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: v1.10.0}}}', path: '' },
      {
        yaml: '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: v1.33.4-eks-3cfe0ce}}}',
        path: '',
        severity: 'low',
      },
      {
        yaml: '{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {kubeletVersion: devel}}}',
        path: '',
        status: 'unknown',
      },
    ],
  }),
});

/** What kubelets and the API server say is enough here. */
const NO_WORKLOADS = new Workloads([]);
const SERVER: Instance = { component: 'kube-apiserver', version: undefined, text: '', object: undefined, path: '/version' };

interface Verdict {
  text: string;
  more: Pick<Hit, 'severity'>;
}

/** By the vendor's own dates where there is one. Judged for the day of the table, so that the same input always gives the same answer. */
function verdictOn(instance: Instance, platform: Platform | undefined): Verdict | undefined {
  const { product, version } = productOf(instance, platform) ?? {};
  if (product === undefined || version === undefined || instance.version === undefined) return undefined;
  const support = supportOf(product, version);
  if (support?.state !== 'ended' && support?.state !== 'extended') return undefined;
  const { title } = builtInData().products[product] ?? { title: product };
  const name = product === 'kubernetes' ? `Kubernetes 1.${instance.version.minor}` : `Kubernetes 1.${instance.version.minor} on ${title}`;
  const { end, extended } = support.release ?? {};
  const since = typeof end === 'string' ? `without support since ${end}` : 'long without support';
  const asOf = `(as of ${builtInData().asOf} the oldest supported release is 1.${oldestSupported()})`;
  if (support.state === 'ended') return { text: `${name}, ${since} ${asOf}`, more: {} };
  return {
    text: `${name}, ${since} but for extended support, which is paid for and ends ${String(extended)} ${asOf}`,
    more: { severity: 'low' },
  };
}

function byMinor(all: readonly Instance[]): Map<number, Instance[]> {
  const groups = new Map<number, Instance[]>();
  for (const instance of all) {
    if (instance.component !== 'kubelet' || instance.version === undefined) continue;
    const group = groups.get(instance.version.minor);
    if (group === undefined) groups.set(instance.version.minor, [instance]);
    else group.push(instance);
  }
  return groups;
}
