import { cis, mitre, nsa } from '../rule.ts';
import { pluginOn } from './admission.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'admission-alwayspullimages',
  title: 'Images on a node serve every pod there',
  severity: 'low',
  rationale:
    'Without AlwaysPullImages a pod may run a private image that another tenant pulled to the node, without the credentials for it.',
  remedy:
    'In clusters of several tenants add AlwaysPullImages to --enable-admission-plugins; pods then cannot start while the registry is away.',
  controls: [...cis('1.2.11'), ...nsa('control-plane-hardening'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0123'], trivy: ['KCV-0012'], checkov: ['CKV_K8S_80'] },
  component: 'kube-apiserver',
  expect: pluginOn('AlwaysPullImages'),
  examples: () => ({
    good: [apiServer('--enable-admission-plugins=AlwaysPullImages')],
    bad: [
      { yaml: apiServer('--enable-admission-plugins=NodeRestriction'), path: FIRST },
      { yaml: apiServer(), path: COMMAND },
    ],
  }),
});
