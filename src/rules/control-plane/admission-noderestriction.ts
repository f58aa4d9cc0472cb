import { cis, mitre, nsa } from '../rule.ts';
import { pluginOn } from './admission.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'admission-noderestriction',
  title: 'Kubelets may change what is not theirs',
  severity: 'high',
  rationale:
    'Without NodeRestriction a kubelet, or who stole its certificate, may relabel other nodes and change their pods, and so draw sensitive workloads to itself.',
  remedy: 'Add NodeRestriction to --enable-admission-plugins, together with the Node authorizer.',
  controls: [...cis('1.2.14'), ...nsa('control-plane-hardening', 'rbac'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0127'], trivy: ['KCV-0016'], checkov: ['CKV_K8S_85'] },
  component: 'kube-apiserver',
  expect: pluginOn('NodeRestriction'),
  examples: () => ({
    good: [
      apiServer('--enable-admission-plugins=ServiceAccount,NodeRestriction'),
      apiServer('--enable-admission-plugins="NodeRestriction"'),
    ],
    bad: [
      { yaml: apiServer('--enable-admission-plugins=ServiceAccount'), path: FIRST },
      { yaml: apiServer(), path: COMMAND },
      {
        yaml: apiServer('--enable-admission-plugins=NodeRestriction', '--disable-admission-plugins=NodeRestriction'),
        path: `${COMMAND}[2]`,
      },
    ],
  }),
});
