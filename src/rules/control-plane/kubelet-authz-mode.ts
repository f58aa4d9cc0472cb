import { cis, mitre, nsa } from '../rule.ts';
import { COMMAND, FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

export const rule = kubeletRule({
  id: 'kubelet-authz-mode',
  title: 'kubelet allows every request',
  severity: 'high',
  rationale:
    'Any credential that the kubelet accepts, be it of another node or a user without roles, then runs commands in every pod of the node.',
  remedy: 'Set authorization.mode: Webhook in the KubeletConfiguration, or --authorization-mode=Webhook, so that the API server is asked.',
  controls: [...cis('4.2.2'), ...nsa('control-plane-hardening', 'rbac'), ...mitre('T1609')],
  aliases: { kubescape: ['C-0173'], trivy: ['KCV-0080'], checkov: ['CKV_K8S_139'] },
  flag: '--authorization-mode',
  field: 'authorization.mode',
  read: (config) => config.authorization?.mode,
  byDefault: { flag: 'AlwaysAllow', file: 'Webhook' },
  wrong: (value) => (value === 'AlwaysAllow' ? {} : undefined),
  mend: 'Webhook',
  examples: () => ({
    good: [kubelet('--authorization-mode=Webhook'), kubeletConfiguration('authorization: {mode: Webhook}'), kubeletConfiguration('')],
    bad: [
      { yaml: kubelet('--authorization-mode=AlwaysAllow'), path: FIRST },
      { yaml: kubelet(), path: COMMAND },
      { yaml: kubeletConfiguration('authorization: {mode: AlwaysAllow}'), path: 'authorization.mode' },
    ],
  }),
});
