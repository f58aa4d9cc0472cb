/** What tests of facts of nodes have in common. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCluster } from '../test-cluster.ts';
import { waitFor } from '../wait.ts';

export const STRONG = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';

export interface ControlFacts {
  processes: { name: string; argv: string[] }[];
}

/** Other clusters may run on the machine at the same time. */
export function ofControlPlane(facts: ControlFacts, dir: string): ControlFacts {
  const own = new Set(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd']);
  return { ...facts, processes: facts.processes.filter(({ name, argv }) => own.has(name) && argv.some((word) => word.includes(dir))) };
}

/** Starts the kubelet of the node anew, with other settings and other flags. */
export async function restartKubelet(cluster: TestCluster, settings: Record<string, unknown>, flags: readonly string[]): Promise<void> {
  const [machine] = cluster.machines;
  const file = join(cluster.dir, 'node1/kubelet/config.yaml');
  const before = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...before, ...settings }, undefined, 2));
  await cluster.programs.end('node1-kubelet');
  const places = ['--config=/var/lib/kubelet/config.yaml', '--kubeconfig=/etc/kubernetes/kubelet.conf', '--root-dir=/var/lib/kubelet'];
  const self = [`--node-ip=${machine?.address}`, ...flags];
  await cluster.programs.launch('node1-kubelet', [...(machine?.enter ?? []), join(cluster.bin, 'kubelet'), ...places, ...self]);
}

/** Until the first node's kubelet answers, whatever it says: whoever starts it anew may ask it only then. */
export async function kubeletListens(cluster: TestCluster): Promise<void> {
  const [machine] = cluster.machines;
  const target = { host: machine?.address, port: 10_250, path: '/healthz', rejectUnauthorized: false, timeout: 5000 };
  const script = `require('https').get(${JSON.stringify(target)}, () => process.exit(0)).on('timeout', () => process.exit(1)).on('error', () => process.exit(1))`;
  const ask = (): Promise<boolean> =>
    cluster.onNode('node1', [process.execPath, '-e', script]).then(
      () => true,
      () => false,
    );
  await waitFor('kubelet that answers', ask, { check: () => cluster.programs.check() });
}
