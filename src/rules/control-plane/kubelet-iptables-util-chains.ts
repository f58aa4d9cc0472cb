import { parseBoolean } from '../../engines/command-line/index.ts';
import { cis, nsa } from '../rule.ts';
import { FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

export const rule = kubeletRule({
  id: 'kubelet-iptables-util-chains',
  title: 'kubelet leaves its iptables chains alone',
  severity: 'low',
  rationale:
    'Without the chains of the kubelet the firewall of the node can drift from what the network of the cluster expects, and packets pass that should be dropped.',
  remedy: 'Remove the setting or set makeIPTablesUtilChains: true, which is the default.',
  controls: [...cis('4.2.6'), ...nsa('control-plane-hardening')],
  aliases: { kubescape: ['C-0178'], trivy: ['KCV-0084'], checkov: ['CKV_K8S_145'] },
  flag: '--make-iptables-util-chains',
  field: 'makeIPTablesUtilChains',
  read: (config) => config.makeIPTablesUtilChains,
  byDefault: { flag: 'true', file: 'true' },
  wrong: (value) => (parseBoolean(value ?? '') === true ? undefined : {}),
  mend: true,
  examples: () => ({
    good: [kubelet(), kubelet('--make-iptables-util-chains'), kubeletConfiguration('makeIPTablesUtilChains: true')],
    bad: [
      { yaml: kubelet('--make-iptables-util-chains=false'), path: FIRST },
      { yaml: kubeletConfiguration('makeIPTablesUtilChains: false'), path: 'makeIPTablesUtilChains' },
    ],
  }),
});
