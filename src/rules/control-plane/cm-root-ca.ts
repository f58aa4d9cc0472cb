import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, controllerManager } from './manifests.ts';

export const rule = flagRule({
  id: 'cm-root-ca',
  title: 'Pods are not told the CA of the API server',
  severity: 'low',
  rationale:
    'Without the flag pods get the CA of whatever kubeconfig the controller manager uses, or none; clients that cannot verify the API server tend to skip the check.',
  remedy: 'Set --root-ca-file to the CA that signed the serving certificate of the API server.',
  controls: [...cis('1.3.5'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0148'], trivy: ['KCV-0037'], checkov: ['CKV_K8S_111'] },
  component: 'kube-controller-manager',
  expect: allSet(['--root-ca-file']),
  examples: () => ({
    good: [controllerManager('--root-ca-file=/pki/ca.crt')],
    bad: [{ yaml: controllerManager(), path: COMMAND }],
  }),
});
