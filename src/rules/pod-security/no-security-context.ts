import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { cis, defineRule, nsa } from '../rule.ts';
import { isWindows } from './security-context.ts';

export const rule = defineRule({
  id: 'no-security-context',
  title: 'No security context at all',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'Without any security context a container runs as the image says, mostly root, with the default capabilities and no seccomp profile, which is more than nearly every program needs.',
  remedy:
    'Set a securityContext: runAsNonRoot and seccompProfile RuntimeDefault for the pod, allowPrivilegeEscalation false and dropped capabilities for each container. Images that start as root need a user first.',
  controls: [...cis('5.6.3'), ...nsa('linux-hardening')],
  aliases: { kubescape: ['C-0211'], checkov: ['CKV_K8S_29', 'CKV_K8S_30'] },
  scope: 'container',
  check({ name, spec, workload: { pod } }) {
    if (!isEmpty(pod.securityContext) || !isEmpty(spec.securityContext)) return undefined;
    // A pod of Windows is still better off with a user of its own.
    return {
      message: `neither the pod nor its container "${name}" sets a security context`,
      path: 'securityContext',
      severity: isWindows(pod) ? 'info' : 'low',
    };
  },
  examples: () => ({
    good: [withPod('securityContext: {runAsNonRoot: true}'), withContainer('securityContext: {allowPrivilegeEscalation: false}')],
    bad: [
      { yaml: withPod(''), path: `${CONTAINER}.securityContext`, severity: 'low' },
      { yaml: withPod('os: {name: windows}'), path: `${CONTAINER}.securityContext`, severity: 'info' },
      { yaml: withContainer('securityContext: {}', 'securityContext: {}'), path: `${CONTAINER}.securityContext` },
      {
        yaml: withContainer(
          'securityContext: {runAsNonRoot: true}',
          'initContainers: [{name: setup, image: "registry.example.com/setup:1"}]',
        ),
        path: `${POD}.initContainers[0].securityContext`,
      },
    ],
  }),
});

function isEmpty(context: object | undefined): boolean {
  return context === undefined || Object.keys(context).length === 0;
}
