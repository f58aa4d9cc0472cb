/** The configurations of a node. JSON is YAML too, and where a program reads TOML there is no choice. */
import { join } from 'node:path';
import { PAUSE } from './images.ts';

export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

/** `bin` is the folder of the part `node`. */
export function containerdConfig(bin: string): string {
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
address = "${CONTAINERD_SOCKET}"
[plugins."io.containerd.cri.v1.images"]
snapshotter = "overlayfs"
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${PAUSE}"
[plugins."io.containerd.cri.v1.runtime"]
disable_apparmor = true
# A node inside of a container may not make its processes safer than itself.
restrict_oom_score_adj = true
[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["${join(bin, 'cni')}"]
conf_dir = "/etc/cni/net.d"
[plugins."io.containerd.cri.v1.runtime".containerd]
default_runtime_name = "runc"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = "${join(bin, 'runc')}"
SystemdCgroup = false
`;
}

export interface KubeletSettings {
  address: string;
  group: string;
  certificate: string;
  key: string;
}

export function kubeletConfig({ address, group, certificate, key }: KubeletSettings): unknown {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: '/etc/kubernetes/ca.crt' },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: certificate,
    tlsPrivateKeyFile: key,
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${group}`,
    failCgroupV1: false,
    failSwapOn: false,
    readOnlyPort: 0,
    resolvConf: '',
    staticPodPath: '/etc/kubernetes/manifests',
    // The machine's disk may well be fuller than a node's should be.
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
    syncFrequency: '10s',
    nodeStatusUpdateFrequency: '2s',
  };
}

/** Pods of a node hang on a bridge, with addresses of the range that the control plane gave to the node. */
export function networkConfig(range: string): unknown {
  const ipam = { type: 'host-local', ranges: [[{ subnet: range }]], routes: [{ dst: '0.0.0.0/0' }] };
  const bridge = { type: 'bridge', bridge: 'pods', isGateway: true, hairpinMode: true, ipam };
  return { cniVersion: '1.0.0', name: 'pods', plugins: [bridge, { type: 'portmap', capabilities: { portMappings: true } }] };
}

export function proxyConfig(node: string, kubeconfig: string): unknown {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clusterCIDR: '10.244.0.0/16',
    hostnameOverride: node,
    clientConnection: { kubeconfig },
    // The table of connections is the kernel's, not the node's.
    conntrack: { maxPerCore: 0, min: 0 },
  };
}
