/** A node as kubeadm and kind 1.21 set it up, from their public defaults: what kube-bench's own tests run on. */
import { type FileFact, type NodeFacts, NODE_FACTS_SCHEMA } from '../../src/snapshot/index.ts';

const PKI = '/etc/kubernetes/pki';
const ADDRESS = '172.18.0.2';

const PROCESSES: readonly (readonly string[])[] = [
  [
    'kube-apiserver',
    `--advertise-address=${ADDRESS}`,
    '--allow-privileged=true',
    '--authorization-mode=Node,RBAC',
    `--client-ca-file=${PKI}/ca.crt`,
    '--enable-admission-plugins=NodeRestriction',
    '--enable-bootstrap-token-auth=true',
    `--etcd-cafile=${PKI}/etcd/ca.crt`,
    `--etcd-certfile=${PKI}/apiserver-etcd-client.crt`,
    `--etcd-keyfile=${PKI}/apiserver-etcd-client.key`,
    '--etcd-servers=https://127.0.0.1:2379',
    '--insecure-port=0',
    `--kubelet-client-certificate=${PKI}/apiserver-kubelet-client.crt`,
    `--kubelet-client-key=${PKI}/apiserver-kubelet-client.key`,
    '--secure-port=6443',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${PKI}/sa.pub`,
    `--service-account-signing-key-file=${PKI}/sa.key`,
    `--tls-cert-file=${PKI}/apiserver.crt`,
    `--tls-private-key-file=${PKI}/apiserver.key`,
  ],
  [
    'kube-controller-manager',
    '--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--bind-address=127.0.0.1',
    `--client-ca-file=${PKI}/ca.crt`,
    `--cluster-signing-cert-file=${PKI}/ca.crt`,
    `--cluster-signing-key-file=${PKI}/ca.key`,
    '--controllers=*,bootstrapsigner,tokencleaner',
    '--kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--port=0',
    `--root-ca-file=${PKI}/ca.crt`,
    `--service-account-private-key-file=${PKI}/sa.key`,
    '--use-service-account-credentials=true',
  ],
  [
    'kube-scheduler',
    '--authentication-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--authorization-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--bind-address=127.0.0.1',
    '--kubeconfig=/etc/kubernetes/scheduler.conf',
    '--leader-elect=true',
    '--port=0',
  ],
  [
    'etcd',
    `--advertise-client-urls=https://${ADDRESS}:2379`,
    `--cert-file=${PKI}/etcd/server.crt`,
    '--client-cert-auth=true',
    '--data-dir=/var/lib/etcd',
    `--key-file=${PKI}/etcd/server.key`,
    `--listen-client-urls=https://127.0.0.1:2379,https://${ADDRESS}:2379`,
    `--listen-peer-urls=https://${ADDRESS}:2380`,
    `--peer-cert-file=${PKI}/etcd/peer.crt`,
    '--peer-client-cert-auth=true',
    `--peer-key-file=${PKI}/etcd/peer.key`,
    `--peer-trusted-ca-file=${PKI}/etcd/ca.crt`,
    `--trusted-ca-file=${PKI}/etcd/ca.crt`,
  ],
  [
    '/usr/bin/kubelet',
    '--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
    '--kubeconfig=/etc/kubernetes/kubelet.conf',
    '--config=/var/lib/kubelet/config.yaml',
    '--container-runtime=remote',
    '--container-runtime-endpoint=unix:///run/containerd/containerd.sock',
    '--fail-swap-on=false',
    `--node-ip=${ADDRESS}`,
    '--cgroup-root=/kubelet',
  ],
  ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=kind-control-plane'],
];

const KUBELET = `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous: {enabled: false}
  webhook: {cacheTTL: 0s, enabled: true}
  x509: {clientCAFile: ${PKI}/ca.crt}
authorization:
  mode: Webhook
kind: KubeletConfiguration
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
streamingConnectionIdleTimeout: 0s
`;
const PROXY = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
clientConnection: {kubeconfig: /var/lib/kube-proxy/kubeconfig.conf}
kind: KubeProxyConfiguration
metricsBindAddress: ""
`;
const UNIT = '/etc/systemd/system/kubelet.service';
const DROP_IN = '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf';
const CERTIFICATES = [
  'ca',
  'apiserver',
  'apiserver-etcd-client',
  'apiserver-kubelet-client',
  'front-proxy-ca',
  'etcd/ca',
  'etcd/server',
  'etcd/peer',
];

export function stockKubeadm(): NodeFacts {
  return {
    schema: NODE_FACTS_SCHEMA,
    node: 'kind-control-plane',
    collectedAt: '2026-01-01T00:00:00Z',
    collectedBy: '0',
    running: true,
    distribution: 'kind',
    os: { id: 'ubuntu', version: '21.04', name: 'Ubuntu 21.04' },
    kernel: '',
    versions: { 'kube-apiserver': '1.21.1' },
    processes: PROCESSES.map((argv, index) => ({ pid: index + 1, name: (argv[0] ?? '').replace(/^.*\//, ''), argv: [...argv], uid: 0 })),
    units: [{ name: 'kubelet.service', path: UNIT, lines: [], dropIns: [{ path: DROP_IN, lines: [] }] }],
    files: files().toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    absent: [],
    certificates: [],
    sockets: [],
    sysctls: {},
    gaps: [],
  };
}

function files(): FileFact[] {
  const pods = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];
  return [
    ...pods.map((name) => file(`/etc/kubernetes/manifests/${name}.yaml`, '600')),
    ...['admin', 'scheduler', 'controller-manager', 'kubelet'].map((name) => file(`/etc/kubernetes/${name}.conf`, '600')),
    { ...file(PKI, '755'), type: 'directory' },
    { ...file(`${PKI}/etcd`, '755'), type: 'directory' },
    ...CERTIFICATES.flatMap((name) => [file(`${PKI}/${name}.crt`, '644'), file(`${PKI}/${name}.key`, '600')]),
    file(`${PKI}/sa.key`, '600'),
    { ...file('/var/lib/etcd', '700'), type: 'directory' },
    file(UNIT, '644'),
    file(DROP_IN, '644'),
    { ...file('/var/lib/kubelet/config.yaml', '644'), text: KUBELET },
    { ...file('/var/lib/kube-proxy/config.conf', '644'), pid: 6, text: PROXY },
    { ...file('/var/lib/kube-proxy/kubeconfig.conf', '644'), pid: 6 },
    file('/etc/cni/net.d/10-kindnet.conflist', '644'),
  ];
}

function file(path: string, mode: string): FileFact {
  return { path, type: 'file', mode, uid: 0, gid: 0, owner: 'root', group: 'root', size: 1, namedBy: 'known place' };
}
