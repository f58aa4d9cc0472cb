/** What passes shows what was seen: the place that decides, and its value. */
import { describe, expect, it } from 'vitest';
import { parseNodeFacts } from '../snapshot/index.ts';
import { type Finding, RULES, judgeNodes } from './index.ts';
import { nodeFacts } from './node/node-examples.ts';

const FACTS = nodeFacts({
  processes: [
    ['kube-apiserver', '--profiling=false'],
    ['kubelet', '--config=/var/lib/kubelet/config.yaml', '--hostname-override=n1'],
  ],
  files: {
    '/var/lib/kubelet/config.yaml':
      '600 root:root kind: KubeletConfiguration\nauthentication: {anonymous: {enabled: false}}\nserverTLSBootstrap: true\n',
    '/etc/kubernetes/admin.conf': '600 root:root',
  },
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
    ['admin-kubeconfig-perm', '/etc/kubernetes/admin.conf has the mode 600', 'mode', '600'],
  ])('is told by %s', (id, message, path, value) => {
    const pass = passOf(id);
    expect(pass?.message).toBe(message);
    expect(pass?.evidence[0]).toMatchObject({ path, value });
  });

  it('names the file that holds the setting', () => {
    expect(passOf('kubelet-anonymous-auth')?.evidence[0]?.origin.source).toBe('node1:/var/lib/kubelet/config.yaml');
  });

  it('has no fix and no key, so that it is the same finding as ever', () => {
    const pass = passOf('apiserver-profiling');
    expect(pass?.change).toBeUndefined();
    expect(pass?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });
});
