/** The command lines of what stands around the API server: what kubeadm would start, on loopback and quick to answer. */
import { join } from 'node:path';
import { flags, gates, type Place, SERVICES } from './arguments.ts';
import type { ClusterOptions } from './options.ts';

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
