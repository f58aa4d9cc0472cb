import { describe, expect, it } from 'vitest';
import { CniReader, type Enforcement, cniNames } from './index.ts';

type Raw = Record<string, unknown>;

function read(...objects: Raw[]): Enforcement {
  const reader = new CniReader();
  for (const [index, object] of objects.entries()) reader.add(object, index);
  return reader.enforcement();
}

function daemon(...images: string[]): Raw {
  return withContainers(
    'agent',
    images.map((image) => ({ name: 'c', image })),
  );
}
function withContainers(name: string, containers: Raw[]): Raw {
  return { kind: 'DaemonSet', metadata: { name }, spec: { template: { spec: { containers } } } };
}
function settings(name: string, data: Record<string, string>): Raw {
  return { kind: 'ConfigMap', metadata: { name, namespace: 'kube-system' }, data };
}
function node(metadata: Raw, kubeletVersion = 'v1.34.1'): Raw {
  return { kind: 'Node', metadata: { name: 'a', ...metadata }, status: { nodeInfo: { kubeletVersion } } };
}

/** NetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy: y, n or ?. */
function letters({ of }: Enforcement): string {
  return [of.NetworkPolicy, of.AdminNetworkPolicy, of.BaselineAdminNetworkPolicy, of.ClusterNetworkPolicy]
    .map((answer) => (answer === 'unknown' ? '?' : answer[0]))
    .join('');
}

