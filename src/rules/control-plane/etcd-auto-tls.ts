import { cis, mitre, nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { etcd, FIRST } from './manifests.ts';

const BY_ENVIRONMENT = `
apiVersion: v1
kind: Pod
metadata: {name: etcd, namespace: kube-system}
spec:
  containers:
  - name: etcd
    image: quay.io/coreos/etcd:v3.5.21
    env:
    - {name: ETCD_AUTO_TLS, value: "true"}`;

export const rule = flagRule({
  id: 'etcd-auto-tls',
  title: 'etcd signs its own client certificate',
  severity: 'medium',
  rationale: 'Self-signed certificates made at start cannot be verified: clients must trust whoever answers.',
  remedy: 'Remove --auto-tls and give etcd a certificate by --cert-file and --key-file.',
  controls: [...cis('2.3'), ...nsa('etcd-protection', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0155'], trivy: ['KCV-0044'], checkov: ['CKV_K8S_118'] },
  effort: 'medium',
  component: 'etcd',
  expect: boolean('--auto-tls', false, { byDefault: false }),
  examples: () => ({
    good: [etcd(), etcd('--auto-tls=false'), etcd('--peer-auto-tls=true')],
    bad: [
      { yaml: etcd('--auto-tls=true'), path: FIRST },
      { yaml: etcd('--auto-tls'), path: FIRST },
      { yaml: BY_ENVIRONMENT, path: 'spec.containers[0].env[0].value' },
    ],
  }),
});
