import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'kubelet-ca-owner',
  title: 'CA of the kubelet does not belong to root',
  severity: 'medium',
  rationale: 'The owner of this file can add a CA of their own, whose certificates the kubelet then believes.',
  remedy: 'Run chown root:root on the file that clientCAFile names.',
  controls: [...cis('4.1.8'), ...nsa('control-plane-hardening'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0169'], trivy: ['KCV-0076'] },
  component: 'kubelet',
  files: 'kubelet-ca',
  what: 'a CA for clients of the kubelet',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/pki/ca.crt': '644 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/pki/ca.crt': '644 kube:kube' } }), path: 'owner' }],
  }),
});
