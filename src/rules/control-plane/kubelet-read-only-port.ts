import { parseInteger } from '../../engines/command-line/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { COMMAND, FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

export const rule = kubeletRule({
  id: 'kubelet-read-only-port',
  title: 'kubelet opens its read-only port',
  severity: 'medium',
  rationale:
    'The port tells anyone on the network, without a credential, which pods run on the node with their whole specifications, environment included.',
  remedy: 'Set readOnlyPort: 0 in the KubeletConfiguration, or --read-only-port=0; monitoring must then use port 10250 with a token.',
  controls: [...cis('4.2.4'), ...nsa('control-plane-hardening', 'anonymous-requests', 'worker-segmentation'), ...mitre('T1613', 'T1046')],
  aliases: { kubescape: ['C-0175'], trivy: ['KCV-0082'], checkov: ['CKV_K8S_141'] },
  flag: '--read-only-port',
  field: 'readOnlyPort',
  read: (config) => config.readOnlyPort,
  byDefault: { flag: '10255', file: '0' },
  wrong: (value) => (parseInteger(value ?? '') === 0 ? undefined : {}),
  mend: 0,
  examples: () => ({
    good: [kubelet('--read-only-port=0'), kubeletConfiguration(''), kubeletConfiguration('readOnlyPort: 0')],
    bad: [
      { yaml: kubelet(), path: COMMAND },
      { yaml: kubelet('--read-only-port', '10255'), path: FIRST },
      { yaml: kubeletConfiguration('readOnlyPort: 10255'), path: 'readOnlyPort' },
    ],
  }),
});
