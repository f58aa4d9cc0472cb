import { type Instance, builtInData, inventoryOf, productOf, supportOf } from '../../engines/versions/index.ts';
import { withPod } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { fieldsOf, instancesText } from './version-words.ts';

const node = (info: string): string => `{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {${info}}}}`;
const runs = (image: string): string => withPod('').replace(/image: .*/, `image: ${image}`);

/** Of Kubernetes itself k8s-version tells, of ingress-nginx ingress-nginx-eol. */
const ELSEWHERE = new Set([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'kubectl',
  'ingress-nginx',
]);

export const rule = defineRule({
  id: 'component-eol',
  title: 'Runtime, system or add-on without support',
  severity: 'medium',
  area: 'governance',
  rationale:
    'What runs under and beside Kubernetes is as much part of its walls: a container runtime, an operating system, etcd or a network plug-in that gets no fixes any more keeps every hole that is found from now on.',
  remedy:
    'Move to a release that is maintained: a new node image for runtime and system, the next minor for etcd and add-ons. Where a vendor gives longer support, except this rule with the end date of the contract.',
  controls: nsa('upgrading'),
  effort: 'high',
  scope: 'cluster',
  reads: ['kubernetes', 'Node', 'workloads'],
  applies: (_cluster, tables) => inventoryOf(tables).some(isJudged),
  check(_cluster, tables) {
    const groups = new Map<string, Instance[]>();
    const silent = new Map<string, Instance[]>();
    const hits: Hit[] = [];
    for (const instance of inventoryOf(tables)) {
      if (!isJudged(instance)) continue;
      const { product, version } = productOf(instance) ?? {};
      if (product === undefined || version === undefined) {
        addTo(silent, instance.component, instance);
        continue;
      }
      addTo(groups, `${product} ${supportOf(product, version)?.cycle}`, instance);
    }
    for (const [key, instances] of groups) {
      const hit = hitOf(key, instances);
      if (hit !== undefined) hits.push(hit);
    }
    return [...hits, ...[...silent].map(([component, instances]) => unknownHit(component, instances))];
  },
  examples: () => ({
    good: [
      node('containerRuntimeVersion: containerd://2.3.1, osImage: Ubuntu 24.04.3 LTS'),
      // No table has it.
      node('containerRuntimeVersion: cri-o://1.34.1, osImage: Talos (v1.11.0)'),
      runs('registry.k8s.io/etcd:3.6.5-0'),
      runs('example.com/app:1.0'),
    ],
    bad: [
      { yaml: node('containerRuntimeVersion: containerd://1.6.20'), path: '', severity: 'medium' },
      { yaml: node('containerRuntimeVersion: containerd://Unknown'), path: '', status: 'unknown' },
      { yaml: node('osImage: Debian GNU/Linux 10 (buster)'), path: '', severity: 'medium' },
      { yaml: node('osImage: Debian GNU/Linux 11 (bullseye)'), path: '', severity: 'low' },
      { yaml: runs('registry.k8s.io/etcd:3.4.13-0'), path: '', severity: 'medium' },
      { yaml: runs('quay.io/cilium/cilium:v1.13.4'), path: '', severity: 'medium' },
    ],
  }),
});

function addTo(groups: Map<string, Instance[]>, key: string, instance: Instance): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [instance]);
  else group.push(instance);
}

function isJudged(instance: Instance): boolean {
  const { component, product } = instance;
  if (ELSEWHERE.has(component) || component === 'kernel') return false;
  const { products } = builtInData();
  if (component === 'os') return product !== undefined && Object.hasOwn(products, product);
  return Object.hasOwn(products, component === 'docker' ? 'docker-engine' : component);
}

function hitOf(key: string, instances: readonly Instance[]): Hit | undefined {
  const [first] = instances;
  const { product, version } = (first === undefined ? undefined : productOf(first)) ?? {};
  if (first === undefined || product === undefined || version === undefined) return undefined;
  const support = supportOf(product, version);
  if (support?.state !== 'ended' && support?.state !== 'extended') return undefined;
  const { end, extended } = support.release ?? {};
  const since = typeof end === 'string' ? `without support since ${end}` : 'long without support';
  const longer = support.state === 'extended' ? `; extended support, for those who have it, ends ${String(extended)}` : '';
  const { asOf } = builtInData();
  return {
    message: `${instancesText(first.component, instances)} is ${since}${longer} (as of ${asOf})`,
    path: '',
    value: undefined,
    key,
    also: fieldsOf(instances),
    ...(support.state === 'extended' && { severity: 'low' as const }),
  };
}

/** One for each component: whoever takes the newest of it does so everywhere. */
function unknownHit(component: string, instances: readonly Instance[]): Hit {
  const verb = instances.length === 1 ? 'tells' : 'tell';
  return {
    message: `${instancesText(component, instances)} ${verb} no version, so whether it still gets fixes is not known`,
    path: '',
    value: undefined,
    key: `${component} without a version`,
    status: 'unknown',
    severity: 'low',
    also: fieldsOf(instances),
  };
}
