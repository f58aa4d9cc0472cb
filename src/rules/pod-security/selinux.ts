import { CONFINED_SELINUX_TYPES } from '../../engines/pod-security/index.ts';
import type { Workload } from '../../model/index.ts';
import { CONTAINER, POD, withContainer } from '../examples.ts';
import { type Hit, defineRule, mitre, nsa, pss } from '../rule.ts';
import { isWindows } from './security-context.ts';

type Options = NonNullable<NonNullable<Workload['pod']['securityContext']>['seLinuxOptions']>;

export const rule = defineRule({
  id: 'selinux',
  title: 'SELinux type, user or role replaced',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'On nodes with SELinux the type decides what a process may touch outside its container. Another type, user or role than the runtime gives (spc_t most of all) takes that boundary away.',
  remedy:
    'Remove type, user and role from seLinuxOptions and keep level at most; a workload that needs more gets a type that is made for it, for instance with udica. On nodes without SELinux the options do nothing.',
  controls: [...pss('baseline', 'seLinuxOptions'), ...nsa('linux-hardening'), ...mitre('T1611')],
  aliases: {
    kubescape: ['C-0055'],
    trivy: ['KSV-0025'],
    'kyverno-policies': ['disallow-selinux'],
    'gatekeeper-library': ['selinux'],
  },
  effort: 'medium',
  scope: 'workload',
  reads: ['kubernetes'],
  applies: (workload) => !isWindows(workload.pod),
  check(workload, { kubernetes }) {
    let hits = hitOf(workload.pod.securityContext?.seLinuxOptions, kubernetes.minor, { path: workload.podPath });
    for (const container of workload.containers) {
      const options = container.spec.securityContext?.seLinuxOptions;
      if (options !== undefined) hits = [...(hits ?? []), ...(hitOf(options, kubernetes.minor, container) ?? [])];
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer('', 'securityContext: {seLinuxOptions: {level: "s0:c123,c456"}}'),
      withContainer('securityContext: {seLinuxOptions: {type: container_t}}'),
      withContainer('securityContext: {seLinuxOptions: {type: container_engine_t, user: ""}}'),
    ],
    bad: [
      { yaml: withContainer('', 'securityContext: {seLinuxOptions: {type: spc_t}}'), path: `${POD}.securityContext.seLinuxOptions.type` },
      {
        yaml: withContainer('securityContext: {seLinuxOptions: {type: container_t, role: sysadm_r}}'),
        path: `${CONTAINER}.securityContext.seLinuxOptions.role`,
      },
      {
        yaml: withContainer('securityContext: {seLinuxOptions: {user: system_u}}'),
        path: `${CONTAINER}.securityContext.seLinuxOptions.user`,
      },
    ],
  }),
});

function hitOf(options: Options | undefined, minor: number, owner: { path: string; name?: string }): Hit[] | undefined {
  const field = options === undefined ? undefined : wrongField(options, minor);
  if (options === undefined || field === undefined) return undefined;
  const subject = owner.name === undefined ? '' : `container "${owner.name}" `;
  const path = `${owner.path}.securityContext.seLinuxOptions.${field}`;
  return [{ message: `${subject}sets the SELinux ${field} "${options[field]}"`, path, key: owner.name ?? '' }];
}

/** The first field that replaces what the runtime would give. */
function wrongField({ type, user, role }: Options, minor: number): 'type' | 'user' | 'role' | undefined {
  if (type && minor < (CONFINED_SELINUX_TYPES.get(type) ?? Infinity)) return 'type';
  if (user) return 'user';
  return role ? 'role' : undefined;
}
