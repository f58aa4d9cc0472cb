import { parseInteger, settingOf } from '../../engines/command-line/index.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';
import { wrongValue } from './faults.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-secure-port',
  title: 'API server has its secure port turned off',
  severity: 'high',
  rationale: 'Without the secure port every client is left with one that asks for no credential.',
  remedy: 'Remove --secure-port=0 or set the port to 6443; clients of the insecure port must be moved to it.',
  controls: [...ofDistributions({ openshift: ['1.2.16'] }), ...nsa('control-plane-hardening'), ...mitre('T1190')],
  aliases: { trivy: ['KCV-0017'], checkov: ['CKV_K8S_89'] },
  component: 'kube-apiserver',
  expect(line) {
    const use = settingOf(line, '--secure-port');
    if (use === undefined || use.opaque || parseInteger(use.value) !== 0) return undefined;
    return wrongValue(use, {}, ': since Kubernetes 1.20 there is no other port, so it does not start');
  },
  examples: () => ({
    good: [apiServer(), apiServer('--secure-port=6443')],
    bad: [{ yaml: apiServer('--secure-port=0'), path: FIRST }],
  }),
});
