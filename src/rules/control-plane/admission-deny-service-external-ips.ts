import { cis, mitre, nsa } from '../rule.ts';
import { pluginOn } from './admission.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'admission-deny-service-external-ips',
  title: 'Service externalIPs are not refused',
  severity: 'medium',
  rationale:
    'Whoever may create a Service can name any address in externalIPs and so take the traffic of other pods to that address (CVE-2020-8554).',
  remedy:
    'Add DenyServiceExternalIPs to --enable-admission-plugins; Services that really need an external address must then use a load balancer or an admission policy with an allow list.',
  controls: [...cis('1.2.3'), ...nsa('control-plane-hardening', 'network-policies'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0283'], trivy: ['KCV-0003'] },
  component: 'kube-apiserver',
  expect: pluginOn('DenyServiceExternalIPs'),
  examples: () => ({
    good: [
      apiServer('--enable-admission-plugins=NodeRestriction,DenyServiceExternalIPs'),
      apiServer('--enable-admission-plugins=NodeRestriction', '--enable-admission-plugins=DenyServiceExternalIPs'),
    ],
    bad: [
      { yaml: apiServer('--enable-admission-plugins=NodeRestriction'), path: FIRST },
      { yaml: apiServer(), path: COMMAND },
      { yaml: apiServer('--enable-admission-plugins=DenyServiceExternalIPsToo'), path: FIRST },
    ],
  }),
});
