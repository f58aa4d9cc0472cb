import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { onLinux } from './security-context.ts';

const FIELD = 'securityContext.readOnlyRootFilesystem';

export const rule = defineRule({
  id: 'read-only-rootfs',
  title: 'Writable root file system',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'Whoever runs code in the container can put tools next to it and change the program, its libraries and its configuration, which then stay changed until the container is replaced.',
  remedy:
    'Set securityContext.readOnlyRootFilesystem to true on each container and mount an emptyDir at every path that the program writes to, such as /tmp, /run and its cache; run it once and read its log to find them.',
  controls: nsa('immutable-rootfs'),
  aliases: {
    kubescape: ['C-0017'],
    trivy: ['KSV-0014'],
    checkov: ['CKV_K8S_22'],
    polaris: ['notReadOnlyRootFilesystem'],
    'kube-linter': ['no-read-only-root-fs'],
    'kube-score': ['container-security-context-readonlyrootfilesystem'],
    kubeaudit: ['rootfs'],
    kubesec: ['ReadOnlyRootFilesystem'],
    'kyverno-policies': ['require-ro-rootfs'],
    'gatekeeper-library': ['read-only-root-filesystem'],
  },
  effort: 'medium',
  scope: 'container',
  // A debugging container is there to be worked in, and is gone with its session.
  applies: (container) => container.type !== 'ephemeral' && onLinux(container),
  check(container) {
    if (container.spec.securityContext?.readOnlyRootFilesystem === true) return undefined;
    const hit: Hit = { message: `container "${container.name}" can write to its root file system`, path: FIELD };
    // What an init container writes there is gone before the pod serves anybody.
    if (container.type === 'init') hit.severity = 'info';
    return hit;
  },
  examples: () => ({
    good: [
      withContainer('securityContext: {readOnlyRootFilesystem: true}'),
      withContainer('', 'os: {name: windows}'),
      withContainer(
        'securityContext: {readOnlyRootFilesystem: true}',
        'ephemeralContainers: [{name: debug, image: "registry.example.com/tools:1"}]',
      ),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.${FIELD}`, severity: 'low' },
      { yaml: withContainer('securityContext: {readOnlyRootFilesystem: false}'), path: `${CONTAINER}.${FIELD}` },
      { yaml: withContainer('', 'securityContext: {readOnlyRootFilesystem: true}'), path: `${CONTAINER}.${FIELD}` },
      {
        yaml: withContainer('', 'initContainers: [{name: migrate, image: "registry.example.com/shop/migrate:3"}]'),
        path: `spec.template.spec.initContainers[0].${FIELD}`,
        severity: 'info',
      },
      {
        yaml: withContainer('', 'initContainers: [{name: proxy, image: "registry.example.com/shop/proxy:3", restartPolicy: Always}]'),
        path: `spec.template.spec.initContainers[0].${FIELD}`,
        severity: 'low',
      },
    ],
  }),
});
