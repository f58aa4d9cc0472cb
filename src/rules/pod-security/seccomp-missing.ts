import type { Container } from '../../model/index.ts';
import { CONTAINER, POD, withContainer } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa, pss } from '../rule.ts';
import { restricts, seccompAnnotationAt, seccompPlace, seccompType } from './profiles.ts';
import { onLinux } from './security-context.ts';

const FIELD = 'securityContext.seccompProfile.type';

export const rule = defineRule({
  id: 'seccomp-missing',
  title: 'No seccomp profile',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'Unless the kubelet runs with seccompDefault, a container without a profile may call all of the kernel, also the parts that no ordinary program uses and in which the flaws lie that lead out of it.',
  remedy:
    'Set securityContext.seccompProfile.type to RuntimeDefault on the pod; nearly every program runs unchanged under it. Tracers and programs that make namespaces of their own may need a Localhost profile.',
  controls: [...cis('5.6.2'), ...pss('restricted', 'seccompProfile_restricted'), ...nsa('linux-hardening'), ...mitre('T1611', 'T1068')],
  aliases: {
    kubescape: ['C-0055', 'C-0210'],
    trivy: ['KSV-0030'],
    checkov: ['CKV_K8S_31', 'CKV_K8S_32'],
    'kube-score': ['container-seccomp-profile'],
    kubeaudit: ['seccomp'],
    kubesec: ['SeccompAny'],
    'kyverno-policies': ['restrict-seccomp-strict'],
    'gatekeeper-library': ['seccomp', 'seccompv2'],
  },
  covers: ['no-linux-hardening'],
  scope: 'container',
  reads: ['kubernetes'],
  applies: onLinux,
  check(container, { kubernetes }) {
    const type = seccompType(container, kubernetes.minor);
    if (restricts(type)) return undefined;
    if (type === undefined) return missingHit(container);
    const what =
      type === 'Unconfined' ? 'is not confined by seccomp' : `names the seccomp profile type "${type}", which Kubernetes does not know`;
    return { message: `container "${container.name}" ${what}`, ...seccompPlace(container, kubernetes.minor) };
  },
  examples: () => ({
    good: [
      withContainer('', 'securityContext: {seccompProfile: {type: RuntimeDefault}}'),
      withContainer('securityContext: {seccompProfile: {type: Localhost, localhostProfile: web.json}}'),
      withContainer('', 'os: {name: windows}'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.${FIELD}` },
      { yaml: withContainer('', 'securityContext: {seccompProfile: {}}'), path: `${CONTAINER}.${FIELD}` },
      { yaml: withContainer('', 'securityContext: {seccompProfile: {type: runtime/default}}'), path: `${POD}.${FIELD}` },
      { yaml: withContainer('securityContext: {seccompProfile: {type: Unconfined}}'), path: `${CONTAINER}.${FIELD}` },
      {
        yaml: `apiVersion: v1
kind: Pod
metadata: {name: web, annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default}}
spec: {containers: [{name: app, image: "registry.example.com/shop/web:1.4.2"}]}`,
        path: `spec.containers[0].${FIELD}`,
      },
    ],
  }),
});

function missingHit(container: Container): Hit {
  const hit: Hit = { message: `container "${container.name}" has no seccomp profile`, path: FIELD };
  const annotation = seccompAnnotationAt(container);
  if (annotation !== undefined) {
    hit.message += ': its annotation is no longer read since Kubernetes 1.27';
    hit.also = [{ path: annotation }];
  }
  // Beside a profile file the type that was forgotten is Localhost; then a person has to look.
  if (container.spec.securityContext?.seccompProfile?.localhostProfile === undefined) hit.fix = [{ set: FIELD, value: 'RuntimeDefault' }];
  return hit;
}
