import { POD, withPod } from '../examples.ts';
import { cis, defineRule, mitre, nsa, pss } from '../rule.ts';

export const rule = defineRule({
  id: 'host-pid',
  title: 'Host PID namespace',
  severity: 'high',
  area: 'pod-security',
  rationale:
    'The pod sees every process of the node with its environment and open files, and may signal or trace those of the same user; as root it enters the host by /proc/1/root.',
  remedy: 'Remove hostPID. Node monitoring that needs it belongs in a namespace of its own with Pod Security level privileged.',
  controls: [...cis('5.2.3'), ...pss('baseline', 'hostNamespaces'), ...nsa('privileged-containers'), ...mitre('T1611')],
  aliases: {
    kubescape: ['C-0038', 'C-0275'],
    trivy: ['KSV-0010'],
    checkov: ['CKV_K8S_17', 'CKV_K8S_1'],
    polaris: ['hostPIDSet'],
    'kube-linter': ['host-pid'],
    kubeaudit: ['hostns'],
    kubesec: ['HostPID'],
    'kyverno-policies': ['disallow-host-namespaces'],
    'gatekeeper-library': ['host-namespaces'],
  },
  scope: 'workload',
  check(workload) {
    if (workload.pod.hostPID !== true) return undefined;
    return {
      message: "shares the node's process namespace",
      path: `${workload.podPath}.hostPID`,
      fix: [{ remove: `${workload.podPath}.hostPID` }],
    };
  },
  examples: () => ({
    good: [withPod('hostPID: false'), withPod('')],
    bad: [{ yaml: withPod('hostPID: true'), path: `${POD}.hostPID` }],
  }),
});
