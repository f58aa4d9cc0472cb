import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'scheduler-kubeconfig-owner',
  title: 'Kubeconfig of the scheduler does not belong to root',
  severity: 'medium',
  rationale:
    'It holds the key with which the scheduler signs in, and whoever has that decides where pods run. The owner of a file may always read it.',
  remedy: 'Run chown root:root on the file. A component that runs as another user must then read it from a place of its own.',
  controls: [...cis('1.1.16'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0107'], trivy: ['KCV-0063'] },
  component: 'kube-scheduler',
  files: 'scheduler-kubeconfig',
  what: 'a kubeconfig of the scheduler',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/scheduler.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/scheduler.conf': '600 kube:root' } }), path: 'owner' }],
  }),
});
