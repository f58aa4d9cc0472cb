import { cis, nsa } from '../rule.ts';
import { unset } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { FIRST, kubelet } from './manifests.ts';

export const rule = flagRule({
  id: 'kubelet-hostname-override',
  title: 'kubelet is given another host name',
  severity: 'low',
  rationale:
    'The name under which a kubelet signs in then differs from that of its machine, which confuses certificates, node authorization and the audit trail.',
  remedy: 'Remove --hostname-override and let the name come from the machine, unless the cloud provider asks for it.',
  controls: [...cis('4.2.7'), ...nsa('control-plane-hardening')],
  aliases: { kubescape: ['C-0179'], trivy: ['KCV-0086'], checkov: ['CKV_K8S_146'] },
  component: 'kubelet',
  expect: unset('--hostname-override'),
  examples: () => ({
    good: [kubelet()],
    bad: [{ yaml: kubelet('--hostname-override=node-7'), path: FIRST }],
  }),
});
