import { POD, withPod } from '../examples.ts';
import { cis, defineRule, mitre, nsa, pss } from '../rule.ts';

export const rule = defineRule({
  id: 'host-network',
  title: 'Host network',
  severity: 'high',
  area: 'pod-security',
  rationale:
    'The pod stands outside every NetworkPolicy, reaches what listens on the loopback of the node (kubelet, etcd, agents) and the metadata service of the cloud as the node does, and with NET_RAW reads the traffic of its neighbours.',
  remedy:
    'Remove hostNetwork and publish the port with a Service, or with a single hostPort where it must be on the node. Network plugins and node agents that cannot do without belong in a namespace of their own with Pod Security level privileged.',
  controls: [
    ...cis('5.2.5'),
    ...pss('baseline', 'hostNamespaces'),
    ...nsa('privileged-containers', 'network-policies'),
    ...mitre('T1611', 'T1552.005', 'T1557'),
  ],
  aliases: {
    kubescape: ['C-0041'],
    trivy: ['KSV-0009'],
    checkov: ['CKV_K8S_19', 'CKV_K8S_4'],
    polaris: ['hostNetworkSet'],
    'kube-linter': ['host-network'],
    kubeaudit: ['hostns'],
    kubesec: ['HostNetwork'],
    'kyverno-policies': ['disallow-host-namespaces'],
    'gatekeeper-library': ['host-network-ports'],
  },
  // Every port of the pod is one of the node then, written as such or not.
  covers: ['host-port'],
  effort: 'medium',
  scope: 'workload',
  check(workload) {
    if (workload.pod.hostNetwork !== true) return undefined;
    return {
      message: "uses the node's network, where no NetworkPolicy applies",
      path: `${workload.podPath}.hostNetwork`,
      fix: [{ remove: `${workload.podPath}.hostNetwork` }],
    };
  },
  examples: () => ({
    good: [withPod('hostNetwork: false'), withPod('dnsPolicy: ClusterFirstWithHostNet')],
    bad: [{ yaml: withPod('hostNetwork: true'), path: `${POD}.hostNetwork` }],
  }),
});
