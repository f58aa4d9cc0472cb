import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'scheduler-kubeconfig-perm',
  title: 'Kubeconfig of the scheduler can be read by others',
  severity: 'medium',
  rationale: 'It holds the key with which the scheduler signs in, and whoever has that decides where pods run.',
  remedy:
    'Run chmod 600 on the file; only a component that runs as another user than root needs more, and then the file should belong to that user.',
  controls: [...cis('1.1.15'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0106'], trivy: ['KCV-0062'] },
  component: 'kube-scheduler',
  files: 'scheduler-kubeconfig',
  what: 'a kubeconfig of the scheduler',
  most: 0o600,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/scheduler.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/scheduler.conf': '644 root:root' } }), path: 'mode' }],
  }),
});
