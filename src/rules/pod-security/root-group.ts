import { CONTAINER, POD, withContainer } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { hasUserNamespace, isWindows } from './security-context.ts';

export const rule = defineRule({
  id: 'root-group',
  title: 'Member of the root group',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'Files of the image and of mounted host paths that root shares with its group (logs, sockets, configuration) are open to the process although its user is not root.',
  remedy:
    'Set runAsGroup and fsGroup to ids of their own and take 0 out of supplementalGroups. Images made for OpenShift expect the group 0 to write their files: give those files to another group first.',
  controls: nsa('non-root'),
  aliases: {
    kubescape: ['C-0013'],
    trivy: ['KSV-0116'],
    'kyverno-policies': ['require-non-root-groups', 'check-supplemental-groups', 'restrict-usergroup-fsgroup-id'],
    'gatekeeper-library': ['users', 'fsgroup'],
  },
  coversSameField: ['low-gid'],
  scope: 'workload',
  applies: (workload) => !isWindows(workload.pod),
  check(workload) {
    const { pod, podPath } = workload;
    const context = pod.securityContext;
    let hits: Hit[] | undefined;
    // Said once for the pod where a container takes it; a pod's value that no container takes does nothing.
    if (context?.runAsGroup === 0 && workload.containers.some((container) => container.spec.securityContext?.runAsGroup === undefined)) {
      (hits ??= []).push({
        message: 'runs with the root group as primary group',
        path: `${podPath}.securityContext.runAsGroup`,
        key: 'runAsGroup',
      });
    }
    for (const container of workload.containers) {
      if (container.spec.securityContext?.runAsGroup !== 0) continue;
      const message = `container "${container.name}" runs with the root group as primary group`;
      (hits ??= []).push({ message, path: `${container.path}.securityContext.runAsGroup`, key: `runAsGroup/${container.name}` });
    }
    if (context?.fsGroup === 0) {
      (hits ??= []).push({
        message: 'gives its volumes to the root group and joins it',
        path: `${podPath}.securityContext.fsGroup`,
        key: 'fsGroup',
      });
    }
    const index = context?.supplementalGroups?.indexOf(0) ?? -1;
    if (index >= 0) {
      (hits ??= []).push({
        message: 'joins the root group',
        path: `${podPath}.securityContext.supplementalGroups[${index}]`,
        key: 'supplementalGroups',
      });
    }
    return hits !== undefined && hasUserNamespace(pod) ? hits.map((hit) => ({ ...hit, severity: 'info' as const })) : hits;
  },
  examples: () => ({
    good: [
      withContainer(''),
      withContainer('securityContext: {runAsGroup: 3000}', 'securityContext: {runAsGroup: 0}'),
      withContainer('', 'securityContext: {runAsUser: 0, supplementalGroups: [2000], fsGroup: 2000}'),
    ],
    bad: [
      { yaml: withContainer('', 'securityContext: {runAsGroup: 0}'), path: `${POD}.securityContext.runAsGroup` },
      { yaml: withContainer('securityContext: {runAsGroup: 0}'), path: `${CONTAINER}.securityContext.runAsGroup` },
      { yaml: withContainer('', 'securityContext: {supplementalGroups: [2000, 0]}'), path: `${POD}.securityContext.supplementalGroups[1]` },
      { yaml: withContainer('', 'securityContext: {fsGroup: 0}'), path: `${POD}.securityContext.fsGroup` },
      {
        yaml: withContainer('', 'hostUsers: false\nsecurityContext: {fsGroup: 0}'),
        path: `${POD}.securityContext.fsGroup`,
        severity: 'info',
      },
    ],
  }),
});
