import { gateOf } from '../../engines/command-line/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

const GATE = 'RotateKubeletServerCertificate';

export const rule = kubeletRule({
  id: 'kubelet-rotate-server-cert',
  title: 'Rotation of serving certificates is off in kubelet',
  severity: 'medium',
  rationale:
    'With the gate off the kubelet does not ask for new serving certificates; when they end, verification is turned off or self-signed ones come back.',
  remedy: 'Take RotateKubeletServerCertificate out of featureGates and --feature-gates; it is on by default.',
  controls: [...cis('4.2.11'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0183'], trivy: ['KCV-0091'] },
  flag: '--feature-gates',
  use: (line) => {
    const set = gateOf(line, GATE);
    return set === undefined ? undefined : { ...set.use, value: String(set.on) };
  },
  field: 'featureGates.RotateKubeletServerCertificate',
  read: ({ featureGates }) => featureGates?.[GATE] ?? featureGates?.AllBeta,
  byDefault: { flag: 'on', file: 'on' },
  wrong: (value) => (value === 'false' ? {} : undefined),
  examples: () => ({
    good: [
      kubelet(),
      kubelet('--feature-gates=RotateKubeletServerCertificate=true'),
      kubeletConfiguration('featureGates: {SeccompDefault: false}'),
    ],
    bad: [
      { yaml: kubelet('--feature-gates=RotateKubeletServerCertificate=false'), path: FIRST },
      {
        yaml: kubeletConfiguration('featureGates: {RotateKubeletServerCertificate: false}'),
        path: 'featureGates.RotateKubeletServerCertificate',
      },
    ],
  }),
});
