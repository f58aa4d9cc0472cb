import { CONTAINER, POD, withContainer } from '../examples.ts';
import { defineRule, mitre, nsa, pss } from '../rule.ts';
import { appArmorPlace, appArmorType, restricts } from './profiles.ts';
import { onLinux } from './security-context.ts';

const ANNOTATED = (profile: string): string => `apiVersion: v1
kind: Pod
metadata: {name: web, annotations: {container.apparmor.security.beta.kubernetes.io/app: ${profile}}}
spec: {containers: [{name: app, image: "registry.example.com/shop/web:1.4.2"}]}`;

export const rule = defineRule({
  id: 'apparmor',
  title: 'AppArmor switched off',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'On nodes with AppArmor a container gets the profile of the runtime by itself, which keeps it from mounting and from writing below /proc and /sys. Unconfined gives that up, and a way out of the container becomes shorter.',
  remedy:
    'Remove appArmorProfile (or the old annotation), or set its type to RuntimeDefault; a program that needs more gets a profile of its own with type Localhost, loaded on every node that it may run on.',
  controls: [...pss('baseline', 'appArmorProfile'), ...nsa('linux-hardening'), ...mitre('T1611')],
  aliases: {
    kubescape: ['C-0055'],
    trivy: ['KSV-0002'],
    kubeaudit: ['apparmor'],
    kubesec: ['ApparmorAny', 'ApparmorUnconfined'],
    'kyverno-policies': ['restrict-apparmor-profiles', 'add-apparmor'],
    'gatekeeper-library': ['apparmor'],
  },
  scope: 'container',
  applies: onLinux,
  check(container) {
    const type = appArmorType(container);
    // Unset is not off: the runtime applies its default profile.
    if (type === undefined || restricts(type)) return undefined;
    const what =
      type === 'Unconfined'
        ? 'runs without AppArmor: the profile is Unconfined'
        : `names the AppArmor profile "${type}", which is of no known type`;
    return { message: `container "${container.name}" ${what}`, ...appArmorPlace(container) };
  },
  examples: () => ({
    good: [
      withContainer(''),
      withContainer('securityContext: {appArmorProfile: {type: RuntimeDefault}}', 'securityContext: {appArmorProfile: {type: Unconfined}}'),
      ANNOTATED('runtime/default'),
      ANNOTATED('localhost/web'),
    ],
    bad: [
      {
        yaml: withContainer('securityContext: {appArmorProfile: {type: Unconfined}}'),
        path: `${CONTAINER}.securityContext.appArmorProfile.type`,
      },
      {
        yaml: withContainer('', 'securityContext: {appArmorProfile: {type: Unconfined}}'),
        path: `${POD}.securityContext.appArmorProfile.type`,
      },
      { yaml: ANNOTATED('unconfined'), path: 'metadata.annotations["container.apparmor.security.beta.kubernetes.io/app"]' },
      { yaml: ANNOTATED('web'), path: 'metadata.annotations["container.apparmor.security.beta.kubernetes.io/app"]' },
    ],
  }),
});
