import { cis, mitre, nsa } from '../rule.ts';
import { allSet, onTheWayToEtcd } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-etcd-ca',
  title: 'API server does not verify etcd',
  severity: 'medium',
  rationale:
    'Without an authority of its own choice the API server can be led to a false etcd, which then hands it whatever roles and Secrets an attacker likes.',
  remedy: 'Set --etcd-cafile to the CA that signed the certificates of etcd.',
  controls: [...cis('1.2.26'), ...nsa('control-plane-hardening', 'etcd-protection', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0140'], trivy: ['KCV-0029'], checkov: ['CKV_K8S_102'] },
  component: 'kube-apiserver',
  expect: onTheWayToEtcd(allSet(['--etcd-cafile'])),
  examples: () => ({
    good: [apiServer('--etcd-servers=unix://kine.sock'), apiServer('--etcd-cafile=/pki/etcd/ca.crt')],
    bad: [{ yaml: apiServer(), path: COMMAND }],
  }),
});
