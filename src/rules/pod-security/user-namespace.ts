import { POD, withContainer, withPod } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { hasUserNamespace, isWindows, startsAsNonRoot } from './security-context.ts';

/** From here on every cluster has user namespaces switched on. */
const SINCE = 33;

export const rule = defineRule({
  id: 'user-namespace',
  title: 'No user namespace of its own',
  severity: 'info',
  area: 'pod-security',
  rationale:
    'Without a user namespace root in the container is root of the node in the eyes of the kernel, so an escape lands with full rights; with one it lands as a user who owns nothing.',
  remedy:
    'Set hostUsers: false. It needs a Linux kernel and runtime with id-mapped mounts, and volume drivers that support them; try it on one workload first.',
  controls: [...nsa('sandboxing'), ...mitre('T1611')],
  aliases: { kubesec: ['HostUsers'] },
  effort: 'medium',
  scope: 'workload',
  reads: ['kubernetes'],
  check({ pod, podPath, containers }, { kubernetes }) {
    if (hasUserNamespace(pod) || kubernetes.minor < SINCE || isWindows(pod)) return undefined;
    // The API server refuses the combination: a pod in a namespace of the node cannot have its own users.
    if (pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true) return undefined;
    // Ids above 0 without a way back to root gain little from being mapped.
    if (containers.every((container) => startsAsNonRoot(container) && container.spec.securityContext?.allowPrivilegeEscalation === false))
      return undefined;
    return { message: 'the users of the pod are those of the node', path: `${podPath}.hostUsers` };
  },
  examples: () => ({
    good: [
      withPod('hostUsers: false'),
      withPod('hostNetwork: true'),
      withContainer('securityContext: {allowPrivilegeEscalation: false}', 'securityContext: {runAsUser: 10001}'),
    ],
    bad: [
      { yaml: withPod(''), path: `${POD}.hostUsers` },
      { yaml: withPod('hostUsers: true'), path: `${POD}.hostUsers` },
      { yaml: withPod('securityContext: {runAsNonRoot: true}'), path: `${POD}.hostUsers` },
    ],
  }),
});
