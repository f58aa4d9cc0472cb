/** What k3s sets for its components by itself, as far as rules look at it (pkg/daemons/control and pkg/daemons/agent). */
import type { ComponentName } from '../command-line/index.ts';

export interface K3sPlaces {
  /** `--data-dir` */
  data: string;
  /** Where the kubelet's own settings lie, from k3s 1.32 on; before that they are flags. */
  dropIns?: string;
  /** Its own etcd, one outside of it, or a database behind a socket of the node. */
  store: 'etcd' | 'outside' | 'local';
  encrypts: boolean;
  protectsKernel: boolean;
}

const CIPHERS = [
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
].join(',');

const DEFAULTS: Readonly<Record<ComponentName, (places: K3sPlaces) => string[]>> = {
  'kube-apiserver': apiServer,
  'kube-controller-manager': controllerManager,
  'kube-scheduler': ({ data }) => [...kubeconfigs(data, 'scheduler'), '--bind-address=127.0.0.1', '--profiling=false'],
  kubelet,
  'kube-proxy': ({ data }) => [
    `--kubeconfig=${data}/agent/kubeproxy.kubeconfig`,
    '--healthz-bind-address=127.0.0.1',
    '--metrics-bind-address=127.0.0.1:10249',
  ],
  // Its settings are in a file that k3s writes.
  etcd: () => [],
  // That of k3s itself, which knows no cloud, is not put together.
  'cloud-controller-manager': () => [],
};

export function k3sDefaults(component: ComponentName, places: K3sPlaces): string[] {
  return DEFAULTS[component](places);
}

function apiServer(places: K3sPlaces): string[] {
  const { data, encrypts } = places;
  const tls = `${data}/server/tls`;
  return [
    '--anonymous-auth=false',
    '--authorization-mode=Node,RBAC',
    '--bind-address=127.0.0.1',
    `--client-ca-file=${tls}/client-ca.crt`,
    '--enable-admission-plugins=NodeRestriction',
    ...etcdOf(places),
    ...(encrypts ? [`--encryption-provider-config=${data}/server/cred/encryption-config.json`] : []),
    `--kubelet-certificate-authority=${tls}/server-ca.crt`,
    `--kubelet-client-certificate=${tls}/client-kube-apiserver.crt`,
    `--kubelet-client-key=${tls}/client-kube-apiserver.key`,
    '--profiling=false',
    '--secure-port=6444',
    `--service-account-key-file=${tls}/service.key`,
    `--service-account-signing-key-file=${tls}/service.current.key`,
    `--tls-cert-file=${tls}/serving-kube-apiserver.crt`,
    `--tls-cipher-suites=${CIPHERS}`,
    '--tls-min-version=VersionTLS12',
    `--tls-private-key-file=${tls}/serving-kube-apiserver.key`,
  ];
}

function controllerManager({ data }: K3sPlaces): string[] {
  const tls = `${data}/server/tls`;
  return [
    ...kubeconfigs(data, 'controller'),
    '--bind-address=127.0.0.1',
    '--profiling=false',
    `--root-ca-file=${tls}/server-ca.crt`,
    `--service-account-private-key-file=${tls}/service.current.key`,
    '--use-service-account-credentials=true',
  ];
}

function kubelet(places: K3sPlaces): string[] {
  const { data, dropIns, protectsKernel } = places;
  return [
    `--kubeconfig=${data}/agent/kubelet.kubeconfig`,
    ...(dropIns === undefined ? kubeletFlags(places) : [`--config-dir=${dropIns}`]),
    ...(protectsKernel ? ['--protect-kernel-defaults=true'] : []),
  ];
}

function kubeconfigs(data: string, name: string): string[] {
  const flags = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];
  return flags.map((flag) => `--${flag}=${data}/server/cred/${name}.kubeconfig`);
}

function etcdOf({ store, data }: K3sPlaces): string[] {
  if (store === 'local') return ['--etcd-servers=unix://kine.sock'];
  if (store === 'outside') return [];
  const tls = `${data}/server/tls/etcd`;
  return [
    `--etcd-cafile=${tls}/server-ca.crt`,
    `--etcd-certfile=${tls}/client.crt`,
    `--etcd-keyfile=${tls}/client.key`,
    '--etcd-servers=https://127.0.0.1:2379',
  ];
}

function kubeletFlags({ data }: K3sPlaces): string[] {
  return [
    '--anonymous-auth=false',
    '--authentication-token-webhook=true',
    '--authorization-mode=Webhook',
    `--client-ca-file=${data}/agent/client-ca.crt`,
    '--read-only-port=0',
    `--tls-cert-file=${data}/agent/serving-kubelet.crt`,
    `--tls-private-key-file=${data}/agent/serving-kubelet.key`,
  ];
}