describe('the network plug-in', () => {
  it.each([
    ['Calico 3.28.1', 'ynnn', [daemon('docker.io/calico/node:v3.28.1')]],
    ['Calico 3.29.0', 'yynn', [daemon('quay.io/calico/node:v3.29.0')]],
    ['Calico 3.31.2', 'yyyn', [daemon('docker.io/calico/node:v3.31.2')]],
    ['Calico 3.32.0', 'ynny', [daemon('rancher/mirrored-calico-node:v3.32.0')]],
    ['Calico', 'y???', [daemon('docker.io/calico/node@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef')]],
    ['Canal 3.30.1', 'yyyn', [daemon('docker.io/calico/node:v3.30.1', 'docker.io/flannel/flannel:v0.26.0')]],
    ['Cilium 1.18.2', 'ynnn', [daemon('quay.io/cilium/cilium:v1.18.2')]],
    ['Cilium 1.20.0', 'ynn?', [daemon('quay.io/cilium/cilium:v1.20.0')]],
    [
      'Cilium 1.20.0',
      'ynny',
      [daemon('quay.io/cilium/cilium:v1.20.0'), settings('cilium-config', { 'enable-k8s-cluster-network-policy': 'true' })],
    ],
    ['Cilium 1.20.0', 'ynnn', [daemon('quay.io/cilium/cilium:v1.20.0'), settings('cilium-config', {})]],
    ['Cilium 1.18.2', 'nnnn', [daemon('quay.io/cilium/cilium:v1.18.2'), settings('cilium-config', { 'enable-policy': 'never' })]],
    ['Antrea 2.3.0', 'y???', [daemon('antrea/antrea-agent-ubuntu:v2.3.0')]],
    [
      'Antrea 2.3.0',
      'yyy?',
      [
        daemon('antrea/antrea-agent-ubuntu:v2.3.0'),
        settings('antrea-config', { 'antrea-controller.conf': 'featureGates:\n  AdminNetworkPolicy: true\n' }),
      ],
    ],
    [
      'Antrea 2.3.0',
      'ynn?',
      [
        daemon('antrea/antrea-agent-ubuntu:v2.3.0'),
        settings('antrea-config', { 'antrea-controller.conf': 'featureGates:\n#  AdminNetworkPolicy: true\n' }),
      ],
    ],
    ['OVN-Kubernetes', 'y???', [withContainers('ovnkube-node', [{ image: 'quay.io/openshift-release-dev/ocp@sha256:00' }])]],
    ['kube-router 2.5.0', 'ynnn', [daemon('cloudnativelabs/kube-router:v2.5.0')]],
    [
      'kube-router',
      'nnnn',
      [withContainers('kube-router', [{ image: 'cloudnativelabs/kube-router', args: ['--run-router=true', '--run-firewall=false'] }])],
    ],
    ['flannel 0.26.1', 'nnnn', [daemon('ghcr.io/flannel-io/flannel:v0.26.1')]],
    [
      'kube-network-policies 0.8.1 and flannel 0.26.1',
      'yyyn',
      [daemon('ghcr.io/flannel-io/flannel:v0.26.1', 'registry.k8s.io/networking/kube-network-policies:v0.8.1-npa-v1alpha1')],
    ],
    ['kindnet 20240513', 'nnnn', [daemon('docker.io/kindest/kindnetd:v20240513-cd2ac642')]],
    ['kindnet 20250512', 'ynnn', [daemon('docker.io/kindest/kindnetd:v20250512-df8de77b')]],
    ['kindnet 1.2.0', 'nnnn', [daemon('ghcr.io/aojea/kindnetd:v1.2.0')]],
    ['kindnet 1.8.0', 'ynnn', [daemon('ghcr.io/aojea/kindnetd:v1.8.0')]],
    ['Weave Net 2.8.1', 'ynnn', [daemon('weaveworks/weave-kube:2.8.1', 'weaveworks/weave-npc:2.8.1')]],
    ['Weave Net 2.8.1', 'nnnn', [daemon('weaveworks/weave-kube:2.8.1')]],
    ['Amazon VPC CNI 1.19.0', 'nnnn', [daemon('602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.19.0')]],
    ['Azure CNI', 'nnnn', [daemon('mcr.microsoft.com/containernetworking/azure-cns')]],
    [
      'Azure Network Policy Manager 1.5.5 and Azure CNI',
      'ynnn',
      [daemon('mcr.microsoft.com/containernetworking/azure-npm:v1.5.5'), daemon('mcr.microsoft.com/containernetworking/azure-cns')],
    ],
    ["GKE's netd", 'nnnn', [daemon('gke.gcr.io/netd')]],
    ["Cilium and GKE's netd", 'ynn?', [daemon('gke.gcr.io/cilium/cilium'), daemon('gke.gcr.io/netd')]],
    ['the network of K3s', 'ynnn', [node({ annotations: { 'k3s.io/node-args': '["server"]' } }, 'v1.34.1+k3s1')]],
    [
      'the network of K3s',
      'nnnn',
      [node({ annotations: { 'k3s.io/node-args': '["server","--disable-network-policy","true"]' } }, 'v1.34.1+k3s1')],
    ],
    [
      'the network of K3s',
      'ynnn',
      [node({ annotations: { 'k3s.io/node-args': '["server","--disable-network-policy","false"]' } }, 'v1.34.1+k3s1')],
    ],
    ['EKS Auto Mode', 'n???', [node({ labels: { 'eks.amazonaws.com/compute-type': 'auto' } })]],
    [
      'EKS Auto Mode',
      'y???',
      [
        node({ labels: { 'eks.amazonaws.com/compute-type': 'auto' } }),
        settings('amazon-vpc-cni', { 'enable-network-policy-controller': 'true' }),
      ],
    ],
    ['Cilium', 'y???', [node({ annotations: { 'network.cilium.io/ipv4-cilium-host': '10.0.0.1' } })]],
    ['', '????', [node({}), daemon('docker.io/library/nginx:1.29'), settings('cilium-config', { 'enable-policy': 'never' })]],
  ] as const)('%s is known and enforces %s', (name, want, objects) => {
    const found = read(...(objects as readonly Raw[]));
    expect(cniNames(found.cnis)).toBe(name);
    expect(letters(found)).toBe(want);
  });

  it('is told once, by the object that tells of it', () => {
    const [only, ...more] = read(
      node({ annotations: { 'projectcalico.org/IPv4Address': '10.0.0.1/24' } }),
      daemon('docker.io/calico/node:v3.31.0'),
    ).cnis;
    expect(more).toEqual([]);
    expect(only).toMatchObject({ id: 'calico', version: '3.31.0', object: 1 });
  });

  it('is none of what only sounds like it', () => {
    expect(
      read(
        daemon('docker.io/calico/node-driver-registrar:v3.31.0', 'docker.io/flannel/flannel-cni-plugin:v1.7.0', 'example.com/my-cilium:v1'),
      ).cnis,
    ).toEqual([]);
  });

  it('is read from whatever is there', () => {
    const odd = [
      { kind: 'DaemonSet' },
      { kind: 'DaemonSet', spec: { template: { spec: { containers: [null, { image: 3 }] } } } },
      { kind: 'Node', metadata: null },
      { kind: 'ConfigMap', metadata: { name: 'cilium-config' }, data: [] },
    ];
    expect(read(...odd).cnis).toEqual([]);
  });
});
