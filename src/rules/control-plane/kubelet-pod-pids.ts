import { parseInteger } from '../../engines/command-line/index.ts';
import { cis, nsa } from '../rule.ts';
import { COMMAND, FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

export const rule = kubeletRule({
  id: 'kubelet-pod-pids',
  title: 'Pods may start processes without limit',
  severity: 'medium',
  rationale: 'A fork bomb in one pod takes every process id of the node and stops all its pods and the kubelet.',
  remedy:
    'Set podPidsLimit in the KubeletConfiguration to a number above what pods really use, such as 4096; pods beyond it cannot start more processes.',
  controls: [...cis('4.2.13'), ...nsa('control-plane-hardening', 'resource-policies')],
  aliases: { kubescape: ['C-0284'] },
  flag: '--pod-max-pids',
  field: 'podPidsLimit',
  read: (config) => config.podPidsLimit,
  byDefault: { flag: '-1', file: '-1' },
  wrong: (value) => ((parseInteger(value ?? '') ?? 0) > 0 ? undefined : { because: ', which is no limit' }),
  examples: () => ({
    good: [kubelet('--pod-max-pids=4096'), kubeletConfiguration('podPidsLimit: 4096')],
    bad: [
      { yaml: kubelet(), path: COMMAND },
      { yaml: kubelet('--pod-max-pids=-1'), path: FIRST },
      { yaml: kubelet('--pod-max-pids', '-1'), path: FIRST },
      { yaml: kubeletConfiguration('podPidsLimit: -1'), path: 'podPidsLimit' },
      { yaml: kubeletConfiguration(''), path: 'podPidsLimit' },
    ],
  }),
});
