import { POD, withPod } from '../examples.ts';
import { cis, defineRule, mitre, nsa, pss } from '../rule.ts';

export const rule = defineRule({
  id: 'host-ipc',
  title: 'Host IPC namespace',
  severity: 'high',
  area: 'pod-security',
  rationale:
    'The pod reads and writes the shared memory, semaphores and message queues of node processes and of every other pod in the same position, so it can steal or corrupt what databases and agents keep there.',
  remedy:
    'Remove hostIPC. Containers that exchange data by shared memory belong in one pod, with an emptyDir of medium Memory mounted at /dev/shm.',
  controls: [...cis('5.2.4'), ...pss('baseline', 'hostNamespaces'), ...nsa('privileged-containers'), ...mitre('T1611')],
  aliases: {
    kubescape: ['C-0038', 'C-0276'],
    trivy: ['KSV-0008'],
    checkov: ['CKV_K8S_18', 'CKV_K8S_3'],
    polaris: ['hostIPCSet'],
    'kube-linter': ['host-ipc'],
    kubeaudit: ['hostns'],
    kubesec: ['HostIPC'],
    'kyverno-policies': ['disallow-host-namespaces'],
    'gatekeeper-library': ['host-namespaces'],
  },
  scope: 'workload',
  check(workload) {
    if (workload.pod.hostIPC !== true) return undefined;
    return {
      message: "shares the node's IPC namespace",
      path: `${workload.podPath}.hostIPC`,
      fix: [{ remove: `${workload.podPath}.hostIPC` }],
    };
  },
  examples: () => ({
    good: [withPod('hostIPC: false'), withPod('hostPID: true')],
    bad: [{ yaml: withPod('hostIPC: true'), path: `${POD}.hostIPC` }],
  }),
});
