import { CONTAINER, withContainer } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { onLinux } from './security-context.ts';

const DROP = 'securityContext.capabilities.drop';

export const rule = defineRule({
  id: 'drop-some-capability',
  title: 'No capability dropped',
  severity: 'low',
  area: 'pod-security',
  rationale: 'Nobody has asked what this container needs: it keeps every capability that the runtime hands out by default.',
  remedy:
    'Set securityContext.capabilities.drop on each container, best to [ALL] with what is really used in add; a shorter list such as [NET_RAW, MKNOD] is a first step that breaks almost nothing.',
  controls: nsa('linux-hardening'),
  aliases: { trivy: ['KSV-0004'], kubesec: ['CapDropAny'] },
  scope: 'container',
  applies: onLinux,
  check(container) {
    if ((container.spec.securityContext?.capabilities?.drop?.length ?? 0) > 0) return undefined;
    return { message: `container "${container.name}" drops no capability`, path: DROP };
  },
  examples: () => ({
    good: [
      withContainer('securityContext: {capabilities: {drop: [MKNOD]}}'),
      withContainer('', 'nodeSelector: {kubernetes.io/os: windows}'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.${DROP}` },
      { yaml: withContainer('securityContext: {capabilities: {drop: [], add: [CHOWN]}}'), path: `${CONTAINER}.${DROP}` },
    ],
  }),
});
