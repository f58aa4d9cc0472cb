import { cis, mitre, nsa } from '../rule.ts';
import { byReach } from './etcd-urls.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, etcd, FIRST } from './manifests.ts';

const BY_ENVIRONMENT = `
apiVersion: v1
kind: Pod
metadata: {name: etcd, namespace: kube-system}
spec:
  containers:
  - name: etcd
    image: quay.io/coreos/etcd:v3.5.21
    env:
    - {name: ETCD_CLIENT_CERT_AUTH, value: "true"}`;

export const rule = flagRule({
  id: 'etcd-client-cert-auth',
  title: 'etcd asks clients for no certificate',
  severity: 'critical',
  rationale:
    'Whoever reaches the client port reads every Secret and writes any object, past authentication, authorization and admission: that is the whole cluster.',
  remedy:
    'Set --client-cert-auth=true with --trusted-ca-file and https in --listen-client-urls, and give the API server a client certificate of that CA.',
  controls: [...cis('2.2'), ...nsa('etcd-protection', 'encryption-in-transit', 'strong-authentication'), ...mitre('T1552', 'T1078')],
  aliases: { kubescape: ['C-0154'], trivy: ['KCV-0043'], checkov: ['CKV_K8S_117'] },
  effort: 'medium',
  component: 'etcd',
  expect: byReach(boolean('--client-cert-auth', true, { byDefault: false }), 'clients'),
  examples: () => ({
    good: [etcd('--client-cert-auth=true'), etcd('-client-cert-auth'), BY_ENVIRONMENT],
    bad: [
      { yaml: etcd('--listen-client-urls=http://0.0.0.0:2379', '--client-cert-auth=true'), path: FIRST, severity: 'critical' },
      { yaml: etcd('--listen-client-urls=http://[::1]:2379', '--client-cert-auth=true'), path: FIRST, severity: 'medium' },
      { yaml: etcd('--name=a', '--client-cert-auth=true'), path: COMMAND, severity: 'medium' },
      { yaml: etcd('--client-cert-auth=false', '--listen-client-urls=https://0.0.0.0:2379'), path: FIRST, severity: 'critical' },
      { yaml: etcd('--listen-client-urls=https://127.0.0.1:2379'), path: COMMAND, severity: 'medium' },
      { yaml: etcd('--client_cert_auth=true'), path: COMMAND },
    ],
  }),
});
