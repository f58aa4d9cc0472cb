/** The command lines of a control plane: what kubeadm would start, on loopback and quick to answer. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClusterOptions } from './options.ts';
import type { Ports } from './ports.ts';

/** Where one cluster stands. */
export interface Place {
  folder: string;
  ports: Ports;
  /** Besides loopback, where there are real nodes to reach it. */
  address: string | undefined;
}

export const AUDIT_POLICY = fileURLToPath(new URL('audit-policy.yaml', import.meta.url));
const SERVICES = '10.96.0.0/16';

export function etcdArguments({ folder, ports }: Place, options: ClusterOptions): string[] {
  const [client, peer] = [`https://127.0.0.1:${ports.etcd}`, `https://127.0.0.1:${ports.peer}`];
  const pki = join(folder, 'pki');
  return [
    ...flags({
      name: 'test',
      'data-dir': join(folder, 'etcd'),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `test=${peer}`,
      'client-cert-auth': 'true',
      'trusted-ca-file': `${pki}/etcd-ca.crt`,
      'cert-file': `${pki}/etcd-server.crt`,
      'key-file': `${pki}/etcd-server.key`,
      'peer-client-cert-auth': 'true',
      'peer-trusted-ca-file': `${pki}/etcd-ca.crt`,
      'peer-cert-file': `${pki}/etcd-server.crt`,
      'peer-key-file': `${pki}/etcd-server.key`,
    }),
    // Nothing here outlives the machine, so nothing waits for the disk.
    '--unsafe-no-fsync',
    ...(options.extraEtcdArgs ?? []),
  ];
}

export function apiServerArguments(place: Place, options: ClusterOptions): string[] {
  const { folder, ports, address } = place;
  const pki = join(folder, 'pki');
  return [
    ...flags({
      'secure-port': ports.api,
      'bind-address': address === undefined ? '127.0.0.1' : '0.0.0.0',
      'etcd-servers': `https://127.0.0.1:${ports.etcd}`,
      'etcd-cafile': `${pki}/etcd-ca.crt`,
      'etcd-certfile': `${pki}/etcd-client.crt`,
      'etcd-keyfile': `${pki}/etcd-client.key`,
      'tls-cert-file': `${pki}/apiserver.crt`,
      'tls-private-key-file': `${pki}/apiserver.key`,
      'client-ca-file': `${pki}/ca.crt`,
      'kubelet-certificate-authority': `${pki}/ca.crt`,
      'kubelet-client-certificate': `${pki}/apiserver-kubelet-client.crt`,
      'kubelet-client-key': `${pki}/apiserver-kubelet-client.key`,
      'kubelet-preferred-address-types': 'InternalIP,Hostname',
      'requestheader-client-ca-file': `${pki}/front-proxy-ca.crt`,
      'requestheader-allowed-names': 'front-proxy-client',
      'requestheader-username-headers': 'X-Remote-User',
      'requestheader-group-headers': 'X-Remote-Group',
      'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
      'proxy-client-cert-file': `${pki}/front-proxy-client.crt`,
      'proxy-client-key-file': `${pki}/front-proxy-client.key`,
      'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
      'service-account-key-file': `${pki}/sa.pub`,
      'service-account-signing-key-file': `${pki}/sa.key`,
      'service-cluster-ip-range': SERVICES,
      'authorization-mode': 'Node,RBAC',
      'enable-admission-plugins': 'NodeRestriction',
      'enable-bootstrap-token-auth': 'true',
      'allow-privileged': 'true',
      profiling: 'false',
    }),
    ...addressArguments(address),
    ...encryptionArguments(folder, options),
    ...anonymousArguments(folder, options),
    ...auditArguments(folder, options),
    ...(options.runtimeConfig === undefined ? [] : [`--runtime-config=${pairs(options.runtimeConfig)}`]),
    ...gates(options),
    ...(options.extraApiServerArgs ?? []),
  ];
}

