import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, controllerManager } from './manifests.ts';

export const rule = flagRule({
  id: 'cm-sa-private-key',
  title: 'Account tokens have no signing key of their own',
  severity: 'low',
  rationale: 'The controller manager cannot sign tokens for token Secrets, and setups without the flag tend to reuse another key for it.',
  remedy: 'Set --service-account-private-key-file to the key whose public part the API server has in --service-account-key-file.',
  controls: [...cis('1.3.4'), ...nsa('control-plane-hardening', 'token-protection'), ...mitre('T1528')],
  aliases: { kubescape: ['C-0147'], trivy: ['KCV-0036'], checkov: ['CKV_K8S_110'] },
  component: 'kube-controller-manager',
  expect: allSet(['--service-account-private-key-file']),
  examples: () => ({
    good: [controllerManager('--service-account-private-key-file=/pki/sa.key')],
    bad: [{ yaml: controllerManager(), path: COMMAND }],
  }),
});
