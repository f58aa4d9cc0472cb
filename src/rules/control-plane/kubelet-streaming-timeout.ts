import { parseDuration } from '../../engines/command-line/index.ts';
import { cis, nsa } from '../rule.ts';
import { FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

export const rule = kubeletRule({
  id: 'kubelet-streaming-timeout',
  title: 'kubelet never closes idle streams',
  severity: 'low',
  rationale:
    'Forgotten exec and port-forward sessions stay open for good: they use up ports and memory, and whoever takes over the terminal is inside the pod.',
  remedy: 'Remove the setting, which is four hours by default, or set streamingConnectionIdleTimeout to a period such as 5m.',
  controls: [...cis('4.2.5'), ...nsa('control-plane-hardening')],
  aliases: { kubescape: ['C-0176'], trivy: ['KCV-0085'], checkov: ['CKV_K8S_143'] },
  flag: '--streaming-connection-idle-timeout',
  field: 'streamingConnectionIdleTimeout',
  // In a file zero is no value: the kubelet takes four hours then, and kubeadm writes 0s to all its files.
  read: ({ streamingConnectionIdleTimeout: timeout }) => (parseDuration(timeout ?? '0') === 0 ? undefined : timeout),
  byDefault: { flag: '4h', file: '4h' },
  wrong: (value) => ((parseDuration(value ?? '') ?? 1) > 0 ? undefined : { because: ', which is no limit' }),
  examples: () => ({
    good: [kubelet('--streaming-connection-idle-timeout=5m'), kubelet(), kubeletConfiguration('streamingConnectionIdleTimeout: 0s')],
    bad: [
      { yaml: kubelet('--streaming-connection-idle-timeout=0'), path: FIRST },
      { yaml: kubeletConfiguration('streamingConnectionIdleTimeout: -1s'), path: 'streamingConnectionIdleTimeout' },
    ],
  }),
});
