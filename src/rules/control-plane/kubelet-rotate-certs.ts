import { parseBoolean } from '../../engines/command-line/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { COMMAND, FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

export const rule = kubeletRule({
  id: 'kubelet-rotate-certs',
  title: 'kubelet does not renew its client certificate',
  severity: 'low',
  rationale:
    'A certificate that is not renewed ends one day and takes the node with it; people then issue long-lived ones, which stay useful to a thief.',
  remedy: 'Set rotateCertificates: true in the KubeletConfiguration, or --rotate-certificates=true.',
  controls: [...cis('4.2.10'), ...nsa('control-plane-hardening', 'strong-authentication'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0182'], trivy: ['KCV-0090'], checkov: ['CKV_K8S_149'] },
  flag: '--rotate-certificates',
  field: 'rotateCertificates',
  read: (config) => config.rotateCertificates,
  byDefault: { flag: 'false', file: 'false' },
  wrong: (value) => (parseBoolean(value ?? '') === true ? undefined : {}),
  mend: true,
  examples: () => ({
    good: [kubelet('--rotate-certificates'), kubeletConfiguration('rotateCertificates: true')],
    bad: [
      { yaml: kubelet('--rotate-certificates=false'), path: FIRST },
      { yaml: kubelet(), path: COMMAND },
      { yaml: kubeletConfiguration('rotateCertificates: false'), path: 'rotateCertificates' },
      { yaml: kubeletConfiguration(''), path: 'rotateCertificates' },
    ],
  }),
});
