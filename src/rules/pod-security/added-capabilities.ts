import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa, ofDistributions, pss } from '../rule.ts';
import { isAddable, meantCapability } from './capabilities.ts';
import { cannotHoldCapabilities, onLinux } from './security-context.ts';

const ADD = 'securityContext.capabilities.add';

export const rule = defineRule({
  id: 'added-capabilities',
  title: 'Capability beyond the default set added',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'Each capability beyond the default set opens a part of the kernel that containers are kept away from: NET_ADMIN the routing, SYS_PTRACE the memory of other processes, BPF the programs of the kernel itself.',
  remedy:
    'Take the capability out of securityContext.capabilities.add, or move what needs it into a container of its own that does nothing else. Agents of network and storage belong in a namespace of their own with Pod Security level privileged.',
  controls: [
    ...ofDistributions({ openshift: ['5.2.8'], k3s: ['5.2.9'], rke2: ['5.2.9'] }),
    ...cis('5.2.9'),
    ...pss('baseline', 'capabilities_baseline'),
    ...nsa('linux-hardening'),
    ...mitre('T1611'),
  ],
  aliases: {
    kubescape: ['C-0046', 'C-0200'],
    checkov: ['CKV_K8S_25', 'CKV_K8S_24'],
    polaris: ['dangerousCapabilities'],
    kubeaudit: ['capabilities'],
    'kyverno-policies': ['disallow-capabilities', 'restrict-adding-capabilities'],
    'gatekeeper-library': ['capabilities'],
  },
  effort: 'medium',
  scope: 'container',
  applies: onLinux,
  check(container) {
    const added = container.spec.securityContext?.capabilities?.add;
    if (added === undefined) return undefined;
    let hits: Hit[] | undefined;
    for (let index = 0; index < added.length; index += 1) {
      const written = added[index] ?? '';
      const name = meantCapability(written);
      if (isAddable(name)) continue;
      const hit: Hit = {
        message: `container "${container.name}" adds ${name === 'ALL' ? 'every capability' : `the capability "${written}"`}`,
        path: `${ADD}[${index}]`,
        key: name,
      };
      if (cannotHoldCapabilities(container)) {
        hit.message += ', which no process of it can hold';
        hit.severity = 'low';
      }
      (hits ??= []).push(hit);
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer(''),
      withContainer('securityContext: {capabilities: {add: [NET_BIND_SERVICE, chown]}}'),
      withContainer('securityContext: {capabilities: {drop: [SYS_TIME]}}'),
    ],
    bad: [
      {
        yaml: withContainer('securityContext: {capabilities: {add: [CHOWN, NET_ADMIN]}}'),
        path: `${CONTAINER}.${ADD}[1]`,
        severity: 'medium',
      },
      { yaml: withContainer('securityContext: {capabilities: {drop: [ALL], add: [net_raw]}}'), path: `${CONTAINER}.${ADD}[0]` },
      {
        yaml: withContainer('securityContext: {allowPrivilegeEscalation: false, runAsUser: 1000, capabilities: {add: [SYS_TIME]}}'),
        path: `${CONTAINER}.${ADD}[0]`,
        severity: 'low',
      },
    ],
  }),
});
