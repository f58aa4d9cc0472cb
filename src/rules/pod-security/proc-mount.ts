import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, defineRule, mitre, nsa, pss } from '../rule.ts';
import { hasUserNamespace, onLinux } from './security-context.ts';

const FIELD = 'securityContext.procMount';

export const rule = defineRule({
  id: 'proc-mount',
  title: 'Unmasked /proc',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'The runtime hides the parts of /proc that show or change the node: kernel memory, keys, timers, the trigger that reboots it. Unmasked, they are open to root in the container.',
  remedy: 'Remove procMount. Only builders that start containers of their own need it, and those belong in a pod with hostUsers: false.',
  controls: [...pss('baseline', 'procMount'), ...pss('restricted', 'procMount_restricted'), ...nsa('linux-hardening'), ...mitre('T1611')],
  aliases: {
    trivy: ['KSV-0027'],
    polaris: ['procMount'],
    'kube-linter': ['unsafe-proc-mount'],
    kubesec: ['ProcMount'],
    'kyverno-policies': ['disallow-proc-mount'],
    'gatekeeper-library': ['proc-mount'],
  },
  scope: 'container',
  applies: onLinux,
  check(container) {
    const mount = container.spec.securityContext?.procMount;
    if (!mount || mount === 'Default') return undefined;
    const hit: Hit = { message: `container "${container.name}" sees /proc unmasked`, path: FIELD, fix: [{ remove: FIELD }] };
    if (mount !== 'Unmasked') hit.message = `container "${container.name}" sets procMount to "${mount}" instead of Default`;
    // Root of a user namespace may not write what the mask would hide, and nested containers cannot do without.
    if (hasUserNamespace(container.workload.pod)) {
      hit.message += ', inside its user namespace';
      hit.severity = 'low';
      delete hit.fix;
    }
    return hit;
  },
  examples: () => ({
    good: [withContainer(''), withContainer('securityContext: {procMount: Default}'), withContainer('securityContext: {procMount: ""}')],
    bad: [
      { yaml: withContainer('securityContext: {procMount: Unmasked}'), path: `${CONTAINER}.${FIELD}`, severity: 'medium' },
      { yaml: withContainer('securityContext: {procMount: Unmasked}', 'hostUsers: false'), path: `${CONTAINER}.${FIELD}`, severity: 'low' },
    ],
  }),
});
