import { cis, mitre, nsa } from '../rule.ts';
import { gateNotOff } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, controllerManager, FIRST, ofRelease } from './manifests.ts';

export const rule = flagRule({
  id: 'cm-rotate-kubelet-server-cert',
  title: 'Rotation of kubelet certificates is off',
  severity: 'medium',
  rationale:
    'With the gate off serving certificates of kubelets are not renewed; when they end people turn verification off, or stay with self-signed ones.',
  remedy: 'Take RotateKubeletServerCertificate=false out of --feature-gates; the gate is on by default.',
  controls: [...cis('1.3.6'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0149'], trivy: ['KCV-0038'], checkov: ['CKV_K8S_112'] },
  component: 'kube-controller-manager',
  reads: ['kubernetes'],
  expect: gateNotOff('RotateKubeletServerCertificate', 12),
  examples: () => ({
    good: [
      controllerManager(),
      controllerManager('--feature-gates=RotateKubeletServerCertificate=true'),
      controllerManager('--feature-gates=AllBeta=false,RotateKubeletServerCertificate=true'),
      ofRelease('v1.11.10', controllerManager('--feature-gates=AllAlpha=true')),
    ],
    bad: [
      { yaml: controllerManager('--feature-gates=Other=true,RotateKubeletServerCertificate=false'), path: FIRST },
      { yaml: controllerManager('--feature-gates=RotateKubeletServerCertificate=false', '--feature-gates=Other=true'), path: FIRST },
      { yaml: controllerManager('--feature-gates=AllBeta=false'), path: FIRST },
      { yaml: ofRelease('v1.11.10', controllerManager()), path: COMMAND },
    ],
  }),
});
