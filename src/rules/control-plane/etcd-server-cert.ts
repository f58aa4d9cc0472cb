import { cis, mitre, nsa } from '../rule.ts';
import { byReach } from './etcd-urls.ts';
import { allSet } from './expectations.ts';
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
    - {name: ETCD_CERT_FILE, value: /pki/server.crt}
    - {name: ETCD_KEY_FILE, value: /pki/server.key}`;

const PAIR = ['--cert-file=/pki/server.crt', '--key-file=/pki/server.key'];

export const rule = flagRule({
  id: 'etcd-server-cert',
  title: 'etcd speaks without TLS to clients',
  severity: 'high',
  rationale: 'Every Secret crosses the network in clear text, and who listens can also write to the database of the cluster.',
  remedy:
    'Set --cert-file and --key-file (or ETCD_CERT_FILE and ETCD_KEY_FILE), and https in --listen-client-urls; clients must be given the CA at the same time.',
  controls: [...cis('2.1'), ...nsa('etcd-protection', 'encryption-in-transit'), ...mitre('T1557', 'T1552')],
  aliases: { kubescape: ['C-0153'], trivy: ['KCV-0042'], checkov: ['CKV_K8S_116'] },
  effort: 'medium',
  component: 'etcd',
  expect: byReach(allSet(['--cert-file', '--key-file']), 'clients'),
  examples: () => ({
    good: [
      etcd(...PAIR),
      etcd(...PAIR, '--listen-client-urls=https://0.0.0.0:2379,https://127.0.0.1:2379'),
      etcd(...PAIR, '--listen-client-urls=https://10.0.0.1:2379,unix:///run/etcd.sock'),
      BY_ENVIRONMENT,
    ],
    bad: [
      { yaml: etcd('--listen-client-urls=http://0.0.0.0:2379', ...PAIR), path: FIRST, severity: 'high' },
      { yaml: etcd('--listen-client-urls=https://10.0.0.1:2379, HTTP://10.0.0.1:2379', ...PAIR), path: FIRST, severity: 'high' },
      { yaml: etcd('--listen-client-urls=https://10.0.0.1:2379,http://127.0.0.1:2379', ...PAIR), path: FIRST, severity: 'medium' },
      {
        yaml: etcd('--listen-client-http-urls=http://10.0.0.1:2382', '--listen-client-urls=https://10.0.0.1:2379', ...PAIR),
        path: FIRST,
        severity: 'high',
      },
      { yaml: etcd('--listen-peer-urls=https://10.0.0.1:2380', ...PAIR), path: COMMAND, severity: 'medium' },
      { yaml: etcd('--cert-file=/pki/server.crt', '--listen-client-urls=https://0.0.0.0:2379'), path: COMMAND, severity: 'high' },
      { yaml: etcd('--peer-cert-file=/pki/peer.crt', '--peer-key-file=/pki/peer.key'), path: COMMAND, severity: 'medium' },
    ],
  }),
});
