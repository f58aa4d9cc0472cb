/** The command line of the API server, and the configurations that it names. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flags, gates, pairs, type Place, SERVICES } from './arguments.ts';
import type { ClusterOptions } from './options.ts';

const AUDIT_POLICY = fileURLToPath(new URL('audit-policy.yaml', import.meta.url));

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

/** JSON, which is YAML too. */
function writeConfiguration(folder: string, name: string, configuration: unknown): string {
  mkdirSync(join(folder, 'conf'), { recursive: true });
  const file = join(folder, 'conf', `${name}.yaml`);
  writeFileSync(file, JSON.stringify(configuration, undefined, 2), { mode: 0o600 });
  return file;
}
