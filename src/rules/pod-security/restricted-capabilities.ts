import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, cis, defineRule, nsa, pss } from '../rule.ts';
import { isAddable, meantCapability } from './capabilities.ts';
import { onLinux } from './security-context.ts';

const ADD = 'securityContext.capabilities.add';

export const rule = defineRule({
  id: 'restricted-capabilities',
  title: 'Capability added that the restricted level refuses',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'The restricted level of the Pod Security Standards allows NET_BIND_SERVICE and nothing else. Each further capability, even one that containers have by default, is a right that the workload keeps after all others were dropped.',
  remedy:
    'Take the capability out of securityContext.capabilities.add where the program does without it: own the files at build time instead of CHOWN, start as the right user instead of SETUID and SETGID. What really needs it cannot run in a namespace that enforces the restricted level.',
  controls: [...cis('5.2.9'), ...pss('restricted', 'capabilities_restricted'), ...nsa('linux-hardening')],
  effort: 'medium',
  scope: 'container',
  applies: onLinux,
  check(container) {
    const added = container.spec.securityContext?.capabilities?.add;
    if (added === undefined) return undefined;
    let hits: Hit[] | undefined;
    for (let index = 0; index < added.length; index += 1) {
      const name = meantCapability(added[index] ?? '');
      // What the baseline level refuses too is the matter of a sharper rule.
      if (name === 'NET_BIND_SERVICE' || !isAddable(name)) continue;
      (hits ??= []).push({
        message: `container "${container.name}" adds the capability "${added[index] ?? ''}", which the restricted level refuses`,
        path: `${ADD}[${index}]`,
        key: name,
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer(''),
      withContainer('securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}'),
      withContainer('securityContext: {capabilities: {add: [NET_ADMIN]}}'),
    ],
    bad: [
      {
        yaml: withContainer('securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE, CHOWN]}}'),
        path: `${CONTAINER}.${ADD}[1]`,
      },
      { yaml: withContainer('securityContext: {capabilities: {add: [setuid]}}'), path: `${CONTAINER}.${ADD}[0]` },
    ],
  }),
});
