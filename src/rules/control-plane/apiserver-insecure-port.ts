import { settingOf } from '../../engines/command-line/index.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';
import { missing, wrongValue } from './faults.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST, ofRelease } from './manifests.ts';
import { releaseOf } from './release.ts';

export const rule = flagRule({
  id: 'apiserver-insecure-port',
  title: 'API server opens a port without authentication',
  severity: 'high',
  rationale: 'Requests to the insecure port pass neither authentication nor authorization: who reaches it owns the cluster.',
  remedy: 'Set --insecure-port=0 in Kubernetes before 1.20 and remove the flag in later ones; move clients to the secure port first.',
  controls: [...ofDistributions({ openshift: ['1.2.15'] }), ...nsa('control-plane-hardening', 'anonymous-requests'), ...mitre('T1190')],
  aliases: { checkov: ['CKV_K8S_88'] },
  component: 'kube-apiserver',
  reads: ['kubernetes'],
  expect(line, { kubernetes }) {
    const use = settingOf(line, '--insecure-port');
    if (use !== undefined)
      return use.value === '0'
        ? undefined
        : wrongValue(use, {}, ': the port works before Kubernetes 1.20, and the flag is gone since 1.24');
    const release = releaseOf(line, kubernetes);
    if (release === undefined || release >= 20) return undefined;
    return missing(line, '--insecure-port', { because: `it is 8080 by default in Kubernetes 1.${release}` });
  },
  examples: () => ({
    good: [apiServer(), apiServer('--insecure-port=0')],
    bad: [
      { yaml: apiServer('--insecure-port=8080'), path: FIRST },
      { yaml: ofRelease('v1.19.16', apiServer()), path: COMMAND },
    ],
  }),
});
