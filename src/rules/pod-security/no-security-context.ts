import { POD, withContainer, withPod } from '../examples.ts';
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
  scope: 'workload',
  check({ pod, podPath, containers }) {
    if (!isEmpty(pod.securityContext)) return undefined;
    const bare = containers.filter(({ spec }) => isEmpty(spec.securityContext));
    const [first] = bare;
    if (first === undefined) return undefined;
    const names = bare.map(({ name }) => `"${name}"`).join(', ');
    const who = `${bare.length === 1 ? 'container' : 'containers'} ${names}`;
    // A pod of Windows is still better off with a user of its own.
    const severity = isWindows(pod) ? 'info' : 'low';
    return { message: `neither the pod nor its ${who} set a security context`, path: `${podPath}.securityContext`, also: bare.map(({ path }) => ({ path: `${path}.securityContext` })), severity };
  },
  examples: () => ({
    good: [withPod('securityContext: {runAsNonRoot: true}'), withContainer('securityContext: {allowPrivilegeEscalation: false}')],
    bad: [
      { yaml: withPod(''), path: `${POD}.securityContext` },
      { yaml: withContainer('securityContext: {}', 'securityContext: {}'), path: `${POD}.securityContext` },
      {
        yaml: withContainer('securityContext: {runAsNonRoot: true}', 'initContainers: [{name: setup, image: "registry.example.com/setup:1"}]'),
        path: `${POD}.securityContext`,
      },
    ],
  }),
});

function isEmpty(context: object | undefined): boolean {
  return context === undefined || Object.keys(context).length === 0;
}
