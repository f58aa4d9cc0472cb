import { CONTAINER, withContainer } from '../examples.ts';
import { cis, defineRule, mitre, nsa, pss } from '../rule.ts';
import { addedAt, dropsByName } from './capabilities.ts';
import { onLinux } from './security-context.ts';

const ADD = 'securityContext.capabilities.add';

export const rule = defineRule({
  id: 'sys-admin',
  title: 'SYS_ADMIN or every capability added',
  severity: 'high',
  area: 'pod-security',
  rationale:
    'SYS_ADMIN lets a process mount file systems, enter namespaces and write to cgroups and other parts of the kernel: ways from it to root on the node are published and short.',
  remedy:
    'Take SYS_ADMIN (or ALL) out of securityContext.capabilities.add and look for the narrower capability: BPF and PERFMON for tracing, SYS_PTRACE for debugging, a CSI driver for mounts. Node agents that need it belong in a namespace of their own with Pod Security level privileged.',
  controls: [
    ...cis('5.2.9'),
    ...pss('baseline', 'capabilities_baseline'),
    ...nsa('privileged-containers', 'linux-hardening'),
    ...mitre('T1611'),
  ],
  aliases: {
    kubescape: ['C-0046'],
    trivy: ['KSV-0005'],
    checkov: ['CKV_K8S_39'],
    polaris: ['dangerousCapabilities'],
    kubesec: ['CapSysAdmin'],
    'kyverno-policies': ['disallow-capabilities'],
    'gatekeeper-library': ['capabilities'],
  },
  coversSameField: ['added-capabilities'],
  effort: 'medium',
  scope: 'container',
  applies: onLinux,
  check(container) {
    if (container.spec.securityContext?.capabilities?.add === undefined) return undefined;
    const named = addedAt(container, 'SYS_ADMIN');
    const index = named >= 0 ? named : addedAt(container, 'ALL');
    if (index < 0) return undefined;
    // Dropping ALL undoes adding ALL, but not what is added by name.
    if (named < 0 && dropsByName(container, 'ALL')) return undefined;
    const what = named >= 0 ? 'SYS_ADMIN' : 'every capability, SYS_ADMIN among them';
    return { message: `container "${container.name}" adds ${what}`, path: `${ADD}[${index}]` };
  },
  examples: () => ({
    good: [
      withContainer(''),
      withContainer('securityContext: {capabilities: {drop: [SYS_ADMIN], add: [SYS_TIME]}}'),
      withContainer('securityContext: {capabilities: {drop: [ALL], add: [NET_ADMIN]}}'),
    ],
    bad: [
      { yaml: withContainer('securityContext: {capabilities: {add: [SYS_ADMIN]}}'), path: `${CONTAINER}.${ADD}[0]` },
      {
        yaml: withContainer('securityContext: {capabilities: {drop: [ALL], add: [CHOWN, cap_sys_admin]}}'),
        path: `${CONTAINER}.${ADD}[1]`,
      },
      { yaml: withContainer('securityContext: {capabilities: {add: [all]}}'), path: `${CONTAINER}.${ADD}[0]` },
    ],
  }),
});
