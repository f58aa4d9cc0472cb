/**
 * What settles each control of component configuration, by its rule: flags of components and fields of the kubelet's
 * file. Which file a certificate is depends on the node; what takes more than a setting says why.
 */
import { STRONG_SUITES } from '../../rules/index.ts';

/** A flag as it should be. `add` and `drop` are items of a list; `files` are places of which the first that is there holds. */
export type WantedFlag =
  | { readonly flag: string; readonly value: string }
  | { readonly flag: '--authorization-mode'; readonly add: string; readonly first?: true }
  | { readonly flag: '--authorization-mode'; readonly drop: string }
  | { readonly flag: string; readonly unset: true }
  | { readonly flag: string; readonly files: readonly string[] }
  /** URLs of which none is http; left alone where none is. */
  | { readonly flag: string; readonly https: true }
  | { readonly plugin: string; readonly on: boolean | 'by default' }
  /** On, as it is by default since that minor release. */
  | { readonly gate: string; readonly since: number };

/** A field of the kubelet's file, and the flag that would win over it. */
export interface WantedField {
  readonly field: string;
  readonly value: unknown;
  readonly flag?: string;
}

/**
 * Who may notice: `nobody` where nothing is refused afterwards; `anonymous` requests and those to `profiles` of the API
 * server stand in its log; `port` is one that is asked by clients that few logs show, and `closes` to them; `rights` are asked again of the rights
 * that are there; `behaviour` is what else a program does.
 */
export type Concerns = 'nobody' | 'anonymous' | 'profiles' | 'rights' | 'behaviour' | { readonly port: number; readonly closes?: true };

export interface Wanted {
  readonly flags?: readonly WantedFlag[];
  readonly field?: WantedField;
  /** A file that has to be there first. */
  readonly file?: 'audit-policy' | 'encryption' | 'authentication';
  /** A folder of the node that has to be there, and be seen in the pod of the component. */
  readonly folder?: string;
  readonly concerns: Concerns;
}

const PKI = '/etc/kubernetes/pki';
const AUDIT = '/var/log/kubernetes/audit';
const SUITES = [...STRONG_SUITES].filter((suite) => suite.startsWith('TLS_ECDHE') && !suite.endsWith('POLY1305'));

/** How etcd is asked, and where it listens. */
const BY_HTTPS: readonly WantedFlag[] = [
  { flag: '--etcd-servers', https: true },
  { flag: '--etcd-servers-overrides', https: true },
];
const TO_CLIENTS: readonly WantedFlag[] = [
  { flag: '--listen-client-urls', https: true },
  { flag: '--listen-client-http-urls', https: true },
];

