/**
 * Nodes as hardened as the guide of each distribution makes them, laid out as the distribution does: places by public
 * documentation and by the paths that scanners of nodes know (facts/node-paths.json).
 */
import type { Disk } from './disk.ts';

const CIPHERS = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';

/** A KubeletConfiguration without a fault, and what it says of certificates. */
function kubelet(ca: string, more = ''): string {
  return `kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: ${ca}}}
authorization: {mode: Webhook}
readOnlyPort: 0
rotateCertificates: true
serverTLSBootstrap: true
podPidsLimit: 4096
seccompDefault: true
eventRecordQPS: 50
tlsCipherSuites: [${CIPHERS}]
${more}`;
}

const KUBECONFIG = 'apiVersion: v1\nkind: Config\nusers: []\n';
const SERVER_ARGS = [
  'audit-policy-file=/var/lib/rancher/k3s/server/audit.yaml',
  'audit-log-path=/var/lib/rancher/k3s/server/logs/audit.log',
  'audit-log-maxage=30',
  'audit-log-maxbackup=10',
  'audit-log-maxsize=100',
  'enable-admission-plugins=NodeRestriction,EventRateLimit,AlwaysPullImages,DenyServiceExternalIPs',
  'admission-control-config-file=/var/lib/rancher/k3s/server/psa.yaml',
  'request-timeout=300s',
  'service-account-extend-token-expiration=false',
];
const AUDIT = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n';

/** Flags of a control plane without a fault. */
const API_SERVER = [
  '--anonymous-auth=false',
  '--authorization-mode=Node,RBAC',
  '--client-ca-file=/pki/ca.crt',
  '--enable-admission-plugins=NodeRestriction,AlwaysPullImages,DenyServiceExternalIPs,EventRateLimit',
  '--admission-control-config-file=/pki/admission.yaml',
  '--encryption-provider-config=/pki/encryption.yaml',
  '--etcd-cafile=/pki/etcd-ca.crt',
  '--etcd-certfile=/pki/etcd.crt',
  '--etcd-keyfile=/pki/etcd.key',
  '--etcd-servers=https://127.0.0.1:2379',
  '--kubelet-certificate-authority=/pki/ca.crt',
  '--kubelet-client-certificate=/pki/kubelet.crt',
  '--kubelet-client-key=/pki/kubelet.key',
  '--profiling=false',
  '--request-timeout=300s',
  '--audit-policy-file=/pki/audit.yaml',
  '--audit-log-path=/var/log/audit.log',
  '--audit-log-maxage=30',
  '--audit-log-maxbackup=10',
  '--audit-log-maxsize=100',
  '--service-account-key-file=/pki/sa.pub',
  '--service-account-extend-token-expiration=false',
  '--tls-cert-file=/pki/server.crt',
  '--tls-private-key-file=/pki/server.key',
  `--tls-cipher-suites=${CIPHERS}`,
];
const CONTROLLER_MANAGER = [
  '--bind-address=127.0.0.1',
  '--profiling=false',
  '--root-ca-file=/pki/ca.crt',
  '--service-account-private-key-file=/pki/sa.key',
  '--terminated-pod-gc-threshold=1000',
  '--use-service-account-credentials=true',
];
const SCHEDULER = ['--bind-address=127.0.0.1', '--profiling=false'];
const ETCD = [
  '--name=cp1',
  '--listen-client-urls=https://127.0.0.1:2379,https://10.0.0.2:2379',
  '--listen-peer-urls=https://10.0.0.2:2380',
  '--cert-file=/pki/etcd/server.crt',
  '--key-file=/pki/etcd/server.key',
  '--client-cert-auth=true',
  '--trusted-ca-file=/pki/etcd/ca.crt',
  '--peer-cert-file=/pki/etcd/peer.crt',
  '--peer-key-file=/pki/etcd/peer.key',
  '--peer-client-cert-auth=true',
  '--peer-trusted-ca-file=/pki/etcd/peer-ca.crt',
];

function pod(name: string, command: readonly string[]): string {
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'kube-system' }, spec: { containers: [{ name, command }] } };
  return JSON.stringify(object);
}

