import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-client-ca',
  title: 'API server has no CA for client certificates',
  severity: 'medium',
  rationale:
    'Kubelets and control-plane components cannot sign in with certificates, so they fall back to tokens that live longer and leak more easily.',
  remedy: 'Set --client-ca-file to the CA of the cluster.',
  controls: [...cis('1.2.25'), ...nsa('control-plane-hardening', 'strong-authentication'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0139'], trivy: ['KCV-0028'] },
  component: 'kube-apiserver',
  expect: allSet(['--client-ca-file']),
  examples: () => ({
    good: [apiServer('--client-ca-file=/pki/ca.crt')],
    bad: [{ yaml: apiServer('--requestheader-client-ca-file=/pki/front-proxy-ca.crt'), path: COMMAND }],
  }),
});
