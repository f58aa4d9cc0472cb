import { mitre, nsa, ofDistributions } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-kubelet-https',
  title: 'API server talks to kubelets without TLS',
  severity: 'high',
  rationale: 'Logs, exec sessions and credentials of pods would cross the network in clear text, open to be read and changed.',
  remedy: 'Remove --kubelet-https; connections to kubelets always use TLS in Kubernetes since 1.19.',
  controls: [...ofDistributions({ openshift: ['1.2.2'] }), ...nsa('control-plane-hardening'), ...mitre('T1557')],
  aliases: { trivy: ['KCV-0004'], checkov: ['CKV_K8S_71'] },
  component: 'kube-apiserver',
  expect(line) {
    const fault = boolean('--kubelet-https', true, { byDefault: true, mends: true })(line);
    return fault?.use === undefined
      ? fault
      : { ...fault, words: `${fault.words}: it has no effect since Kubernetes 1.19, and the flag is gone since 1.22` };
  },
  examples: () => ({
    good: [apiServer(), apiServer('--kubelet-https')],
    bad: [{ yaml: apiServer('--kubelet-https=false'), path: FIRST }],
  }),
});
