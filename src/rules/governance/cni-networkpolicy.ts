import type { Workload } from '../../model/index.ts';
import { cis, defineRule, nsa } from '../rule.ts';

/** Images of network plugins: those that carry out NetworkPolicy by themselves, and those that only connect pods. */
const ENFORCING =
  /(?:^|\/)(?:calico\/node|(?:mirrored-)?calico-node|cilium|weave-npc|antrea-agent(?:-ubuntu)?|kube-router|ovn-kube(?:-u|-f)?|kube-ovn|aws-network-policy-agent|azure-npm|kube-network-policies|kindnetd)(?=[:@]|$)/;
const ONLY_CONNECTING = /(?:^|\/)(?:flannel|mirrored-flannel-flannel|amazon-k8s-cni|bridge-cni)(?=[:@]|$)/;

export const rule = defineRule({
  id: 'cni-networkpolicy',
  title: 'Network plugin may not enforce NetworkPolicy',
  severity: 'high',
  area: 'governance',
  rationale:
    'The API server takes NetworkPolicies whether anything enforces them or not: without a plugin that does, every pod reaches every other in spite of them.',
  remedy:
    'Run a network plugin that enforces policies, such as Calico or Cilium, or add its policy part to the one that is there. Test with a policy that denies.',
  controls: [...cis('5.3.1'), ...nsa('network-policies')],
  aliases: { kubescape: ['C-0205'] },
  effort: 'high',
  scope: 'cluster',
  reads: ['completeness', 'workloads'],
  applies: (_cluster, tables) =>
    tables.completeness.complete || tables.workloads.all.some((workload) => runs(workload, ONLY_CONNECTING) !== undefined),
  check(_cluster, { completeness, workloads }) {
    const { all } = workloads;
    if (all.some((workload) => runs(workload, ENFORCING) !== undefined)) return undefined;
    const plain = all.find((workload) => runs(workload, ONLY_CONNECTING) !== undefined);
    if (plain === undefined) {
      return { message: 'no network plugin is known that would enforce NetworkPolicies', path: '', value: undefined, status: 'unknown' };
    }
    const also = [{ object: plain.object, path: runs(plain, ONLY_CONNECTING) ?? '' }];
    if (completeness.complete)
      return { message: `the network plugin "${plain.name}" does not enforce NetworkPolicies`, path: '', value: undefined, also };
    return {
      message: `the network plugin "${plain.name}" does not enforce NetworkPolicies; another one may`,
      path: '',
      value: undefined,
      status: 'unknown',
      also,
    };
  },
  examples: () => ({
    good: [plugin('quay.io/cilium/cilium:v1.18.0'), plugin('quay.io/calico/node:v3.30.0'), plugin('registry.example.com/shop/web:1.0')],
    bad: [{ yaml: plugin('ghcr.io/flannel-io/flannel:v0.27.0'), path: '', status: 'unknown' }],
  }),
});

/** Where a network plugin is run: they are DaemonSets on the network of the node. */
function runs(workload: Workload, images: RegExp): string | undefined {
  if (workload.kind !== 'DaemonSet' || workload.pod.hostNetwork !== true) return undefined;
  const container = workload.containers.find(({ spec }) => images.test(spec.image ?? ''));
  return container === undefined ? undefined : `${container.path}.image`;
}

function plugin(image: string): string {
  return `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: network, namespace: kube-system}
spec:
  selector: {matchLabels: {app: network}}
  template:
    metadata: {labels: {app: network}}
    spec:
      hostNetwork: true
      containers: [{name: network, image: "${image}"}]`;
}
