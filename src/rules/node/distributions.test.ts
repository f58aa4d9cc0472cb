/** Nodes of other distributions, with everything in their own places and as it should be: no place makes a failure. */
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/rule-tester.ts';
import { NODE_PLACES, type NodeFacts } from '../../snapshot/index.ts';
import { RULES, type Status, judgeAll } from '../index.ts';
import { nodeFacts } from './node-examples.ts';

function judged(facts: NodeFacts): Map<string, Status> {
  const said = new Map<string, Status>();
  judgeAll(clusterOf([facts]), { rules: RULES, all: true }, ({ rule, status }) => {
    if (said.get(rule.id) !== 'fail') said.set(rule.id, status);
  });
  return said;
}

function factsOf(distribution: string, given: Parameters<typeof nodeFacts>[0]): NodeFacts {
  return { ...(JSON.parse(nodeFacts(given)) as NodeFacts), distribution };
}

function failing(said: ReadonlyMap<string, Status>): string[] {
  return [...said].filter(([, status]) => status === 'fail').map(([id]) => id);
}

const HARD = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /ca.crt}}
authorization: {mode: Webhook}
readOnlyPort: 0
rotateCertificates: true
serverTLSBootstrap: true
podPidsLimit: 4096
seccompDefault: true
tlsMinVersion: VersionTLS13
`;

describe.each(Object.entries(NODE_PLACES))('%s', (place, paths) => {
  it.each(paths)('%s is right as it should be', (path) => {
    const isFolder = /^(?:pki|kubelet-pki|manifests|cni-|etcd-data|.*drop-ins)/.test(place);
    const about = place === 'etcd-data' ? '700 etcd:etcd/' : isFolder ? '700 root:root/' : '600 root:root';
    const text = place === 'kubelet-config' ? ` ${HARD}` : '';
    expect(failing(judged(factsOf('kubernetes', { files: { [path]: `${about}${text}` } })))).toEqual([]);
  });
});

it('k3s, which is one program, is unknown where its arguments would decide', () => {
  const said = judged(
    factsOf('k3s', {
      processes: [['/usr/local/bin/k3s', 'server']],
      files: {
        '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf': '600 root:root readOnlyPort: 0',
        '/var/lib/rancher/k3s/server/db/etcd': '700 root:root/',
        '/var/lib/rancher/k3s/server/tls/server-ca.key': '600 root:root',
        '/etc/rancher/k3s/k3s.yaml': '600 root:root',
      },
    }),
  );
  expect(failing(said)).toEqual([]);
  expect(said.get('etcd-datadir-owner')).toBe('pass');
  expect(said.get('kubelet-anonymous-auth')).toBeUndefined();
});

it('RKE2 gives its kubelet drop-ins and no file', () => {
  const drop = '/var/lib/rancher/rke2/agent/etc/kubelet.conf.d';
  const said = judged(
    factsOf('rke2', {
      processes: [['kubelet', `--config-dir=${drop}`, '--kubeconfig=/var/lib/rancher/rke2/agent/kubelet.kubeconfig']],
      files: {
        [`${drop}/00-rke2-defaults.conf`]: `600 root:root ${HARD}`,
        '/var/lib/rancher/rke2/agent/kubelet.kubeconfig': '600 root:root',
      },
    }),
  );
  expect(failing(said)).toEqual([]);
  expect(said.get('kubelet-anonymous-auth')).toBe('pass');
});

it('EKS lays drop-ins over the file', () => {
  const said = judged(
    factsOf('eks', {
      processes: [
        ['/usr/bin/kubelet', '--config', '/etc/kubernetes/kubelet/config.json', '--config-dir', '/etc/kubernetes/kubelet/config.json.d'],
      ],
      files: {
        '/etc/kubernetes/kubelet/config.json': `600 root:root ${HARD.replace('seccompDefault: true', 'seccompDefault: false')}`,
        '/etc/kubernetes/kubelet/config.json.d/40-own.conf': '600 root:root seccompDefault: true',
      },
    }),
  );
  expect(failing(said)).toEqual([]);
});

it('what OpenShift calls kubelet.conf is the configuration and no kubeconfig', () => {
  const said = judged(
    factsOf('openshift', {
      processes: [['kubelet', '--config=/etc/kubernetes/kubelet.conf', '--kubeconfig=/var/lib/kubelet/kubeconfig']],
      files: { '/etc/kubernetes/kubelet.conf': `600 root:root ${HARD}`, '/var/lib/kubelet/kubeconfig': '600 root:root' },
    }),
  );
  expect(failing(said)).toEqual([]);
  expect(said.get('kubelet-kubeconfig-perm')).toBe('pass');
});
