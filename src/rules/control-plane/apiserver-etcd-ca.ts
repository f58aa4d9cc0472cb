import { cis, mitre, nsa } from '../rule.ts';
import { onTheWayToEtcd } from './etcd-urls.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-etcd-ca',
  title: 'API server does not verify etcd',
  severity: 'medium',
  rationale:
    'Without an authority of its own choice the API server can be led to a false etcd, which then hands it whatever roles and Secrets an attacker likes.',
  remedy: 'Set --etcd-cafile to the CA that signed the certificates of etcd, and https in --etcd-servers: http is asked without TLS.',
  controls: [...cis('1.2.26'), ...nsa('control-plane-hardening', 'etcd-protection', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0140'], trivy: ['KCV-0029'], checkov: ['CKV_K8S_102'] },
  component: 'kube-apiserver',
  expect: onTheWayToEtcd(allSet(['--etcd-cafile'])),
  examples: () => ({
    good: [
      apiServer('--etcd-servers=unix://kine.sock'),
      apiServer('--etcd-cafile=/pki/etcd/ca.crt', '--etcd-servers=https://10.0.0.1:2379'),
    ],
    bad: [
      { yaml: apiServer(), path: COMMAND },
      { yaml: apiServer('--etcd-servers=https://10.0.0.1:2379,http://10.0.0.2:2379', '--etcd-cafile=/pki/etcd/ca.crt'), path: FIRST },
      {
        yaml: apiServer(
          '--etcd-servers-overrides=/events#https://10.0.0.3:2379;http://10.0.0.4:2379',
          '--etcd-servers=https://10.0.0.1:2379',
          '--etcd-cafile=/pki/etcd/ca.crt',
        ),
        path: FIRST,
      },
    ],
  }),
});
