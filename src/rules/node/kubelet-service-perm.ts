import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'kubelet-service-perm',
  title: 'Unit of the kubelet can be read or changed by others',
  severity: 'low',
  rationale:
    'Whoever may change the unit or its drop-ins decides what is started as root in place of the kubelet; whoever may read it learns its flags.',
  remedy:
    'Run chmod 600 on the unit and its drop-ins. Packages install them with 644 and bring that back when they are updated; a rule of the package manager or of the image of the node keeps it.',
  controls: [...cis('4.1.1'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0162'], trivy: ['KCV-0069'] },
  component: 'kubelet',
  files: 'kubelet-unit',
  what: 'a unit of the kubelet',
  most: 0o600,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/systemd/system/kubelet.service': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/lib/systemd/system/kubelet.service': '644 root:root' } }), path: 'mode' }],
  }),
});
