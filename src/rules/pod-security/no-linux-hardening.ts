import type { Container } from '../../model/index.ts';
import { CONTAINER, withContainer } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { addedAt } from './capabilities.ts';
import { appArmorType, restricts, seccompType } from './profiles.ts';
import { effective, onLinux } from './security-context.ts';

export const rule = defineRule({
  id: 'no-linux-hardening',
  title: 'No hardening of the kernel interface at all',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'Neither seccomp nor AppArmor, SELinux or dropped capabilities are asked for, so only the defaults of each node stand between the container and the kernel, whatever these are.',
  remedy:
    'Begin with the two that cost least: seccompProfile.type RuntimeDefault on the pod, and capabilities.drop [ALL] on each container.',
  controls: nsa('linux-hardening'),
  aliases: { kubescape: ['C-0055'], polaris: ['linuxHardening'] },
  scope: 'container',
  reads: ['kubernetes'],
  applies: onLinux,
  check(container, { kubernetes }) {
    if (dropsSomething(container) || setsSELinux(container)) return undefined;
    if (restricts(seccompType(container, kubernetes.minor)) || restricts(appArmorType(container))) return undefined;
    return {
      message: `container "${container.name}" asks for no seccomp, AppArmor or SELinux and drops no capability`,
      path: 'securityContext',
    };
  },
  examples: () => ({
    good: [
      withContainer('securityContext: {capabilities: {drop: [NET_RAW]}}'),
      withContainer('', 'securityContext: {seccompProfile: {type: RuntimeDefault}}'),
      withContainer('', 'securityContext: {seLinuxOptions: {level: "s0:c1,c2"}}'),
      withContainer('securityContext: {appArmorProfile: {type: Localhost, localhostProfile: web}}'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.securityContext` },
      { yaml: withContainer('securityContext: {capabilities: {drop: [ALL], add: [all]}}'), path: `${CONTAINER}.securityContext` },
      {
        yaml: withContainer(
          'securityContext: {seccompProfile: {type: Unconfined}}',
          'securityContext: {seccompProfile: {type: RuntimeDefault}}',
        ),
        path: `${CONTAINER}.securityContext`,
      },
    ],
  }),
});

function dropsSomething(container: Container): boolean {
  return (container.spec.securityContext?.capabilities?.drop?.length ?? 0) > 0 && addedAt(container, 'ALL') < 0;
}

function setsSELinux(container: Container): boolean {
  const options = effective(container, 'seLinuxOptions');
  return options !== undefined && Boolean(options.type || options.level || options.user || options.role);
}
