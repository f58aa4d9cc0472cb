import { parseBoolean } from '../../engines/command-line/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { COMMAND, FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

export const rule = kubeletRule({
  id: 'kubelet-seccomp-default',
  title: 'Pods run without seccomp by default',
  severity: 'low',
  rationale:
    'A pod that names no seccomp profile may use every system call, and with them holes of the kernel that the runtime profile closes.',
  remedy:
    'Set seccompDefault: true in the KubeletConfiguration; programs that need rare system calls must then name a profile of their own.',
  controls: [...cis('4.2.14'), ...nsa('control-plane-hardening', 'linux-hardening'), ...mitre('T1611', 'T1068')],
  effort: 'medium',
  flag: '--seccomp-default',
  field: 'seccompDefault',
  read: (config) => config.seccompDefault,
  byDefault: { flag: 'false', file: 'false' },
  wrong: (value) => (parseBoolean(value ?? '') === true ? undefined : {}),
  examples: () => ({
    good: [kubelet('--seccomp-default'), kubeletConfiguration('seccompDefault: true')],
    bad: [
      { yaml: kubelet('--seccomp-default=false'), path: FIRST },
      { yaml: kubelet(), path: COMMAND },
      { yaml: kubeletConfiguration('seccompDefault: false'), path: 'seccompDefault' },
      { yaml: kubeletConfiguration(''), path: 'seccompDefault' },
      // The kubelet does not start with this.
      { yaml: kubeletConfiguration('seccompDefault: "true"'), path: 'seccompDefault', status: 'unknown' },
    ],
  }),
});