const ETCD_OF_K3S = `data-dir: /var/lib/rancher/k3s/server/db/etcd
name: cp1-1234
listen-client-urls: https://127.0.0.1:2379,https://10.0.0.2:2379
listen-peer-urls: https://127.0.0.1:2380,https://10.0.0.2:2380
client-transport-security: {cert-file: /t/server-client.crt, key-file: /t/server-client.key, client-cert-auth: true, trusted-ca-file: /t/server-ca.crt}
peer-transport-security: {cert-file: /t/peer.crt, key-file: /t/peer.key, client-cert-auth: true, trusted-ca-file: /t/peer-ca.crt}
`;

const K3S_FILES: Disk['files'] = {
  '/etc/systemd/system/k3s.service': "644 [Service]\nType=notify\nExecStart=/usr/local/bin/k3s \\\n    server \\\n\t'--cluster-init' \\\n",
  '/etc/rancher/k3s/config.yaml': `600 protect-kernel-defaults: true
secrets-encryption: true
kube-apiserver-arg:
${SERVER_ARGS.map((each) => `- ${each}`).join('\n')}
kube-controller-manager-arg: [terminated-pod-gc-threshold=10]
kubelet-arg:
- tls-cipher-suites=${CIPHERS}
- pod-max-pids=4096
- seccomp-default=true
- rotate-certificates=true
- rotate-server-certificates=true
- event-qps=50
`,
  '/etc/rancher/k3s/k3s.yaml': `600 ${KUBECONFIG}`,
  '/var/lib/rancher/k3s/server/audit.yaml': `600 ${AUDIT}`,
  '/var/lib/rancher/k3s/server/cred/admin.kubeconfig': `600 ${KUBECONFIG}`,
  '/var/lib/rancher/k3s/server/cred/controller.kubeconfig': `600 ${KUBECONFIG}`,
  '/var/lib/rancher/k3s/server/cred/scheduler.kubeconfig': `600 ${KUBECONFIG}`,
  '/var/lib/rancher/k3s/server/cred/encryption-config.json':
    '600 {"kind":"EncryptionConfiguration","apiVersion":"apiserver.config.k8s.io/v1","resources":[{"resources":["secrets"],"providers":[{"aescbc":{"keys":[{"name":"k","secret":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MTI="}]}},{"identity":{}}]}]}',
  '/var/lib/rancher/k3s/server/tls/server-ca.crt': '644',
  '/var/lib/rancher/k3s/server/tls/server-ca.key': '600',
  '/var/lib/rancher/k3s/agent/client-ca.crt': '644',
  '/var/lib/rancher/k3s/agent/kubelet.kubeconfig': `600 ${KUBECONFIG}`,
  '/var/lib/rancher/k3s/agent/kubeproxy.kubeconfig': `600 ${KUBECONFIG}`,
  '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf': `600 ${kubelet('/var/lib/rancher/k3s/agent/client-ca.crt', 'tlsCertFile: /var/lib/rancher/k3s/agent/serving-kubelet.crt\ntlsPrivateKeyFile: /var/lib/rancher/k3s/agent/serving-kubelet.key\n')}`,
  '/var/lib/rancher/k3s/agent/etc/cni/net.d/10-flannel.conflist': '600 {"name":"cbr0","cniVersion":"1.0.0","plugins":[]}',
};

