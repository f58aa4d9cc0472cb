/** What passes shows what was seen: the place that decides, and its value. */
import { describe, expect, it } from 'vitest';
import { parseNodeFacts } from '../snapshot/index.ts';
import { type Finding, RULES, judgeNodes } from './index.ts';
import { nodeFacts } from './node/node-examples.ts';

const FACTS = nodeFacts({
  processes: [
    [
      'kube-apiserver',
      '--profiling=false',
      '--audit-policy-file=/audit.yaml',
      '--encryption-provider-config=/enc.yaml',
      '--client-ca-file=/ca.crt',
    ],
    ['etcd', '--trusted-ca-file=/etcd-ca.crt'],
    ['kubelet', '--config=/var/lib/kubelet/config.yaml', '--hostname-override=n1'],
  ],
  files: {
    '/var/lib/kubelet/config.yaml':
      '600 root:root kind: KubeletConfiguration\nauthentication: {anonymous: {enabled: false}}\nserverTLSBootstrap: true\n',
    '/etc/kubernetes/admin.conf': '600 root:root',
    '/audit.yaml': '600 root:root {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": [{"level": "Metadata"}]}',
    '/enc.yaml':
      '600 root:root {"apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration", "resources": [{"resources": ["secrets"], "providers": [{"secretbox": {}}]}]}',
  },
  certificates: [
    ['/etcd-ca.crt etcd', { ca: true }],
    ['/ca.crt ca', { ca: true, notAfter: '2027-05-01T00:00:00Z' }],
  ],
  sockets: [{ protocol: 'tcp', address: '127.0.0.1', port: 10_257, process: 'kube-controller' }],
});

function passOf(id: string): Finding | undefined {
  const rules = RULES.filter((rule) => rule.id === id);
  const [judged] = judgeNodes({ nodes: [parseNodeFacts(FACTS, 'a test')] }, { rules, all: true }, '1.34');
  return judged?.found.find(({ status }) => status === 'pass');
}

describe('what a pass rests on', () => {
  it.each([
    ['apiserver-profiling', 'kube-apiserver runs with --profiling=false', 'argv[1]', '--profiling=false'],
    ['apiserver-token-auth-file', 'kube-apiserver runs without --token-auth-file', 'argv', undefined],
    [
      'kubelet-anonymous-auth',
      'KubeletConfiguration sets authentication.anonymous.enabled to false',
      'authentication.anonymous.enabled',
      false,
    ],
    ['audit-policy-coverage', 'the audit policy has 1 rule, all of which were looked at', 'rules', '1 rule'],
    ['audit-policy-no-catch-all', 'the audit policy has 1 rule, all of which were looked at', 'rules', '1 rule'],
    ['apiserver-encryption-provider', 'EncryptionConfiguration writes secrets with secretbox first', 'resources[0].providers', 'secretbox'],
    ['certificate-expiry', '/ca.crt is good until 2027-05-01, of 2 certificates', 'notAfter', '2027-05-01T00:00:00Z'],
    [
      'certificate-weak-key',
      '/etcd-ca.crt has the key rsa 2048 and is signed with sha256WithRSAEncryption, of 2 certificates',
      'key',
      'rsa 2048',
    ],
    ['etcd-ca-shared', '/etcd-ca.crt is another CA than /ca.crt', 'fingerprint', '/etcd-ca.crt etcd'],
    ['socket-beyond-loopback', 'no port that is for the node alone is open to its network, of 1 socket', 'sockets', '1 socket'],
    ['socket-of-unknown-owner', 'kube-controller listens at tcp 127.0.0.1:10257', 'tcp 127.0.0.1:10257', 'kube-controller'],
    ['admin-kubeconfig-perm', '/etc/kubernetes/admin.conf has the mode 600', 'mode', '600'],
  ])('is told by %s', (id, message, path, value) => {
    const pass = passOf(id);
    expect(pass?.message).toBe(message);
    expect(pass?.evidence[0]).toMatchObject({ path, value });
  });

  it('is never the title, which is that of the failure', () => {
    const rules = RULES.filter(({ area, scope }) => area === 'node' || area === 'control-plane' || scope === 'node');
    const [judged] = judgeNodes({ nodes: [parseNodeFacts(FACTS, 'a test')] }, { rules, all: true }, '1.34');
    const passes = judged?.found.filter(({ status }) => status === 'pass') ?? [];
    expect(passes.length).toBeGreaterThan(25);
    expect(passes.filter(({ rule, message }) => message === rule.title).map(({ rule }) => rule.id)).toEqual([]);
  });

  it('names the file that holds the setting', () => {
    expect(passOf('kubelet-anonymous-auth')?.evidence[0]?.origin.source).toBe('node1:/var/lib/kubelet/config.yaml');
  });

  it('is the value as the file has it, where that stands for a flag', () => {
    const text = 'name: a\nclient-transport-security: {client-cert-auth: false}\n';
    const facts = nodeFacts({ processes: [['etcd', '--config-file=/e.yml']], files: { '/e.yml': `600 root:root ${text}` } });
    const rules = RULES.filter(({ id }) => id === 'etcd-client-cert-auth');
    const [judged] = judgeNodes({ nodes: [parseNodeFacts(facts, 'a test')] }, { rules, all: true }, '1.34');
    const [found] = judged?.found ?? [];
    expect(found?.message).toBe('etcd runs with --client-cert-auth=false');
    expect(found?.evidence[0]).toMatchObject({ path: 'client-transport-security.client-cert-auth', value: false });
    expect(found?.evidence[0]?.origin.source).toBe('node1:/e.yml');
  });

  it('has no fix and no key, so that it is the same finding as ever', () => {
    const pass = passOf('apiserver-profiling');
    expect(pass?.change).toBeUndefined();
    expect(pass?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });
});
