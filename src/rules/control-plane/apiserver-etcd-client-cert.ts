import { cis, mitre, nsa } from '../rule.ts';
import { onTheWayToEtcd } from './etcd-urls.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-etcd-client-cert',
  title: 'API server has no client certificate for etcd',
  severity: 'high',
  rationale: 'Without it etcd must take requests from anyone who reaches its port, and etcd holds every Secret and role of the cluster.',
  remedy: 'Set --etcd-certfile and --etcd-keyfile, https in --etcd-servers, and --client-cert-auth=true on etcd.',
  controls: [...cis('1.2.23'), ...nsa('control-plane-hardening', 'etcd-protection', 'encryption-in-transit'), ...mitre('T1552', 'T1557')],
  aliases: { kubescape: ['C-0137'], trivy: ['KCV-0026'], checkov: ['CKV_K8S_99'] },
  component: 'kube-apiserver',
  expect: onTheWayToEtcd(allSet(['--etcd-certfile', '--etcd-keyfile'])),
  examples: () => ({
    good: [apiServer('--etcd-servers=unix://kine.sock'), apiServer('--etcd-certfile=/pki/etcd.crt', '--etcd-keyfile=/pki/etcd.key')],
    bad: [
      {
        yaml: apiServer('--etcd-servers=http://10.0.0.9:2379', '--etcd-certfile=/pki/etcd.crt', '--etcd-keyfile=/pki/etcd.key'),
        path: FIRST,
      },
      { yaml: apiServer('--etcd-certfile=/pki/etcd.crt'), path: COMMAND },
      { yaml: apiServer('--etcd-keyfile=/pki/etcd.key'), path: COMMAND },
      { yaml: apiServer(), path: COMMAND },
    ],
  }),
});