export const WANTED: Readonly<Record<string, Wanted>> = {
  'admission-alwayspullimages': { flags: [{ plugin: 'AlwaysPullImages', on: true }], concerns: 'behaviour' },
  'admission-deny-service-external-ips': { flags: [{ plugin: 'DenyServiceExternalIPs', on: true }], concerns: 'behaviour' },
  'admission-namespacelifecycle': { flags: [{ plugin: 'NamespaceLifecycle', on: 'by default' }], concerns: 'behaviour' },
  'admission-no-alwaysadmit': { flags: [{ plugin: 'AlwaysAdmit', on: false }], concerns: 'behaviour' },
  'admission-noderestriction': { flags: [{ plugin: 'NodeRestriction', on: true }], concerns: 'behaviour' },
  'admission-serviceaccount': { flags: [{ plugin: 'ServiceAccount', on: 'by default' }], concerns: 'behaviour' },
  'apiserver-anonymous-auth': { flags: [{ flag: '--anonymous-auth', value: 'false' }], file: 'authentication', concerns: 'anonymous' },
  'apiserver-audit-log-path': { flags: [{ flag: '--audit-log-path', value: `${AUDIT}/audit.log` }], folder: AUDIT, concerns: 'nobody' },
  'apiserver-audit-maxage': { flags: [{ flag: '--audit-log-maxage', value: '30' }], concerns: 'nobody' },
  'apiserver-audit-maxbackup': { flags: [{ flag: '--audit-log-maxbackup', value: '10' }], concerns: 'nobody' },
  'apiserver-audit-maxsize': { flags: [{ flag: '--audit-log-maxsize', value: '100' }], concerns: 'nobody' },
  'audit-policy-present': { file: 'audit-policy', concerns: 'nobody' },
  'apiserver-authz-node': { flags: [{ flag: '--authorization-mode', add: 'Node', first: true }], concerns: 'nobody' },
  'apiserver-authz-not-alwaysallow': {
    flags: [
      { flag: '--authorization-mode', drop: 'AlwaysAllow' },
      { flag: '--authorization-mode', add: 'RBAC', first: true },
      { flag: '--authorization-mode', add: 'Node', first: true },
    ],
    concerns: 'rights',
  },
  'apiserver-authz-rbac': { flags: [{ flag: '--authorization-mode', add: 'RBAC' }], concerns: 'nobody' },
  'apiserver-basic-auth-file': { flags: [{ flag: '--basic-auth-file', unset: true }], concerns: 'behaviour' },
  'apiserver-ciphers': { flags: [{ flag: '--tls-cipher-suites', value: SUITES.join(',') }], concerns: { port: 6443 } },
  'apiserver-client-ca': { flags: [{ flag: '--client-ca-file', files: [`${PKI}/ca.crt`] }], concerns: 'behaviour' },
  'apiserver-encryption-config': { file: 'encryption', concerns: 'nobody' },
  'apiserver-etcd-ca': { flags: [{ flag: '--etcd-cafile', files: [`${PKI}/etcd/ca.crt`] }, ...BY_HTTPS], concerns: 'behaviour' },
  'apiserver-etcd-client-cert': {
    flags: [
      { flag: '--etcd-certfile', files: [`${PKI}/apiserver-etcd-client.crt`] },
      { flag: '--etcd-keyfile', files: [`${PKI}/apiserver-etcd-client.key`] },
      ...BY_HTTPS,
    ],
    concerns: 'behaviour',
  },
  'apiserver-insecure-bind-address': { flags: [{ flag: '--insecure-bind-address', unset: true }], concerns: { port: 8080, closes: true } },
  'apiserver-insecure-port': { flags: [{ flag: '--insecure-port', value: '0' }], concerns: { port: 8080, closes: true } },
  'apiserver-kubelet-ca': { flags: [{ flag: '--kubelet-certificate-authority', files: [`${PKI}/ca.crt`] }], concerns: 'behaviour' },
  'apiserver-kubelet-client-cert': {
    flags: [
      { flag: '--kubelet-client-certificate', files: [`${PKI}/apiserver-kubelet-client.crt`] },
      { flag: '--kubelet-client-key', files: [`${PKI}/apiserver-kubelet-client.key`] },
    ],
    concerns: 'behaviour',
  },
  'apiserver-kubelet-https': { flags: [{ flag: '--kubelet-https', unset: true }], concerns: 'behaviour' },
  'apiserver-profiling': { flags: [{ flag: '--profiling', value: 'false' }], concerns: 'profiles' },
  'apiserver-sa-extend-token': {
    flags: [{ flag: '--service-account-extend-token-expiration', value: 'false' }],
    concerns: 'behaviour',
  },
  'apiserver-sa-key-file': { flags: [{ flag: '--service-account-key-file', files: [`${PKI}/sa.pub`] }], concerns: 'behaviour' },
  'apiserver-sa-lookup': { flags: [{ flag: '--service-account-lookup', value: 'true' }], concerns: 'behaviour' },
  'apiserver-secure-port': { flags: [{ flag: '--secure-port', value: '6443' }], concerns: 'nobody' },
  'apiserver-serving-cert': {
    flags: [
      { flag: '--tls-cert-file', files: [`${PKI}/apiserver.crt`] },
      { flag: '--tls-private-key-file', files: [`${PKI}/apiserver.key`] },
    ],
    concerns: 'behaviour',
  },
  'apiserver-token-auth-file': { flags: [{ flag: '--token-auth-file', unset: true }], concerns: 'behaviour' },
  'ccm-bind-address': { flags: [{ flag: '--bind-address', value: '127.0.0.1' }], concerns: { port: 10_258, closes: true } },
  'ccm-profiling': { flags: [{ flag: '--profiling', value: 'false' }], concerns: { port: 10_258 } },
  'cm-bind-address': { flags: [{ flag: '--bind-address', value: '127.0.0.1' }], concerns: { port: 10_257, closes: true } },
  'cm-profiling': { flags: [{ flag: '--profiling', value: 'false' }], concerns: { port: 10_257 } },
  'cm-root-ca': { flags: [{ flag: '--root-ca-file', files: [`${PKI}/ca.crt`] }], concerns: 'behaviour' },
  'cm-rotate-kubelet-server-cert': {
    flags: [{ gate: 'RotateKubeletServerCertificate', since: 12 }],
    concerns: 'nobody',
  },
  'cm-sa-credentials': { flags: [{ flag: '--use-service-account-credentials', value: 'true' }], concerns: 'behaviour' },
  'cm-sa-private-key': { flags: [{ flag: '--service-account-private-key-file', files: [`${PKI}/sa.key`] }], concerns: 'behaviour' },
  'cm-terminated-pod-gc': { flags: [{ flag: '--terminated-pod-gc-threshold', value: '12500' }], concerns: 'nobody' },
  'etcd-auto-tls': { flags: [{ flag: '--auto-tls', value: 'false' }], concerns: { port: 2379 } },
  'etcd-client-cert-auth': {
    flags: [{ flag: '--client-cert-auth', value: 'true' }, { flag: '--trusted-ca-file', files: [`${PKI}/etcd/ca.crt`] }, ...TO_CLIENTS],
    concerns: { port: 2379 },
  },
  'etcd-peer-auto-tls': { flags: [{ flag: '--peer-auto-tls', value: 'false' }], concerns: { port: 2380 } },
  'etcd-peer-cert': {
    flags: [
      { flag: '--peer-cert-file', files: [`${PKI}/etcd/peer.crt`] },
      { flag: '--peer-key-file', files: [`${PKI}/etcd/peer.key`] },
      { flag: '--listen-peer-urls', https: true },
    ],
    concerns: { port: 2380 },
  },
  'etcd-peer-client-cert-auth': {
    flags: [
      { flag: '--peer-client-cert-auth', value: 'true' },
      { flag: '--peer-trusted-ca-file', files: [`${PKI}/etcd/ca.crt`] },
      { flag: '--listen-peer-urls', https: true },
    ],
    concerns: { port: 2380 },
  },
  'etcd-server-cert': {
    flags: [
      { flag: '--cert-file', files: [`${PKI}/etcd/server.crt`] },
      { flag: '--key-file', files: [`${PKI}/etcd/server.key`] },
      ...TO_CLIENTS,
    ],
    concerns: { port: 2379 },
  },
  'sched-bind-address': { flags: [{ flag: '--bind-address', value: '127.0.0.1' }], concerns: { port: 10_259, closes: true } },
  'sched-profiling': { flags: [{ flag: '--profiling', value: 'false' }], concerns: { port: 10_259 } },
  'kubelet-anonymous-auth': {
    field: { field: 'authentication.anonymous.enabled', value: false, flag: '--anonymous-auth' },
    concerns: { port: 10_250 },
  },
  'kubelet-authz-mode': {
    field: { field: 'authorization.mode', value: 'Webhook', flag: '--authorization-mode' },
    concerns: { port: 10_250 },
  },
  'kubelet-ciphers': { field: { field: 'tlsCipherSuites', value: SUITES, flag: '--tls-cipher-suites' }, concerns: { port: 10_250 } },
  'kubelet-client-ca': {
    field: { field: 'authentication.x509.clientCAFile', value: `${PKI}/ca.crt`, flag: '--client-ca-file' },
    concerns: { port: 10_250 },
  },
  'kubelet-hostname-override': { flags: [{ flag: '--hostname-override', unset: true }], concerns: 'behaviour' },
  'kubelet-iptables-util-chains': {
    field: { field: 'makeIPTablesUtilChains', value: true, flag: '--make-iptables-util-chains' },
    concerns: 'nobody',
  },
  'kubelet-pod-pids': { field: { field: 'podPidsLimit', value: 4096, flag: '--pod-max-pids' }, concerns: 'behaviour' },
  'kubelet-read-only-port': {
    field: { field: 'readOnlyPort', value: 0, flag: '--read-only-port' },
    concerns: { port: 10_255, closes: true },
  },
  'kubelet-rotate-certs': { field: { field: 'rotateCertificates', value: true, flag: '--rotate-certificates' }, concerns: 'nobody' },
  'kubelet-rotate-server-cert': {
    flags: [{ gate: 'RotateKubeletServerCertificate', since: 12 }],
    field: { field: 'featureGates.RotateKubeletServerCertificate', value: true },
    concerns: 'nobody',
  },
  'kubelet-seccomp-default': { field: { field: 'seccompDefault', value: true, flag: '--seccomp-default' }, concerns: 'behaviour' },
  'kubelet-serving-cert': {
    field: { field: 'serverTLSBootstrap', value: true, flag: '--rotate-server-certificates' },
    concerns: 'behaviour',
  },
  'kubelet-streaming-timeout': {
    field: { field: 'streamingConnectionIdleTimeout', value: '5m', flag: '--streaming-connection-idle-timeout' },
    concerns: 'behaviour',
  },
};

/** Rules about configuration that fail where no setting settles them, and why. */
export const BY_HAND: Readonly<Record<string, string>> = {
  'admission-eventratelimit': 'the limits have to be chosen',
  'admission-securitycontextdeny': 'Pod Security has to be set up in its place',
  'apiserver-encryption-provider': 'a provider is chosen and the key of the old one kept',
  'apiserver-request-timeout': 'a period is chosen by how long the slowest client takes',
  'audit-policy-coverage': 'what is recorded is written into the policy that is there',
  'audit-policy-hides-changes': 'what is recorded is written into the policy that is there',
  'audit-policy-hides-reads': 'what is recorded is written into the policy that is there',
  'audit-policy-invalid': 'what is recorded is written into the policy that is there',
  'audit-policy-no-catch-all': 'what is recorded is written into the policy that is there',
  'audit-policy-secret-contents': 'what is recorded is written into the policy that is there',
  'audit-policy-thin-changes': 'what is recorded is written into the policy that is there',
  'etcd-unique-ca': 'a CA has to be made and every certificate of etcd be signed by it',
  'kubelet-event-qps': 'a rate is chosen',
  'proxy-metrics-bind': 'the settings of kube-proxy stand in an object of the cluster',
};
