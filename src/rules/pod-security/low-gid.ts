import { CONTAINER, POD, withContainer } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { decidedAt, effective, hasUserNamespace, onLinux } from './security-context.ts';

/** The first id that counts as high: distributions give the ids below to groups of the node. */
const DEFAULTS: { minimum: number } = { minimum: 10_000 };

export const rule = defineRule({
  id: 'low-gid',
  title: 'Group id in the range of the node',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'A container without a user namespace shares its group ids with the node, and where none is set the runtime often takes the root group. What is open to that group on the node is then open to whatever leaks out of the container.',
  remedy:
    'Set runAsGroup to an id of 10000 or above, most simply the same as runAsUser. Files in the image that only the group root may read have to be changed first.',
  controls: nsa('non-root'),
  aliases: {
    trivy: ['KSV-0021'],
    'kube-score': ['container-security-context-user-group-id'],
    kubesec: ['RunAsGroup'],
  },
  effort: 'medium',
  scope: 'container',
  options: DEFAULTS,
  // A debugging container takes the identity of what it looks at.
  applies: (container) => container.type !== 'ephemeral' && onLinux(container) && !hasUserNamespace(container.workload.pod),
  check(container, _tables, { minimum }) {
    const group = effective(container, 'runAsGroup');
    if (group !== undefined && group >= minimum) return undefined;
    const hit: Hit = {
      message: `container "${container.name}" runs as group ${group}, below ${minimum}`,
      ...decidedAt(container, 'runAsGroup'),
    };
    if (group !== undefined) return hit;
    if (effective(container, 'runAsUser') === undefined) {
      hit.message = `container "${container.name}" leaves its group id to the image`;
      hit.severity = 'info';
    } else hit.message = `container "${container.name}" sets a user but no group: it gets the root group unless the image knows the user`;
    return hit;
  },
  examples: () => ({
    good: [
      withContainer('securityContext: {runAsGroup: 10000}'),
      withContainer('', 'securityContext: {runAsGroup: 65532}'),
      withContainer('', 'hostUsers: false'),
    ],
    bad: [
      { yaml: withContainer('securityContext: {runAsGroup: 3000}'), path: `${CONTAINER}.securityContext.runAsGroup` },
      { yaml: withContainer('', 'securityContext: {runAsGroup: 0}'), path: `${POD}.securityContext.runAsGroup` },
      { yaml: withContainer('securityContext: {runAsUser: 20000}'), path: `${CONTAINER}.securityContext.runAsGroup`, severity: 'low' },
      { yaml: withContainer(''), path: `${CONTAINER}.securityContext.runAsGroup`, severity: 'info' },
    ],
  }),
});
