import { CONTAINER, POD, withContainer } from '../examples.ts';
import { cis, defineRule, mitre, nsa, pss } from '../rule.ts';
import { seccompPlace, seccompType } from './profiles.ts';
import { onLinux } from './security-context.ts';

export const rule = defineRule({
  id: 'seccomp-unconfined',
  title: 'seccomp switched off',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'Every system call of the kernel is open to the container, also those few through which most flaws of the kernel are reached, and even where the node would give a profile by default.',
  remedy:
    'Set seccompProfile.type to RuntimeDefault. Where a program needs a call that it refuses, put a profile with that call on the nodes and name it with type Localhost.',
  controls: [...cis('5.6.2'), ...pss('baseline', 'seccompProfile_baseline'), ...nsa('linux-hardening'), ...mitre('T1611', 'T1068')],
  aliases: {
    trivy: ['KSV-0104'],
    kubesec: ['SeccompUnconfined'],
    'kyverno-policies': ['restrict-seccomp'],
    'gatekeeper-library': ['seccomp', 'seccompv2'],
  },
  covers: ['seccomp-missing', 'no-linux-hardening'],
  scope: 'container',
  reads: ['kubernetes'],
  applies: onLinux,
  check(container, { kubernetes }) {
    if (seccompType(container, kubernetes.minor) !== 'Unconfined') return undefined;
    return {
      message: `container "${container.name}" runs without seccomp: the profile is Unconfined`,
      ...seccompPlace(container, kubernetes.minor),
    };
  },
  examples: () => ({
    good: [
      withContainer(''),
      withContainer('securityContext: {seccompProfile: {type: RuntimeDefault}}', 'securityContext: {seccompProfile: {type: Unconfined}}'),
      withContainer('', 'securityContext: {seccompProfile: {type: Localhost, localhostProfile: web.json}}'),
    ],
    bad: [
      {
        yaml: withContainer('securityContext: {seccompProfile: {type: Unconfined}}'),
        path: `${CONTAINER}.securityContext.seccompProfile.type`,
      },
      {
        yaml: withContainer('', 'securityContext: {seccompProfile: {type: Unconfined}}'),
        path: `${POD}.securityContext.seccompProfile.type`,
      },
      {
        yaml: withContainer(
          'securityContext: {seccompProfile: {type: Unconfined}}',
          'securityContext: {seccompProfile: {type: RuntimeDefault}}',
        ),
        path: `${CONTAINER}.securityContext.seccompProfile.type`,
      },
    ],
  }),
});
