import { CONTAINER, POD, withContainer } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { decidedAt, effective, hasUserNamespace, onLinux } from './security-context.ts';

/** The first id that counts as high: distributions give the ids below to accounts of the node. */
const DEFAULTS: { minimum: number } = { minimum: 10_000 };

export const rule = defineRule({
  id: 'low-uid',
  title: 'User id in the range of the node',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'A container without a user namespace shares its user ids with the node. An id that an account or a service of the node has too owns the files and may signal the processes of that account once something leaks out of the container.',
  remedy:
    'Set runAsUser to an id of 10000 or above that no account of the node has. Files in the image must be readable by it; volumes are handed over with fsGroup. Or give the pod a user namespace with hostUsers: false.',
  controls: nsa('non-root'),
  aliases: {
    trivy: ['KSV-0020'],
    checkov: ['CKV_K8S_40'],
    'kube-score': ['container-security-context-user-group-id'],
    kubesec: ['RunAsUser'],
  },
  covers: ['low-gid'],
  effort: 'medium',
  scope: 'container',
  options: DEFAULTS,
  // A debugging container takes the identity of what it looks at.
  applies: (container) => container.type !== 'ephemeral' && onLinux(container) && !hasUserNamespace(container.workload.pod),
  check(container, _tables, { minimum }) {
    const user = effective(container, 'runAsUser');
    if (user !== undefined && user >= minimum) return undefined;
    const hit: Hit = {
      message: `container "${container.name}" runs as user ${user}, below ${minimum}`,
      ...decidedAt(container, 'runAsUser'),
    };
    if (user === undefined) {
      hit.message = `container "${container.name}" leaves its user id to the image`;
      if (effective(container, 'runAsNonRoot') === true) hit.severity = 'info';
    }
    return hit;
  },
  examples: () => ({
    good: [
      withContainer('securityContext: {runAsUser: 10000}'),
      withContainer('', 'securityContext: {runAsUser: 65532}'),
      withContainer('securityContext: {runAsUser: 1000}', 'hostUsers: false'),
    ],
    bad: [
      { yaml: withContainer('securityContext: {runAsUser: 9999}'), path: `${CONTAINER}.securityContext.runAsUser`, severity: 'low' },
      { yaml: withContainer('', 'securityContext: {runAsUser: 1000}'), path: `${POD}.securityContext.runAsUser` },
      { yaml: withContainer('securityContext: {runAsNonRoot: true}'), path: `${CONTAINER}.securityContext.runAsUser`, severity: 'info' },
    ],
  }),
});
