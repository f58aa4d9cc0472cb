import { SAFE_SYSCTLS } from '../../engines/pod-security/index.ts';
import { POD, withPod } from '../examples.ts';
import { type Hit, defineRule, mitre, nsa, pss } from '../rule.ts';
import { isWindows } from './security-context.ts';

export const rule = defineRule({
  id: 'unsafe-sysctl',
  title: 'Unsafe kernel parameter',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'Parameters outside the safe list are not proven to stay in the pod: they can take memory and buffers from the whole node or switch off what protects it. A kubelet that does not allow them refuses the pod.',
  remedy:
    'Remove the entry from securityContext.sysctls, or have the node itself tuned if all its pods profit. Where a pod must set it, allow just that name with allowedUnsafeSysctls on nodes that only such pods use.',
  controls: [...pss('baseline', 'sysctls'), ...nsa('linux-hardening'), ...mitre('T1611')],
  aliases: {
    trivy: ['KSV-0026'],
    'kube-linter': ['unsafe-sysctls'],
    'kyverno-policies': ['restrict-sysctls'],
    'gatekeeper-library': ['forbidden-sysctls'],
  },
  effort: 'medium',
  scope: 'workload',
  reads: ['kubernetes'],
  applies: (workload) => !isWindows(workload.pod),
  check(workload, { kubernetes }) {
    const sysctls = workload.pod.securityContext?.sysctls;
    if (sysctls === undefined) return undefined;
    let hits: Hit[] | undefined;
    for (let index = 0; index < sysctls.length; index += 1) {
      const { name = '' } = sysctls[index] ?? {};
      const since = SAFE_SYSCTLS.get(dotted(name));
      if (since !== undefined && kubernetes.minor >= since) continue;
      const message =
        since === undefined
          ? `sets the kernel parameter "${name}", which is not on the safe list`
          : `sets the kernel parameter "${name}", which counts as safe only since Kubernetes 1.${since}`;
      (hits ??= []).push({ message, path: `${workload.podPath}.securityContext.sysctls[${index}].name`, key: name });
    }
    return hits;
  },
  examples: () => ({
    good: [
      withPod(''),
      withPod('securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: "0"}]}'),
      withPod('securityContext: {sysctls: [{name: net/ipv4/tcp_rmem, value: "4096 87380 6291456"}]}'),
    ],
    bad: [
      {
        yaml: withPod(
          'securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: "1"}, {name: net.core.somaxconn, value: "1024"}]}',
        ),
        path: `${POD}.securityContext.sysctls[1].name`,
      },
      {
        yaml: withPod('securityContext: {sysctls: [{name: kernel.msgmax, value: "65536"}]}'),
        path: `${POD}.securityContext.sysctls[0].name`,
      },
    ],
  }),
});

/** `net/ipv4/tcp_rmem` as `net.ipv4.tcp_rmem`: the kernel takes either, and the first separator says which is meant. */
function dotted(name: string): string {
  const first = name.search(SEPARATOR);
  if (first < 0 || name[first] === '.') return name;
  return name.replace(SEPARATORS, (separator) => (separator === '/' ? '.' : '/'));
}
const SEPARATOR = /[./]/;
const SEPARATORS = /[./]/g;
