import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa, pss } from '../rule.ts';
import { dropsAll, prefixedDrop } from './capabilities.ts';
import { onLinux, startsAsNonRoot } from './security-context.ts';

const DROP = 'securityContext.capabilities.drop';

export const rule = defineRule({
  id: 'drop-all-capabilities',
  title: 'Capabilities not dropped',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'By default a root process keeps some fourteen capabilities, among them to change owners of files, to make device nodes and to send raw packets. Hardly any service needs one, and flaws of the kernel often need just these.',
  remedy:
    'Set securityContext.capabilities.drop to [ALL] on each container and add back what is really used, most often nothing or NET_BIND_SERVICE. Images that start as root and change user themselves need SETUID and SETGID.',
  controls: [...cis('5.2.9'), ...pss('restricted', 'capabilities_restricted'), ...nsa('linux-hardening'), ...mitre('T1611', 'T1068')],
  aliases: {
    kubescape: ['C-0220'],
    trivy: ['KSV-0003'],
    checkov: ['CKV_K8S_37', 'CKV_K8S_36'],
    polaris: ['insecureCapabilities'],
    kubeaudit: ['capabilities'],
    kubesec: ['CapDropAll'],
    'kyverno-policies': ['disallow-capabilities-strict', 'require-drop-all'],
    'gatekeeper-library': ['capabilities'],
  },
  // NET_RAW that is added by name is a fact of its own.
  coversSameField: ['drop-some-capability', 'net-raw'],
  scope: 'container',
  applies: onLinux,
  check(container) {
    if (dropsAll(container)) return undefined;
    const dropped = container.spec.securityContext?.capabilities?.drop ?? [];
    const hit: Hit = { message: `container "${container.name}" drops no capability`, path: DROP };
    if (dropped.length > 0) hit.message = `container "${container.name}" drops only ${dropped.join(', ')}`;
    const prefixed = prefixedDrop(container, 'ALL');
    if (prefixed !== undefined) hit.message = `container "${container.name}" drops "${prefixed}", which is no name for all capabilities`;
    // A program that starts as root may need some of them, which only its owner knows.
    if (dropped.length === 0 && startsAsNonRoot(container)) hit.fix = [{ set: DROP, value: ['ALL'] }];
    return hit;
  },
  examples: () => ({
    good: [
      withContainer('securityContext: {capabilities: {drop: [ALL]}}'),
      withContainer('securityContext: {capabilities: {drop: [all], add: [NET_BIND_SERVICE]}}'),
      withContainer(`securityContext:
  capabilities:
    drop: [AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, NET_RAW, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT]`),
      withContainer('', 'os: {name: windows}'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.${DROP}` },
      { yaml: withContainer('', 'securityContext: {capabilities: {drop: [ALL]}}'), path: `${CONTAINER}.${DROP}` },
      { yaml: withContainer('securityContext: {capabilities: {drop: [NET_RAW, SYS_CHROOT]}}'), path: `${CONTAINER}.${DROP}` },
      { yaml: withContainer('', 'securityContext: {runAsNonRoot: true}'), path: `${CONTAINER}.${DROP}` },
      { yaml: withContainer('securityContext: {capabilities: {drop: [CAP_ALL]}}'), path: `${CONTAINER}.${DROP}` },
    ],
  }),
});
