import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'kubelet-service-owner',
  title: 'Unit of the kubelet does not belong to root',
  severity: 'high',
  rationale: 'The owner of the unit or of a drop-in decides what systemd starts as root in place of the kubelet.',
  remedy: 'Run chown root:root on the unit and its drop-ins.',
  controls: [...cis('4.1.2'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0163'], trivy: ['KCV-0070'] },
  component: 'kubelet',
  files: 'kubelet-unit',
  what: 'a unit of the kubelet',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/systemd/system/kubelet.service': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/systemd/system/kubelet.service': '600 kube:kube' } }), path: 'owner' }],
  }),
});
