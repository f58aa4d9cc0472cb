import { cis, mitre, nsa } from '../rule.ts';
import { pluginNotOff } from './admission.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST, ofRelease } from './manifests.ts';

export const rule = flagRule({
  id: 'admission-serviceaccount',
  title: 'Admission plugin ServiceAccount is disabled',
  severity: 'high',
  rationale:
    'The plugin gives each pod its account and checks that it exists; without it pods run without the account that policies and audit rely on.',
  remedy:
    'Take ServiceAccount out of --disable-admission-plugins; it is on by default. Before Kubernetes 1.10 name it in --admission-control.',
  controls: [...cis('1.2.12'), ...nsa('control-plane-hardening', 'token-protection'), ...mitre('T1528')],
  aliases: { kubescape: ['C-0125'], trivy: ['KCV-0014'], checkov: ['CKV_K8S_82'] },
  component: 'kube-apiserver',
  reads: ['kubernetes'],
  expect: pluginNotOff('ServiceAccount'),
  examples: () => ({
    good: [
      apiServer(),
      apiServer('--enable-admission-plugins=NodeRestriction'),
      apiServer('--disable-admission-plugins=ServiceAccountLike'),
      ofRelease('v1.10.0', apiServer()),
      ofRelease('v1.9.11', apiServer('--admission-control=NamespaceLifecycle,ServiceAccount')),
    ],
    bad: [
      { yaml: apiServer('--disable-admission-plugins=AlwaysAdmit,ServiceAccount'), path: FIRST },
      { yaml: apiServer('--admission-control=NamespaceLifecycle,LimitRanger'), path: FIRST },
      { yaml: ofRelease('v1.9.11', apiServer('--enable-admission-plugins=NodeRestriction')), path: COMMAND },
    ],
  }),
});