export function controllerArguments({ folder, ports }: Place, options: ClusterOptions): string[] {
  const pki = join(folder, 'pki');
  return [
    ...clientArguments(folder, 'kube-controller-manager', ports.controller),
    ...flags({
      'client-ca-file': `${pki}/ca.crt`,
      'requestheader-client-ca-file': `${pki}/front-proxy-ca.crt`,
      'root-ca-file': `${pki}/ca.crt`,
      'service-account-private-key-file': `${pki}/sa.key`,
      'use-service-account-credentials': 'true',
      'cluster-signing-cert-file': `${pki}/ca.crt`,
      'cluster-signing-key-file': `${pki}/ca.key`,
      controllers: '*,bootstrap-signer-controller,token-cleaner-controller',
      'allocate-node-cidrs': 'true',
      'cluster-cidr': '10.244.0.0/16',
      'service-cluster-ip-range': SERVICES,
    }),
    ...gates(options),
    ...(options.extraControllerArgs ?? []),
  ];
}

export function schedulerArguments({ folder, ports }: Place, options: ClusterOptions): string[] {
  return [...clientArguments(folder, 'kube-scheduler', ports.scheduler), ...gates(options), ...(options.extraSchedulerArgs ?? [])];
}

/** What the programs have in common that talk to the API server. */
function clientArguments(folder: string, name: string, port: number): string[] {
  const kubeconfig = join(folder, `${name}.kubeconfig`);
  return flags({
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    'secure-port': port,
    'tls-cert-file': join(folder, 'pki', `${name}.crt`),
    'tls-private-key-file': join(folder, 'pki', `${name}.key`),
    'leader-elect': 'false',
    // Tests make objects much faster than people do.
    'kube-api-qps': 500,
    'kube-api-burst': 1000,
    profiling: 'false',
  });
}

/**
 * The service named kubernetes may not point to loopback. Where pods run, further API servers are found by the address
 * of their pod; where none do, by a service of type ExternalName that says localhost.
 */
function addressArguments(address: string | undefined): string[] {
  if (address === undefined) return ['--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none'];
  return [`--advertise-address=${address}`, '--enable-aggregator-routing'];
}

function encryptionArguments(folder: string, { encryption = 'off' }: ClusterOptions): string[] {
  if (encryption === 'off') return [];
  if (typeof encryption === 'object') return [`--encryption-provider-config=${encryption.file}`];
  const keys = [{ name: 'key1', secret: randomBytes(32).toString('base64') }];
  const resources = [{ resources: ['secrets'], providers: [{ [encryption]: { keys } }, { identity: {} }] }];
  const configuration = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration', resources };
  return [`--encryption-provider-config=${writeConfiguration(folder, 'encryption', configuration)}`];
}

function anonymousArguments(folder: string, { anonymous = true }: ClusterOptions): string[] {
  if (anonymous !== 'health') return [`--anonymous-auth=${anonymous}`];
  const conditions = ['/livez', '/readyz', '/healthz'].map((path) => ({ path }));
  const configuration = {
    apiVersion: 'apiserver.config.k8s.io/v1beta1',
    kind: 'AuthenticationConfiguration',
    anonymous: { enabled: true, conditions },
  };
  return [`--authentication-config=${writeConfiguration(folder, 'authentication', configuration)}`];
}

/** The log is written before a request is answered, so a test may read it right after. */
function auditArguments(folder: string, { auditPolicy = AUDIT_POLICY }: ClusterOptions): string[] {
  if (auditPolicy === 'off') return [];
  return [`--audit-policy-file=${auditPolicy}`, `--audit-log-path=${join(folder, 'audit.log')}`, '--audit-log-mode=blocking'];
}

function gates({ features }: ClusterOptions): string[] {
  return features === undefined ? [] : [`--feature-gates=${pairs(features)}`];
}

function pairs(values: Record<string, boolean>): string {
  return Object.entries(values)
    .map(([name, on]) => `${name}=${on}`)
    .join(',');
}

function flags(values: Record<string, string | number>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/** JSON, which is YAML too. */
function writeConfiguration(folder: string, name: string, configuration: unknown): string {
  mkdirSync(join(folder, 'conf'), { recursive: true });
  const file = join(folder, 'conf', `${name}.yaml`);
  writeFileSync(file, JSON.stringify(configuration, undefined, 2), { mode: 0o600 });
  return file;
}
