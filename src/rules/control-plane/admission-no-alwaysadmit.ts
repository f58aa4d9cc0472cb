import { cis, mitre, nsa } from '../rule.ts';
import { pluginAbsent } from './admission.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'admission-no-alwaysadmit',
  title: 'Admission plugin AlwaysAdmit is enabled',
  severity: 'medium',
  rationale:
    'AlwaysAdmit lets every object through unseen and does nothing else; a control plane that enables it was set up to skip admission.',
  remedy: 'Remove AlwaysAdmit from --enable-admission-plugins.',
  controls: [...cis('1.2.10'), ...nsa('control-plane-hardening'), ...mitre('T1610')],
  aliases: { kubescape: ['C-0122'], trivy: ['KCV-0011'], checkov: ['CKV_K8S_79'] },
  component: 'kube-apiserver',
  expect: pluginAbsent('AlwaysAdmit'),
  examples: () => ({
    good: [apiServer(), apiServer('--enable-admission-plugins=NodeRestriction')],
    bad: [
      { yaml: apiServer('--enable-admission-plugins=NodeRestriction,AlwaysAdmit'), path: FIRST },
      { yaml: apiServer('--admission-control=AlwaysAdmit'), path: FIRST },
    ],
  }),
});