export const DISKS = {
  'k3s with etcd': {
    files: {
      ...K3S_FILES,
      '/var/lib/rancher/k3s/server/db/etcd/config': `600 ${ETCD_OF_K3S}`,
      '/var/lib/rancher/k3s/server/db/etcd/': '700',
    },
    processes: [['/usr/local/bin/k3s server']],
  },
  'k3s with SQLite': {
    files: { ...K3S_FILES, '/etc/systemd/system/k3s.service': '644 [Service]\nExecStart=/usr/local/bin/k3s server\n' },
    processes: [['/usr/local/bin/k3s server']],
  },
  'an agent of k3s': {
    files: {
      '/etc/systemd/system/k3s-agent.service':
        '644 [Service]\nEnvironmentFile=-/etc/systemd/system/k3s-agent.service.env\nExecStart=/usr/local/bin/k3s agent\n',
      '/etc/systemd/system/k3s-agent.service.env': '600 K3S_URL=https://10.0.0.1:6443\n',
      '/var/lib/rancher/k3s/agent/client-ca.crt': '644',
      '/var/lib/rancher/k3s/agent/kubelet.kubeconfig': `600 ${KUBECONFIG}`,
      '/var/lib/rancher/k3s/agent/kubeproxy.kubeconfig': `600 ${KUBECONFIG}`,
      '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf': `600 ${kubelet('/var/lib/rancher/k3s/agent/client-ca.crt')}`,
    },
    processes: [['/usr/local/bin/k3s agent']],
  },
  RKE2: {
    files: {
      '/etc/rancher/rke2/config.yaml': '600 profile: cis\n',
      '/etc/rancher/rke2/rke2.yaml': `600 ${KUBECONFIG}`,
      '/var/lib/rancher/rke2/agent/pod-manifests/kube-apiserver.yaml': `600 ${pod('kube-apiserver', ['kube-apiserver', ...API_SERVER])}`,
      '/var/lib/rancher/rke2/agent/pod-manifests/kube-controller-manager.yaml': `600 ${pod('kube-controller-manager', ['kube-controller-manager', ...CONTROLLER_MANAGER, '--kubeconfig=/var/lib/rancher/rke2/server/cred/controller.kubeconfig'])}`,
      '/var/lib/rancher/rke2/agent/pod-manifests/kube-scheduler.yaml': `600 ${pod('kube-scheduler', ['kube-scheduler', ...SCHEDULER, '--kubeconfig=/var/lib/rancher/rke2/server/cred/scheduler.kubeconfig'])}`,
      '/var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml': `600 ${pod('etcd', ['etcd', '--config-file=/var/lib/rancher/rke2/server/db/etcd/config'])}`,
      '/var/lib/rancher/rke2/server/db/etcd/': '700',
      '/var/lib/rancher/rke2/server/cred/admin.kubeconfig': `600 ${KUBECONFIG}`,
      '/var/lib/rancher/rke2/server/cred/controller.kubeconfig': `600 ${KUBECONFIG}`,
      '/var/lib/rancher/rke2/server/cred/scheduler.kubeconfig': `600 ${KUBECONFIG}`,
      '/var/lib/rancher/rke2/server/tls/server-ca.crt': '644',
      '/var/lib/rancher/rke2/server/tls/server-ca.key': '600',
      '/var/lib/rancher/rke2/agent/client-ca.crt': '644',
      '/var/lib/rancher/rke2/agent/kubelet.kubeconfig': `600 ${KUBECONFIG}`,
      '/var/lib/rancher/rke2/agent/kubeproxy.kubeconfig': `600 ${KUBECONFIG}`,
      '/var/lib/rancher/rke2/agent/etc/kubelet.conf.d/00-rke2-defaults.conf': `600 ${kubelet('/var/lib/rancher/rke2/agent/client-ca.crt', 'staticPodPath: /var/lib/rancher/rke2/agent/pod-manifests\n')}`,
    },
    ofEtcd: ['/var/lib/rancher/rke2/server/db/etcd'],
    processes: [
      ['/usr/local/bin/rke2 server'],
      [
        'kubelet',
        '--config-dir=/var/lib/rancher/rke2/agent/etc/kubelet.conf.d',
        '--kubeconfig=/var/lib/rancher/rke2/agent/kubelet.kubeconfig',
      ],
      ['kube-apiserver', ...API_SERVER],
      ['kube-controller-manager', ...CONTROLLER_MANAGER, '--kubeconfig=/var/lib/rancher/rke2/server/cred/controller.kubeconfig'],
      ['kube-scheduler', ...SCHEDULER, '--kubeconfig=/var/lib/rancher/rke2/server/cred/scheduler.kubeconfig'],
      ['etcd', '--data-dir=/var/lib/rancher/rke2/server/db/etcd', ...ETCD],
      ['kube-proxy', '--kubeconfig=/var/lib/rancher/rke2/agent/kubeproxy.kubeconfig', '--metrics-bind-address=127.0.0.1:10249'],
    ],
  },
  EKS: {
    files: {
      '/etc/eks/nodeadm/config.json': '600 {}',
      '/etc/systemd/system/kubelet.service': '600 [Service]\nExecStart=/usr/bin/kubelet $NODEADM_KUBELET_ARGS\n',
      '/etc/kubernetes/kubelet/config.json': `644 ${kubelet('/etc/kubernetes/pki/ca.crt')}`,
      '/etc/kubernetes/kubelet/config.json.d/40-nodeadm.conf':
        '644 {"apiVersion":"kubelet.config.k8s.io/v1beta1","kind":"KubeletConfiguration","podPidsLimit":2048}',
      '/etc/kubernetes/pki/ca.crt': '644',
      '/var/lib/kubelet/kubeconfig': `644 ${KUBECONFIG}`,
      '/etc/cni/net.d/10-aws.conflist': '600 {"name":"aws-cni","cniVersion":"1.0.0","plugins":[]}',
      '/var/lib/kube-proxy/kubeconfig': `600 ${KUBECONFIG}`,
    },
    processes: [
      [
        '/usr/bin/kubelet',
        '--config=/etc/kubernetes/kubelet/config.json',
        '--config-dir=/etc/kubernetes/kubelet/config.json.d',
        '--kubeconfig=/var/lib/kubelet/kubeconfig',
      ],
      ['kube-proxy', '--v=2', '--kubeconfig=/var/lib/kube-proxy/kubeconfig', '--metrics-bind-address=127.0.0.1:10249'],
    ],
  },
  AKS: {
    files: {
      '/etc/kubernetes/azure.json': '600 {}',
      '/etc/systemd/system/kubelet.service':
        '600 [Service]\nEnvironmentFile=/etc/default/kubelet\nExecStart=/usr/local/bin/kubelet $KUBELET_CONFIG\n',
      '/etc/default/kubelet': '600 KUBELET_CONFIG=--config=/etc/default/kubeletconfig.json\n',
      '/etc/default/kubeletconfig.json': `600 ${kubelet('/etc/kubernetes/certs/ca.crt')}`,
      '/etc/kubernetes/certs/ca.crt': '644',
      '/var/lib/kubelet/kubeconfig': `600 ${KUBECONFIG}`,
    },
    processes: [['/usr/local/bin/kubelet', '--config=/etc/default/kubeletconfig.json', '--kubeconfig=/var/lib/kubelet/kubeconfig']],
  },
  GKE: {
    files: {
      '/home/kubernetes/kubelet-config.yaml': `644 ${kubelet('/etc/srv/kubernetes/pki/ca-certificates.crt')}`,
      '/etc/srv/kubernetes/pki/ca-certificates.crt': '644',
      '/var/lib/kubelet/kubeconfig': `644 ${KUBECONFIG}`,
      '/etc/systemd/system/kubelet.service': '600 [Service]\nExecStart=/home/kubernetes/bin/kubelet $KUBELET_OPTS\n',
    },
    processes: [
      ['/home/kubernetes/bin/kubelet', '--config=/home/kubernetes/kubelet-config.yaml', '--kubeconfig=/var/lib/kubelet/kubeconfig'],
    ],
  },
  OpenShift: {
    files: {
      '/etc/os-release': '644 ID=rhcos\nVERSION_ID=4.18\n',
      '/etc/systemd/system/kubelet.service':
        '600 [Service]\nExecStart=/usr/local/bin/kubenswrapper /usr/bin/kubelet --config=/etc/kubernetes/kubelet.conf\n',
      '/etc/kubernetes/kubelet.conf': `600 ${kubelet('/etc/kubernetes/kubelet-ca.crt', 'staticPodPath: /etc/kubernetes/manifests\n')}`,
      '/etc/kubernetes/kubelet-ca.crt': '644',
      '/var/lib/kubelet/kubeconfig': `644 ${KUBECONFIG}`,
      '/etc/kubernetes/manifests/kube-apiserver-pod.yaml': `600 ${pod('kube-apiserver', ['/bin/bash', '-ec', 'exec watch-termination --termination-touch-file=/var/log/.t -- hyperkube kube-apiserver --openshift-config=/etc/kubernetes/static-pod-resources/configmaps/config/config.yaml'])}`,
      '/etc/kubernetes/static-pod-resources/configmaps/config/config.yaml': `600 ${JSON.stringify({
        apiVersion: 'kubecontrolplane.config.openshift.io/v1',
        kind: 'KubeAPIServerConfig',
        apiServerArguments: Object.fromEntries(
          API_SERVER.map((flag) => [/^--([^=]+)/.exec(flag)?.[1], flag.replace(/^[^=]+=/, '').split(',')]),
        ),
      })}`,
      '/var/lib/etcd/': '700',
    },
    ofEtcd: ['/var/lib/etcd'],
    processes: [
      ['/usr/bin/kubelet', '--config=/etc/kubernetes/kubelet.conf', '--kubeconfig=/var/lib/kubelet/kubeconfig'],
      [
        'kube-apiserver',
        '--openshift-config=/etc/kubernetes/static-pod-resources/configmaps/config/config.yaml',
        '--advertise-address=10.0.0.2',
      ],
    ],
  },
  Talos: {
    files: {
      '/etc/os-release': '644 ID=talos\nVERSION_ID=v1.11.0\n',
      '/etc/kubernetes/kubelet.yaml': `600 ${kubelet('/etc/kubernetes/pki/ca.crt', 'staticPodURL: http://127.0.0.1:8181\n')}`,
      '/etc/kubernetes/kubeconfig-kubelet': `600 ${KUBECONFIG}`,
      '/etc/kubernetes/pki/ca.crt': '644',
      '/system/secrets/kubernetes/kube-scheduler/kubeconfig': `600 ${KUBECONFIG}`,
      '/system/secrets/kubernetes/kube-controller-manager/kubeconfig': `600 ${KUBECONFIG}`,
      '/system/secrets/kubernetes/kube-apiserver/ca.crt': '644',
      '/system/secrets/kubernetes/kube-apiserver/service-account.key': '600',
      '/var/lib/etcd/': '700',
    },
    ofEtcd: ['/var/lib/etcd'],
    processes: [
      ['/usr/local/bin/kubelet', '--config=/etc/kubernetes/kubelet.yaml', '--kubeconfig=/etc/kubernetes/kubeconfig-kubelet'],
      ['kube-apiserver', ...API_SERVER],
      ['kube-controller-manager', ...CONTROLLER_MANAGER, '--kubeconfig=/system/secrets/kubernetes/kube-controller-manager/kubeconfig'],
      ['kube-scheduler', ...SCHEDULER, '--kubeconfig=/system/secrets/kubernetes/kube-scheduler/kubeconfig'],
      ['etcd', '--data-dir=/var/lib/etcd', ...ETCD],
    ],
  },
  microk8s: {
    files: {
      '/var/snap/microk8s/current/args/kube-apiserver': `660 ${API_SERVER.filter((flag) => !flag.startsWith('--etcd'))
        .join('\n')
        .replaceAll(
          '/pki/',
          '${SNAP_DATA}/certs/',
        )}\n# a comment\n--etcd-servers=unix://\${SNAP_DATA}/var/kubernetes/backend/kine.sock:12379\n`,
      '/var/snap/microk8s/current/args/kube-controller-manager': `660 ${CONTROLLER_MANAGER.join('\n')}\n--kubeconfig=\${SNAP_DATA}/credentials/controller.config\n`,
      '/var/snap/microk8s/current/args/kube-scheduler': `660 ${SCHEDULER.join('\n')}\n--kubeconfig=\${SNAP_DATA}/credentials/scheduler.config\n`,
      '/var/snap/microk8s/current/args/kubelet': `660 --kubeconfig=\${SNAP_DATA}/credentials/kubelet.config
--anonymous-auth=false
--authentication-token-webhook=true
--authorization-mode=Webhook
--client-ca-file=\${SNAP_DATA}/certs/ca.crt
--read-only-port=0
--event-qps=50
--pod-max-pids=4096
--seccomp-default=true
--rotate-certificates=true
--rotate-server-certificates=true
--tls-cipher-suites=${CIPHERS}
`,
      '/var/snap/microk8s/current/credentials/client.config': `600 ${KUBECONFIG}`,
      '/var/snap/microk8s/current/credentials/controller.config': `600 ${KUBECONFIG}`,
      '/var/snap/microk8s/current/credentials/scheduler.config': `600 ${KUBECONFIG}`,
      '/var/snap/microk8s/current/credentials/kubelet.config': `600 ${KUBECONFIG}`,
      '/var/snap/microk8s/current/certs/ca.crt': '644',
      '/var/snap/microk8s/current/certs/ca.key': '600',
    },
    processes: [['/snap/microk8s/8000/kubelite', '--scheduler-args-file=/var/snap/microk8s/8000/args/kube-scheduler']],
  },
} as const satisfies Record<string, Disk>;
