import { CONTAINER, withContainer } from '../examples.ts';
import { cis, defineRule, mitre, nsa, pss } from '../rule.ts';
import { addedAt } from './capabilities.ts';
import { onLinux } from './security-context.ts';

const ADD = 'securityContext.capabilities.add';

export const rule = defineRule({
  id: 'sys-module',
  title: 'SYS_MODULE added',
  severity: 'high',
  area: 'pod-security',
  rationale: 'The container can load modules into the kernel of the node: code that no container boundary holds, and that can hide itself.',
  remedy:
    'Take SYS_MODULE out of securityContext.capabilities.add and have the node load the module at boot (/etc/modules-load.d). Installers of drivers that must do it belong in a namespace of their own with Pod Security level privileged.',
  controls: [
    ...cis('5.2.9'),
    ...pss('baseline', 'capabilities_baseline'),
    ...nsa('privileged-containers', 'linux-hardening'),
    ...mitre('T1611'),
  ],
  aliases: {
    kubescape: ['C-0046'],
    trivy: ['KSV-0120'],
    'kyverno-policies': ['disallow-capabilities'],
    'gatekeeper-library': ['capabilities'],
  },
  coversSameField: ['added-capabilities'],
  effort: 'medium',
  scope: 'container',
  applies: onLinux,
  check(container) {
    if (container.spec.securityContext?.capabilities?.add === undefined) return undefined;
    const index = addedAt(container, 'SYS_MODULE');
    if (index < 0) return undefined;
    return { message: `container "${container.name}" adds SYS_MODULE: it can load kernel modules`, path: `${ADD}[${index}]` };
  },
  examples: () => ({
    good: [
      withContainer('securityContext: {capabilities: {drop: [SYS_MODULE]}}'),
      withContainer('securityContext: {capabilities: {add: [NET_ADMIN]}}'),
    ],
    bad: [
      { yaml: withContainer('securityContext: {capabilities: {add: [SYS_MODULE]}}'), path: `${CONTAINER}.${ADD}[0]` },
      {
        yaml: withContainer('securityContext: {capabilities: {drop: [ALL], add: [NET_ADMIN, CAP_SYS_MODULE]}}'),
        path: `${CONTAINER}.${ADD}[1]`,
      },
    ],
  }),
});
