import type { Container } from '../../model/index.ts';
import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa, pss } from '../rule.ts';
import { addedAt, dropsAll, meantCapability } from './capabilities.ts';
import { hasUserNamespace, onLinux, startsAsNonRoot } from './security-context.ts';

const FIELD = 'securityContext.allowPrivilegeEscalation';

export const rule = defineRule({
  id: 'allow-privilege-escalation',
  title: 'Privilege escalation not forbidden',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'A process may become root by a setuid program such as su, or gain capabilities by those of a file, so the user id that the container starts with is no boundary for whoever runs code in it.',
  remedy:
    'Set securityContext.allowPrivilegeEscalation to false on each container; the pod has no such field. Programs that rely on setuid or file capabilities (sudo, ping in some images) stop working.',
  controls: [
    ...cis('5.2.6'),
    ...pss('restricted', 'allowPrivilegeEscalation'),
    ...nsa('non-root', 'pod-security-enforcement'),
    ...mitre('T1068'),
  ],
  aliases: {
    kubescape: ['C-0016', 'C-0197'],
    trivy: ['KSV-0001'],
    checkov: ['CKV_K8S_20', 'CKV_K8S_5'],
    polaris: ['privilegeEscalationAllowed'],
    'kube-linter': ['privilege-escalation-container'],
    kubeaudit: ['privesc'],
    kubesec: ['AllowPrivilegeEscalation'],
    'kyverno-policies': ['disallow-privilege-escalation'],
    'gatekeeper-library': ['allow-privilege-escalation'],
  },
  scope: 'container',
  applies: onLinux,
  check(container) {
    const allowed = container.spec.securityContext?.allowPrivilegeEscalation;
    if (allowed === false) return undefined;
    const hit: Hit = {
      message: `container "${container.name}" ${allowed === true ? 'allows' : 'does not forbid'} privilege escalation`,
      path: FIELD,
    };
    if (gainsLittle(container)) hit.severity = 'low';
    if (mayForbid(container)) hit.fix = [{ set: FIELD, value: false }];
    return hit;
  },
  examples: () => ({
    good: [
      withContainer('securityContext: {allowPrivilegeEscalation: false}'),
      withContainer('', 'os: {name: windows}'),
      withContainer('securityContext: {allowPrivilegeEscalation: "false"}'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.${FIELD}`, severity: 'medium' },
      { yaml: withContainer('', 'securityContext: {allowPrivilegeEscalation: false}'), path: `${CONTAINER}.${FIELD}` },
      {
        yaml: withContainer('securityContext: {allowPrivilegeEscalation: true, runAsUser: 1000}'),
        path: `${CONTAINER}.${FIELD}`,
        severity: 'medium',
      },
      {
        yaml: withContainer('securityContext: {capabilities: {drop: [ALL]}}', 'securityContext: {runAsNonRoot: true}'),
        path: `${CONTAINER}.${FIELD}`,
        severity: 'low',
      },
      {
        yaml: withContainer('', 'initContainers: [{name: migrate, image: "registry.example.com/shop/migrate:3"}]'),
        path: 'spec.template.spec.initContainers[0].securityContext.allowPrivilegeEscalation',
      },
    ],
  }),
});

/** Root that escalation leads to is root of a user namespace only, or holds no capability but to bind low ports. */
function gainsLittle(container: Container): boolean {
  if (hasUserNamespace(container.workload.pod)) return true;
  if (!dropsAll(container) || !startsAsNonRoot(container)) return false;
  const added = container.spec.securityContext?.capabilities?.add ?? [];
  return added.every((name) => meantCapability(name) === 'NET_BIND_SERVICE');
}

/** The API server refuses `false` beside privileged and beside SYS_ADMIN. */
function mayForbid(container: Container): boolean {
  return container.spec.securityContext?.privileged !== true && addedAt(container, 'SYS_ADMIN') < 0;
}
