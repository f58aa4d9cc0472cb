import type { Container } from '../../model/index.ts';
import { CONTAINER, POD, withContainer } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa, pss } from '../rule.ts';
import { decidedAt, effective, hasUserNamespace, isWindows, startsAsNonRoot } from './security-context.ts';

export const rule = defineRule({
  id: 'run-as-non-root',
  title: 'May run as root',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'Most images start as root unless told otherwise. Root in a container owns every file in it and every volume, and is root of the node as soon as a flaw of kernel, runtime or mount lets it out.',
  remedy:
    'Set runAsNonRoot to true in the securityContext of the pod, and runAsUser to the id that the image is made for; images built for root must first be given a USER and files that it may write. A container that would start as root is then refused.',
  controls: [...cis('5.2.7'), ...pss('restricted', 'runAsNonRoot'), ...nsa('non-root'), ...mitre('T1611', 'T1068')],
  aliases: {
    kubescape: ['C-0013', 'C-0198'],
    trivy: ['KSV-0012'],
    checkov: ['CKV_K8S_23', 'CKV_K8S_6'],
    polaris: ['runAsRootAllowed'],
    'kube-linter': ['run-as-non-root'],
    kubeaudit: ['nonroot'],
    kubesec: ['RunAsNonRoot'],
    popeye: ['302', '306'],
    'kyverno-policies': ['require-run-as-nonroot'],
    'gatekeeper-library': ['users'],
  },
  covers: ['low-uid', 'no-security-context'],
  effort: 'medium',
  scope: 'container',
  check(container) {
    const { pod } = container.workload;
    // Root beside runAsNonRoot never starts: that is told by run-as-user-zero.
    if (effective(container, 'runAsNonRoot') === true) return undefined;
    if (isWindows(pod)) return windowsHit(container);
    if (startsAsNonRoot(container)) return undefined;
    const hit: Hit = effective(container, 'runAsUser') === 0 ? zeroHit(container) : openHit(container);
    if (hasUserNamespace(pod)) {
      hit.severity = 'low';
      hit.message += ', though only inside its user namespace';
    }
    return hit;
  },
  examples: () => ({
    good: [
      withContainer('', 'securityContext: {runAsNonRoot: true}'),
      withContainer('securityContext: {runAsNonRoot: true}', 'securityContext: {runAsNonRoot: false}'),
      withContainer('securityContext: {runAsNonRoot: false}', 'securityContext: {runAsUser: 1000}'),
      withContainer('securityContext: {windowsOptions: {runAsUserName: ContainerUser}}', 'os: {name: windows}'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.securityContext.runAsNonRoot`, severity: 'medium' },
      {
        yaml: withContainer('securityContext: {runAsNonRoot: false}', 'securityContext: {runAsNonRoot: true}'),
        path: `${CONTAINER}.securityContext.runAsNonRoot`,
      },
      { yaml: withContainer('', 'securityContext: {runAsNonRoot: false}'), path: `${POD}.securityContext.runAsNonRoot` },
      { yaml: withContainer('', 'securityContext: {runAsUser: 0}'), path: `${POD}.securityContext.runAsUser` },
      { yaml: withContainer('', 'hostUsers: false'), path: `${CONTAINER}.securityContext.runAsNonRoot`, severity: 'low' },
      {
        yaml: withContainer('', 'os: {name: windows}\nsecurityContext: {windowsOptions: {runAsUserName: ContainerAdministrator}}'),
        path: `${POD}.securityContext.windowsOptions.runAsUserName`,
      },
    ],
  }),
});

function zeroHit(container: Container): Hit {
  return { message: `container "${container.name}" runs as root`, ...decidedAt(container, 'runAsUser') };
}

function openHit(container: Container): Hit {
  const allowed = effective(container, 'runAsNonRoot') === false;
  const reason = allowed
    ? 'may run as root: runAsNonRoot is false and no user id is set'
    : 'may run as root: neither runAsNonRoot nor a user id is set';
  return { message: `container "${container.name}" ${reason}`, ...decidedAt(container, 'runAsNonRoot') };
}

/** On Windows users have names, and the administrator of the container stands for root. */
function windowsHit(container: Container): Hit | undefined {
  const user =
    container.spec.securityContext?.windowsOptions?.runAsUserName ??
    container.workload.pod.securityContext?.windowsOptions?.runAsUserName ??
    '';
  if (user === '') {
    return {
      message: `container "${container.name}" may run as ContainerAdministrator: neither runAsNonRoot nor runAsUserName is set`,
      ...decidedAt(container, 'runAsNonRoot'),
    };
  }
  if (user.toLowerCase() !== 'containeradministrator') return undefined;
  return {
    message: `container "${container.name}" runs as ContainerAdministrator`,
    ...decidedAt(container, 'windowsOptions', 'runAsUserName'),
  };
}
