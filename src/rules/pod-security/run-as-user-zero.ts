import { CONTAINER, POD, withContainer } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa, pss } from '../rule.ts';
import { decidedAt, effective, hasUserNamespace, onLinux } from './security-context.ts';

export const rule = defineRule({
  id: 'run-as-user-zero',
  title: 'Runs as root by its manifest',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'User id 0 is chosen even if the image would start as somebody else. Root in the container writes to every volume, and is root of the node once a flaw of kernel, runtime or mount lets it out.',
  remedy:
    'Set runAsUser to the id that the image is made for, or remove the field and set runAsNonRoot to true. What wrote files as root has to be given those files first, with fsGroup or in the image.',
  controls: [...cis('5.2.7'), ...pss('restricted', 'runAsUser'), ...nsa('non-root'), ...mitre('T1611', 'T1068')],
  aliases: {
    trivy: ['KSV-0105'],
    kubeaudit: ['nonroot'],
    kubesec: ['RunAsUser'],
    'kyverno-policies': ['require-run-as-non-root-user'],
    'gatekeeper-library': ['users'],
  },
  covers: ['run-as-non-root', 'low-uid'],
  effort: 'medium',
  scope: 'container',
  applies: onLinux,
  check(container) {
    if (effective(container, 'runAsUser') !== 0) return undefined;
    const hit: Hit = { message: `container "${container.name}" runs as user 0, which is root`, ...decidedAt(container, 'runAsUser') };
    if (effective(container, 'runAsNonRoot') === true) {
      hit.message = `container "${container.name}" is never started: its user id is 0, and runAsNonRoot forbids that`;
      hit.severity = 'low';
    } else if (hasUserNamespace(container.workload.pod)) {
      hit.message = `container "${container.name}" runs as user 0, though only inside its user namespace`;
      hit.severity = 'low';
    }
    return hit;
  },
  examples: () => ({
    good: [
      withContainer(''),
      withContainer('securityContext: {runAsUser: 1000}', 'securityContext: {runAsUser: 0}'),
      withContainer('securityContext: {runAsGroup: 0}'),
    ],
    bad: [
      { yaml: withContainer('securityContext: {runAsUser: 0}'), path: `${CONTAINER}.securityContext.runAsUser`, severity: 'medium' },
      { yaml: withContainer('', 'securityContext: {runAsUser: 0}'), path: `${POD}.securityContext.runAsUser` },
      {
        yaml: withContainer('securityContext: {runAsUser: 0}', 'securityContext: {runAsNonRoot: true}'),
        path: `${CONTAINER}.securityContext.runAsUser`,
        severity: 'low',
      },
      {
        yaml: withContainer('securityContext: {runAsUser: 0}', 'hostUsers: false'),
        path: `${CONTAINER}.securityContext.runAsUser`,
        severity: 'low',
      },
    ],
  }),
});
